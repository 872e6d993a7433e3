using System.Text.Json.Nodes;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.CoreDump;

namespace Holdfast.Tests.Cores;

/// <summary>Heaps read from the packed cores of the repository are what V8 and the programs said they were.</summary>
public sealed class PackedCoreTests
{
    [Theory]
    [InlineData("18")]
    [InlineData("20")]
    [InlineData("22")]
    [InlineData("24")]
    [InlineData("26")]
    public void Values_of_every_kind_are_what_the_snapshot_of_V8_has(string major)
    {
        JsonNode truth = PackedCores.Truth(major, "values");
        using HeapGraph graph = CoreReading.Read(PackedCores.Path(major, "values"));
        var comparison = new GraphComparison(PackedCores.Counts(major, "values"), GraphCounts.Of(graph));
        CoreBounds.AssertWithin(comparison, graph.Origin!, CoreCase.Of("values").ClassesIn(truth));
        Assert.StartsWith(graph.Origin!.V8Version, (string)truth["v8"]!, StringComparison.Ordinal);
        AssertExhibits(graph, truth["exhibits"]!.AsObject());
    }

    [Theory]
    [InlineData("workers")]
    [InlineData("workers, ingest worker")]
    [InlineData("workers, index worker")]
    [InlineData("workers, worker-3")]
    public void Every_thread_has_its_own_heap_and_nothing_of_the_others(string name)
    {
        CoreCase core = CoreCase.Of(name);
        using HeapGraph graph = CoreReading.Read(PackedCores.Path("26", "workers"), new CoreOptions { Thread = core.Thread });
        var comparison = new GraphComparison(PackedCores.Counts("26", core.Snapshot!), GraphCounts.Of(graph));
        CoreBounds.AssertWithin(comparison, graph.Origin!, core.ClassesIn(PackedCores.Truth("26", "workers")));
        Assert.Equal(core.Thread ?? "main", graph.Origin!.Thread);
        Assert.Equal(["main", "ingest worker", "index worker", "worker-3"], graph.Origin.Threads);
        string[] ofOthers = [.. CoreCase.All.Where(c => c.Core == "workers" && c != core)
            .SelectMany(c => c.ClassesIn(PackedCores.Truth("26", "workers")).Keys).Where(c => c != "Common")];
        Assert.True(ofOthers.Length >= 4);
        Assert.DoesNotContain(ofOthers, comparison.Ours.Classes.ContainsKey);
    }

    [Fact]
    public void A_thread_is_chosen_by_its_number_too_and_one_that_is_not_there_is_an_error_with_all_names()
    {
        using HeapGraph second = CoreReading.Read(PackedCores.Path("26", "workers"), new CoreOptions { Thread = "2" });
        Assert.Equal("ingest worker", second.Origin!.Thread);
        InputException e = Assert.Throws<InputException>(() => CoreReading.Read(PackedCores.Path("26", "workers"), new CoreOptions { Thread = "cleaner" }));
        Assert.Contains("no thread cleaner", e.Message, StringComparison.Ordinal);
        Assert.Contains("main, ingest worker, index worker, worker-3", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_thread_a_warning_says_that_there_are_more()
    {
        var warnings = new List<string>();
        using HeapGraph graph = CoreReading.Read(PackedCores.Path("26", "workers"), warnings: warnings);
        Assert.Contains(warnings, w => w.Contains("ingest worker, index worker, worker-3", StringComparison.Ordinal) && w.Contains("--thread", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("20", "gc.evacuating")]
    [InlineData("26", "gc.scavenging")]
    public void In_the_middle_of_a_collection_every_object_is_there_once(string major, string core)
    {
        var warnings = new List<string>();
        using HeapGraph graph = CoreReading.Read(PackedCores.Path(major, core), warnings: warnings);
        GraphCounts counts = GraphCounts.Of(graph);
        CoreBounds.AssertClasses(counts, CoreCase.Of(core).ClassesIn(PackedCores.Truth(major, "gc")));
        CoreBounds.AssertParsed(counts, graph.Origin!);
        Assert.Contains(warnings, w => w.Contains("during a garbage collection", StringComparison.Ordinal));
        AssertKeepers(graph);
    }

    [Fact]
    public void Garbage_is_counted_and_left_out_unless_it_is_asked_for()
    {
        string path = PackedCores.Path("20", "gc.evacuating");
        using HeapGraph reached = CoreReading.Read(path), all = CoreReading.Read(path, new CoreOptions { IncludeGarbage = true });
        GraphCounts without = GraphCounts.Of(reached), with = GraphCounts.Of(all);
        Assert.True(reached.Origin!.GarbageCount > 1000, $"{reached.Origin.GarbageCount} objects are garbage");
        Assert.Equal(reached.Origin, all.Origin! with { Threads = reached.Origin.Threads });
        Assert.Equal(reached.Origin.GarbageCount, with.Classes.Values.Sum() - without.Classes.Values.Sum());
        Assert.Equal(reached.Origin.GarbageBytes, with.Bytes - without.Bytes);
    }

    /// <summary>The Keepers are numbered, each once, in steps of three; each has a name with its number.</summary>
    private static void AssertKeepers(HeapGraph graph)
    {
        var names = new HashSet<string>();
        for (int i = 0; i < graph.NodeCount; i++)
        {
            Node node = graph[(NodeIndex)i];
            if (node.Type != NodeType.Object || !node.NameUtf8.SequenceEqual("Keeper"u8)) continue;
            NodeIndex name = NodeIndex.None;
            foreach (Edge edge in node.Edges)
            {
                if (edge.Type == EdgeType.Property && graph.EdgeNameIs(edge.Index, "name"u8)) name = edge.Target;
            }

            Assert.NotEqual(NodeIndex.None, name);
            Assert.True(names.Add(TextOf(graph, name)), $"two Keepers are called {TextOf(graph, name)}");
        }

        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => $"keeper {3 * i}").Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
    }

    /// <summary>A string's text, also of one that was put together from two.</summary>
    private static string TextOf(HeapGraph graph, NodeIndex text)
    {
        if (graph.NodeTypes[(int)text] != NodeType.ConsString) return graph[text].Name;
        string first = "", second = "";
        foreach (Edge edge in graph[text].Edges)
        {
            if (graph.EdgeNameIs(edge.Index, "first"u8)) first = TextOf(graph, edge.Target);
            if (graph.EdgeNameIs(edge.Index, "second"u8)) second = TextOf(graph, edge.Target);
        }

        return first + second;
    }

    /// <summary>Each value has the type, the name and the size of V8's node for it.</summary>
    private static void AssertExhibits(HeapGraph graph, JsonObject told)
    {
        Dictionary<string, NodeIndex?> values = ExhibitComparison.ValuesOf(graph);
        var differences = new List<string>();
        int compared = 0;
        foreach ((string label, JsonNode? told1) in told)
        {
            // A number that V8 shows no node for, and an object that V8 shows as the native one it belongs to, cannot be compared.
            if (told1!["node"] is not { } node || (string)node["type"]! is "number" or "native") continue;
            if (values.GetValueOrDefault(label) is not { } index)
            {
                differences.Add($"{label}: is missing");
                continue;
            }

            compared++;
            string expected = $"{node["type"]} {ExhibitComparison.Short((string)node["name"]!)} of {node["self_size"]} bytes";
            string actual = $"{graph.NodeTypeName(index)} {ExhibitComparison.Short(graph[index].Name)} of {graph[index].SelfSize} bytes";
            if (expected != actual) differences.Add($"{label}: V8 has {expected}, the core {actual}");
        }

        Assert.True(compared > 200, $"{compared} exhibits were compared");
        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n{string.Join('\n', differences.Take(20))}");
    }
}
