using System.Text;
using System.Text.Json;
using CsCheck;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.Snapshot;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.Snapshot;

public sealed class SnapshotWriterTests
{
    [Fact]
    public void What_is_written_reads_back_as_the_same_graph() => RandomGraph.Sample(
        graph =>
        {
            using HeapGraph _ = graph;
            byte[] text = Snapshots.Write(graph);
            using HeapGraph back = Snapshots.Read(text, threads: 2);
            GraphAssert.Same(graph, back);
            Assert.Equal(text, Snapshots.Write(back));
        },
        iter: 500);

    [Theory]
    [InlineData("small-node24.json")]
    [InlineData("small-node20-timeline.json")]
    public void A_real_snapshot_survives_reading_and_writing(string file)
    {
        using HeapGraph graph = Snapshots.Read(File.ReadAllBytes(RepositoryFiles.Fixture(file)));
        using HeapGraph back = Snapshots.Read(Snapshots.Write(graph));
        GraphAssert.Same(graph, back);
        Assert.True(graph.NodeCount >= 200);
    }

    [Fact]
    public void A_timeline_keeps_its_functions_its_tree_and_its_samples()
    {
        using HeapGraph graph = Snapshots.Read(File.ReadAllBytes(RepositoryFiles.Fixture("small-node20-timeline.json")));
        Assert.NotEmpty(graph.Allocations.Functions);
        Assert.NotEmpty(graph.Allocations.Nodes);
        Assert.NotEmpty(graph.Allocations.Samples);

        using JsonDocument json = JsonDocument.Parse(Snapshots.Write(graph));
        JsonElement root = json.RootElement;
        Assert.Equal(graph.Allocations.Functions.Count * 6, root.GetProperty("trace_function_infos").GetArrayLength());
        Assert.Equal(graph.Allocations.Samples.Count * 2, root.GetProperty("samples").GetArrayLength());
        Assert.Equal(graph.Allocations.Functions.Count, root.GetProperty("snapshot").GetProperty("trace_function_count").GetInt32());
        Assert.Equal(graph.Allocations.Nodes.Count, CountTree(root.GetProperty("trace_tree")));
    }

    [Fact]
    public void Sections_come_in_the_order_of_V8_and_the_fields_are_those_of_Node_24()
    {
        using HeapGraph graph = Snapshots.Read(SnapshotText.Small().ToString());
        using JsonDocument json = JsonDocument.Parse(Snapshots.Write(graph));

        Assert.Equal(["snapshot", "nodes", "edges", "trace_function_infos", "trace_tree", "samples", "locations", "strings"],
            json.RootElement.EnumerateObject().Select(p => p.Name));
        JsonElement meta = json.RootElement.GetProperty("snapshot").GetProperty("meta");
        Assert.Equal(["type", "name", "id", "self_size", "edge_count", "detachedness"],
            meta.GetProperty("node_fields").EnumerateArray().Select(f => f.GetString()));
        Assert.Equal(meta.GetProperty("node_fields").GetArrayLength(), meta.GetProperty("node_types").GetArrayLength());
        Assert.Equal(meta.GetProperty("edge_fields").GetArrayLength(), meta.GetProperty("edge_types").GetArrayLength());
        Assert.Equal(3, json.RootElement.GetProperty("snapshot").GetProperty("node_count").GetInt32());
        Assert.Equal(3, json.RootElement.GetProperty("snapshot").GetProperty("edge_count").GetInt32());
    }

    [Fact]
    public void Types_that_only_the_producer_has_keep_their_names()
    {
        string header = SnapshotText.Header(nodeTypes: """["synthetic","gizmo","object"]""", edgeTypes: """["property","thread","element"]""");
        using HeapGraph graph = Snapshots.Read(SnapshotText.Small().With("snapshot", header)
            .With("nodes", "[0,0,1,0,2,0,1,1,3,16,1,0,2,2,5,24,0,0]").With("edges", "[2,1,6,1,4,12,0,3,12]").ToString());
        using HeapGraph back = Snapshots.Read(Snapshots.Write(graph));

        GraphAssert.Same(graph, back);
        Assert.Equal("gizmo", back.NodeTypeName((NodeIndex)1));
        Assert.Equal("thread", back.EdgeTypeName((EdgeIndex)1));
    }

    [Fact]
    public void Strings_are_written_in_ASCII_with_JSON_escapes()
    {
        var builder = new HeapBuilder();
        builder.Parts.Strings.Append("a\"b\\c\b\f\n\r\t\u0001\u001f\u007fé€\U0001F600/"u8);
        builder.Parts.Strings.Append([0xED, 0xA0, 0xBD, (byte)'x', 0xED, 0xB8, 0x80]);
        builder.Parts.Strings.Append([(byte)'<', 0xFF, 0xC3, (byte)'>']);
        using HeapGraph graph = builder.Build();

        string text = Encoding.ASCII.GetString(Snapshots.Write(graph));

        Assert.Contains("\"a\\\"b\\\\c\\b\\f\\n\\r\\t\\u0001\\u001F\u007f\\u00E9\\u20AC\\uD83D\\uDE00/\"", text, StringComparison.Ordinal);
        Assert.Contains("\"\\uD83Dx\\uDE00\"", text, StringComparison.Ordinal);
        Assert.Contains("\"<\\uFFFD\\uFFFD>\"", text, StringComparison.Ordinal);
        using HeapGraph back = Snapshots.Read(text);
        Assert.True(back.Strings.Utf8(2).SequenceEqual(new byte[] { 0xED, 0xA0, 0xBD, (byte)'x', 0xED, 0xB8, 0x80 }));
    }

    [Fact]
    public void Strings_longer_than_any_buffer_are_written_whole()
    {
        var builder = new HeapBuilder();
        string text = string.Concat(Enumerable.Repeat("0123456789é\n", 100_000));
        builder.Parts.Strings.Append(Encoding.UTF8.GetBytes(text));
        using HeapGraph graph = builder.Build();
        using HeapGraph back = Snapshots.Read(Snapshots.Write(graph));
        Assert.Equal(text, back.Strings.Decode(1));
    }

    [Fact]
    public void A_trace_tree_of_any_depth_is_written_without_recursion()
    {
        const int depth = 90_000;
        var builder = new HeapBuilder();
        builder.Parts.Allocations = new AllocationTrace([], [.. Enumerable.Range(0, depth).Select(i => new TraceNode((uint)i + 1, 0, 1, 8, i - 1))], []);
        using HeapGraph graph = builder.Build();
        using HeapGraph back = Snapshots.Read(Snapshots.Write(graph));
        Assert.Equal(graph.Allocations.Nodes, back.Allocations.Nodes);
    }

    [Fact]
    public void Trace_nodes_in_any_order_are_written_below_their_parents()
    {
        var builder = new HeapBuilder();
        TraceNode[] nodes = [new(1, 0, 1, 1, 2), new(2, 0, 2, 2, -1), new(3, 0, 3, 3, -1), new(4, 0, 4, 4, 0), new(5, 0, 5, 5, 2)];
        builder.Parts.Allocations = new AllocationTrace([], nodes, []);
        using HeapGraph graph = builder.Build();
        using HeapGraph back = Snapshots.Read(Snapshots.Write(graph));
        Assert.Equal([(2, -1), (3, -1), (1, 1), (4, 2), (5, 1)], back.Allocations.Nodes.Select(n => ((int)n.Id, n.Parent)));
    }

    [Fact]
    public void A_file_is_written_whole_under_its_name_for_its_owner_only()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("out.heapsnapshot", "older"u8);
        using HeapGraph graph = Snapshots.Read(SnapshotText.Small().ToString());

        SnapshotWriter.Write(graph, path, Work.Unwatched);

        using HeapGraph back = Snapshots.Read(File.ReadAllBytes(path));
        GraphAssert.Same(graph, back);
        Assert.Equal([path], Directory.GetFiles(folder.Path));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Nothing_is_left_of_a_file_that_could_not_be_finished()
    {
        using var folder = new TemporaryFolder();
        using HeapGraph graph = Snapshots.Read(SnapshotText.Small().ToString());
        string older = folder.Write("older.heapsnapshot", "older"u8);

        Assert.Throws<OperationCanceledException>(() => SnapshotWriter.Write(graph, older, new Work(cancellation: new CancellationToken(true))));
        Assert.Equal("older", File.ReadAllText(older));
        InputException missing = Assert.Throws<InputException>(() => SnapshotWriter.Write(graph, folder.File("no/such/folder.heapsnapshot"), Work.Unwatched));
        Assert.Contains("folder.heapsnapshot", missing.Message, StringComparison.Ordinal);
        Directory.CreateDirectory(folder.File("directory"));
        Assert.Throws<InputException>(() => SnapshotWriter.Write(graph, folder.File("directory"), Work.Unwatched));

        Assert.Equal([older], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_stream_that_fails_is_the_callers_to_hear_of()
    {
        using HeapGraph graph = Snapshots.Read(SnapshotText.Small().ToString());
        using var full = new MemoryStream(new byte[100], writable: true);
        Assert.Throws<NotSupportedException>(() => SnapshotWriter.Write(graph, full, Work.Unwatched));
    }

    private static int CountTree(JsonElement rows)
    {
        int count = 0;
        for (int i = 4; i < rows.GetArrayLength(); i += 5) count += 1 + CountTree(rows[i]);
        return count;
    }

    private static Gen<HeapGraph> RandomGraph { get; } = Gen.Select(
        HeapShape.Any, Gen.ULong[0, Limits.MaxNumber].Array[14], Gen.Long[0, (long)Limits.MaxNumber].Array[14], Gen.Int[0, 63], Gen.String, Gen.Int[0, 13],
        (shape, ids, sizes, extras, text, root) =>
        {
            var builder = new HeapGraphBuilder();
            for (int i = 0; i < shape.Nodes.Length; i++)
                builder.AddNode(shape.Nodes[i].Type, shape.Nodes[i].Name, (extras & 1) != 0 ? ids[i] : (uint)ids[i], (extras & 2) != 0 ? sizes[i] : sizes[i] & 0xFFFF);
            foreach (EdgeShape edge in shape.Edges)
            {
                if (HeapGraph.IsNumbered(edge.Type)) builder.AddEdge((NodeIndex)edge.From, edge.Type, (uint)ids[edge.To], (NodeIndex)edge.To);
                else builder.AddEdge((NodeIndex)edge.From, edge.Type, edge.Name, (NodeIndex)edge.To);
            }

            builder.Strings.Append(Encoding.UTF8.GetBytes(text));
            builder.Strings.Append([0xED, 0xBF, 0xBF]);
            builder.Root = (NodeIndex)(root % shape.Nodes.Length);
            builder.ExtraNativeBytes = sizes[0];
            if ((extras & 4) != 0) builder.AddLocation((NodeIndex)(root % shape.Nodes.Length), new Location((uint)ids[0], (uint)ids[1], (uint)ids[2]));
            if ((extras & 8) != 0)
            {
                // The last node by index; the columns are as long as the nodes are when the graph is built.
                builder.Nodes.EnsureTraceNodes()[0] = (uint)ids[3] | 1;
                builder.Allocations = new AllocationTrace(
                    [new TraceFunction((uint)ids[4], 0, 1, (uint)ids[5], 7, 9)],
                    [new TraceNode(1, 0, 0, 0, -1), new TraceNode(2, 0, 3, 100, 0), new TraceNode(3, 0, 1, 8, 1), new TraceNode(4, 0, 1, 8, 0)],
                    [new TimelineSample(ids[6], ids[7]), new TimelineSample(ids[8], ids[9])]);
            }

            if ((extras & 16) != 0) builder.Nodes.EnsureDetachedness()[shape.Nodes.Length - 1] = 2;
            if ((extras & 32) != 0)
            {
                builder.NodeTypeNames.Add("gizmo \"é\"");
                builder.EdgeTypeNames.Add("thread");
            }

            return builder.Build();
        });
}
