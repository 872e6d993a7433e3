using System.Text.Json;
using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources;

namespace Holdfast.Tests.Golden;

/// <summary>Every figure of DevTools' class tables, nodes and statistics equals ours.</summary>
public sealed class DevToolsGoldenTests
{
    private const int NameLength = 80;

    /// <summary>
    /// Names that cannot be compared: in the larger set, a folder in a path was renamed after DevTools had written its
    /// tables. In these two concatenated strings it stands in pieces, which still spell the old name in the snapshot.
    /// </summary>
    private static readonly HashSet<(string Snapshot, ulong Id)> RenamedInTables = [("n18-T2", 80179), ("n24-T2", 50947)];

    [Theory]
    [MemberData(nameof(GoldenFiles.With), "classes.tsv", MemberType = typeof(GoldenFiles), DisableDiscoveryEnumeration = true)]
    public void The_class_table_is_that_of_DevTools(string origin, string name)
    {
        using Heap heap = Open(origin, name);
        Dictionary<string, ClassRow> rows = ClassTable.Run(heap, Work.Unwatched).ToDictionary(r => GoldenRow.Comparable(r.Key.ToString()));
        var differences = new Differences($"classes of {name}");
        foreach (GoldenRow expected in GoldenFiles.ReadRows(origin, name, "classes.tsv"))
        {
            string key = expected.Text("classKey");
            if (!rows.Remove(key, out ClassRow? actual))
            {
                differences.Add($"{key}: only DevTools has it");
                continue;
            }

            differences.Compare(key, "name", expected.Text("name"), GoldenRow.Comparable(actual.Key.Name));
            differences.Compare(key, "count", expected.Number("count"), actual.Count);
            differences.Compare(key, "distance", expected.Number("distance"), actual.Distance);
            differences.Compare(key, "shallow size", expected.Number("self"), actual.ShallowSize);
            differences.Compare(key, "retained size", expected.Number("maxRet"), actual.RetainedSize);
        }

        foreach (string key in rows.Keys) differences.Add($"{key}: only Holdfast has it");
        differences.AssertNone();
    }

    [Theory]
    [MemberData(nameof(GoldenFiles.With), "nodes.tsv", MemberType = typeof(GoldenFiles), DisableDiscoveryEnumeration = true)]
    public void Every_node_is_that_of_DevTools(string origin, string name)
    {
        using Heap heap = Open(origin, name);
        HeapGraph graph = heap.Graph;
        var differences = new Differences($"nodes of {name}");
        var left = new HashSet<ulong>();
        for (int i = 0; i < graph.NodeCount; i++) left.Add(graph.Ids[i]);
        var places = new Dictionary<ulong, NodeIndex>();
        for (int i = 0; i < graph.NodeCount; i++) places.Add(graph.Ids[i], (NodeIndex)i);
        foreach (GoldenRow expected in GoldenFiles.ReadRows(origin, name, "nodes.tsv"))
        {
            ulong id = (ulong)expected.Number("id");
            string row = $"@{id}";
            if (!left.Remove(id))
            {
                differences.Add($"{row}: only DevTools has it");
                continue;
            }

            NodeIndex node = places[id];
            differences.Compare(row, "type", expected.Plain("type"), graph.NodeTypeName(node));
            differences.Compare(row, "class", expected.Text("class"), GoldenRow.Comparable(heap.Classes[node].Name));
            if (!RenamedInTables.Contains((name, id)))
                differences.Compare(row, "name", expected.Text("name"), GoldenRow.Comparable(heap.Names[node], NameLength));
            differences.Compare(row, "distance", expected.Number("distance"), heap.Distances[node]);
            differences.Compare(row, "shallow size", expected.Number("self"), heap.Shallow[node]);
            differences.Compare(row, "retained size", expected.Number("retained"), heap.Retained[node]);
            differences.Compare(row, "dominator", (ulong)expected.Number("dominatorId"), graph.Ids[(int)heap.Dominators.Dominators[(int)node]]);
        }

        foreach (ulong id in left) differences.Add($"@{id}: only Holdfast has it");
        differences.AssertNone();
    }

    [Theory]
    [MemberData(nameof(GoldenFiles.With), "stats.json", MemberType = typeof(GoldenFiles), DisableDiscoveryEnumeration = true)]
    public void Statistics_are_those_of_DevTools(string origin, string name)
    {
        using Heap heap = Open(origin, name);
        using JsonDocument document = JsonDocument.Parse(GoldenFiles.Read(origin, name, "stats.json"));
        JsonElement expected = document.RootElement;
        HeapStatistics actual = HeapStatistics.Run(heap, Work.Unwatched);
        var differences = new Differences($"statistics of {name}");
        JsonElement native = expected.GetProperty("native"), v8 = expected.GetProperty("v8heap");
        differences.Compare(name, "nodeCount", expected.GetProperty("nodeCount").GetInt64(), heap.Graph.NodeCount);
        differences.Compare(name, "totalSize", expected.GetProperty("totalSize").GetInt64(), heap.TotalSize);
        differences.Compare(name, "total", expected.GetProperty("total").GetInt64(), actual.Total);
        differences.Compare(name, "native.total", native.GetProperty("total").GetInt64(), actual.Native);
        differences.Compare(name, "native.typedArrays", native.GetProperty("typedArrays").GetInt64(), actual.TypedArrays);
        differences.Compare(name, "v8heap.total", v8.GetProperty("total").GetInt64(), actual.Total - actual.Native);
        differences.Compare(name, "v8heap.code", v8.GetProperty("code").GetInt64(), actual.Code);
        differences.Compare(name, "v8heap.jsArrays", v8.GetProperty("jsArrays").GetInt64(), actual.JsArrays);
        differences.Compare(name, "v8heap.strings", v8.GetProperty("strings").GetInt64(), actual.Strings);
        differences.Compare(name, "v8heap.system", v8.GetProperty("system").GetInt64(), actual.System);
        CompareContexts(name, expected.GetProperty("nativeContexts"), NativeContextSizes.Run(heap, Work.Unwatched), differences);
        differences.AssertNone();
    }

    private static void CompareContexts(string name, JsonElement expected, NativeContextSizes actual, Differences differences)
    {
        differences.Compare(name, "sharedSize", expected.GetProperty("sharedSize").GetInt64(), actual.SharedSize);
        differences.Compare(name, "noAttributionSize", expected.GetProperty("noAttributionSize").GetInt64(), actual.UnattributedSize);
        JsonElement[] contexts = [.. expected.GetProperty("nativeContexts").EnumerateArray()];
        differences.Compare(name, "native contexts", contexts.Length, actual.Contexts.Count);
        foreach (JsonElement context in contexts)
        {
            ulong id = context.GetProperty("nodeId").GetUInt64();
            NativeContextRow? row = actual.Contexts.FirstOrDefault(c => c.Id == id);
            string what = $"native context @{id}";
            differences.Compare(what, "name", context.GetProperty("nodeName").GetString(), row?.Name);
            differences.Compare(what, "attributedSize", context.GetProperty("attributedSize").GetInt64(), row?.AttributedSize);
            differences.Compare(what, "retainedSize", context.GetProperty("retainedSize").GetInt64(), row?.RetainedSize);
            differences.Compare(what, "selfSize", context.GetProperty("selfSize").GetInt64(), row?.ShallowSize);
        }
    }

    private static Heap Open(string origin, string name) => new(
        SourceDetector.Load(GoldenFiles.Snapshot(origin, name), () => throw new InvalidOperationException("not standard input"), Work.Unwatched), Work.Unwatched);
}
