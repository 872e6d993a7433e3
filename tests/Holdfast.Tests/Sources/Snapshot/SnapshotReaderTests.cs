using System.Text;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.Snapshot;

public sealed class SnapshotReaderTests
{
    private const string SixFields = "\"type\",\"name\",\"id\",\"self_size\",\"edge_count\",\"detachedness\"";
    private const string SevenFields = "\"type\",\"name\",\"id\",\"self_size\",\"edge_count\",\"trace_node_id\",\"detachedness\"";

    [Fact]
    public void Every_column_of_a_small_snapshot_is_read()
    {
        using HeapGraph graph = Snapshots.Read(SnapshotText.Small().ToString());

        AssertSmall(graph);
        Assert.Equal([1UL, 3UL, 5UL], [graph.Ids[0], graph.Ids[1], graph.Ids[2]]);
        Assert.Equal([0, 2, 3, 3], graph.FirstEdges.ToArray());
        Assert.Equal(EdgeType.Element, graph.EdgeTypes[0]);
        Assert.Equal("1", graph.EdgeName((EdgeIndex)0));
        Assert.Equal("bar", graph.EdgeName((EdgeIndex)1));
        Assert.True(graph.EdgeNameIs((EdgeIndex)2, "foo"u8));
        Assert.Equal(1, graph.Locations.Count);
        Assert.True(graph.TraceNodes.IsEmpty);
        Assert.True(graph.Detachedness.IsEmpty);
        Assert.Equal((NodeIndex)2, graph.FindById(5));
        Assert.Equal(NodeIndex.None, graph.FindById(4));
    }

    [Theory]
    [InlineData("18", SevenFields, SnapshotText.NodeTypes, "\n", "")]
    [InlineData("20", SevenFields, "[\"hidden\",\"array\",\"string\",\"object\",\"code\",\"closure\",\"regexp\",\"number\",\"native\",\"synthetic\",\"concatenated string\",\"sliced string\",\"symbol\",\"bigint\",\"object shape\",\"wasm object\"]", "\n", "")]
    [InlineData("22", SevenFields, SnapshotText.NodeTypes, "\n", "")]
    [InlineData("24", SixFields, SnapshotText.NodeTypes, "", ",\"extra_native_bytes\":4711")]
    [InlineData("26", SixFields, SnapshotText.NodeTypes, "", ",\"extra_native_bytes\":4711")]
    [InlineData("24 with allocation tracking", SevenFields, SnapshotText.NodeTypes, "", ",\"extra_native_bytes\":4711")]
    public void Every_version_of_Node_is_read(string version, string fields, string types, string newline, string counts)
    {
        bool seven = fields == SevenFields;
        string t = seven ? ",0" : "";
        string header = SnapshotText.Header(fields, "\"node_count\":3,\"edge_count\":3,\"trace_function_count\":0" + counts, types);

        // Node 24 has one name more in node_types than in node_fields.
        if (version == "24") header = header.Replace(",\"number\"],\"edge_fields\"", ",\"number\",\"number\"],\"edge_fields\"", StringComparison.Ordinal);
        int fieldCount = seven ? 7 : 6;
        string text = SnapshotText.Small().With("snapshot", header)
            .With("nodes", $"[9,0,1,0,2{t},0{newline},3,1,3,16,1{t},0{newline},2,2,5,24,0{t},0{newline}]")
            .With("edges", $"[1,1,{fieldCount}{newline},2,4,{fieldCount * 2}{newline},2,3,{fieldCount * 2}{newline}]")
            .With("locations", $"[{fieldCount},7,8,9{newline}]").Text(",\n");

        foreach (int threads in new[] { 1, 2, 4 })
        {
            using HeapGraph graph = Snapshots.Read(text, threads);
            AssertSmall(graph);
            Assert.Equal(counts.Length > 0 ? 4711 : 0, graph.ExtraNativeBytes);
            Assert.True(graph.Locations.TryGet((NodeIndex)1, out Location location));
            Assert.Equal(new Location(7, 8, 9), location);
        }
    }

    [Theory]
    [InlineData("edges", "nodes")]
    [InlineData("strings", "locations", "edges", "nodes", "snapshot")]
    [InlineData("nodes", "edges", "strings", "snapshot")]
    [InlineData("trace_tree", "samples", "trace_function_infos", "strings", "snapshot", "locations")]
    [InlineData("snapshot", "strings", "edges", "locations", "nodes")]
    public void Sections_may_come_in_any_order(params string[] order)
    {
        foreach (string separator in new[] { ",", " ,\r\n\t" })
        {
            using HeapGraph graph = Snapshots.Read(SnapshotText.Small().InOrder(order).Text(separator));
            AssertSmall(graph);
            Assert.True(graph.Locations.TryGet((NodeIndex)1, out _));
        }
    }

    [Fact]
    public void Sections_of_a_timeline_before_the_header_wait_for_it()
    {
        string text = File.ReadAllText(RepositoryFiles.Fixture("small-node20-timeline.json"));
        int nodes = text.IndexOf("\"nodes\":", StringComparison.Ordinal);
        string header = text[1..nodes].TrimEnd().TrimEnd(',');
        string shuffled = "{" + text[nodes..^1] + ",\n" + header + "}";

        using HeapGraph expected = Snapshots.Read(text);
        using HeapGraph graph = Snapshots.Read(shuffled, threads: 2);
        GraphAssert.Same(expected, graph);
    }

    [Fact]
    public void Fields_types_and_sections_that_are_not_known_are_passed_over()
    {
        string header = SnapshotText.Header(
            "\"age\",\"edge_count\",\"type\",\"colour\",\"self_size\",\"id\",\"name\"",
            nodeTypes: "\"number\",\"number\",[\"object\",\"gizmo\",\"string\",\"synthetic\"]",
            edgeFields: "\"weight\",\"to_node\",\"type\",\"name_or_index\"",
            edgeTypes: "\"number\",\"node\",[\"property\",\"thread\",\"element\"]");
        SnapshotText text = SnapshotText.Small().With("snapshot", header)
            .With("nodes", "[70,2,3,1,0,1,0,71,1,0,2,16,3,1,72,0,2,3,24,5,2]")
            .With("edges", "[5,7,2,1,5,14,1,4,5,14,0,3]")
            .With("locations", "[7,7,8,9]")
            .Appended("flavour", "{\"a\":[1,2.5e3,{\"b\":\"]}\\\"\"},null,true],\"c\":\"\"}")
            .Appended("number", "-12.5e+3").Appended("word", "null").Appended("nothing", "[]").Appended("text", "\"\\\"}\"");

        foreach (SnapshotText order in new[] { text, text.InOrder("flavour", "number", "word", "strings") })
        {
            using HeapGraph graph = Snapshots.Read(order.Text(" , "));
            Assert.Equal(3, graph.NodeCount);
            Assert.Equal("Foo", graph[(NodeIndex)1].Name);
            Assert.Equal(NodeType.Object, graph[(NodeIndex)1].Type);
            Assert.Equal(16, graph[(NodeIndex)1].SelfSize);
            Assert.Equal((NodeIndex)1, graph.EdgeTargets[0]);
            Assert.Equal("thread", graph.EdgeTypeName((EdgeIndex)1));
            Assert.Equal("bar", graph.EdgeName((EdgeIndex)1));
            Assert.Contains("gizmo", graph.NodeTypeNames);
        }
    }

    [Fact]
    public void Node_fields_need_not_be_six_or_seven()
    {
        foreach (int extra in new[] { 0, 1, 2, 3, 10, 11, 12, 40 })
        {
            string more = string.Concat(Enumerable.Range(0, extra).Select(i => $",\"x{i}\""));
            string pad = string.Concat(Enumerable.Repeat(",8", extra));
            int fields = 5 + extra;
            using HeapGraph graph = Snapshots.Read(SnapshotText.Small()
                .With("snapshot", SnapshotText.Header("\"type\",\"name\",\"id\",\"self_size\",\"edge_count\"" + more))
                .With("nodes", $"[9,0,1,0,2{pad},3,1,3,16,1{pad},2,2,5,24,0{pad}]")
                .With("edges", $"[1,1,{fields},2,4,{fields * 2},2,3,{fields * 2}]")
                .With("locations", $"[{fields},7,8,9]").ToString());
            AssertSmall(graph);
        }
    }

    [Fact]
    public void Escapes_and_surrogates_are_resolved()
    {
        string strings = """["","\"\\\/\b\f\n\r\t","\u0041\u00e9\u20AC\uD83D\uDE00é€😀","\ud83d","\udE00x","\ud83d\ud83d\ude00","\u0000"]""";
        using HeapGraph graph = Snapshots.Read(SnapshotText.Small().With("strings", strings).ToString());

        Assert.Equal("\"\\/\b\f\n\r\t", graph.Strings.Decode(1));
        Assert.Equal("Aé€😀é€😀", graph.Strings.Decode(2));
        Assert.Equal(10, graph.Strings.Utf16Length(2) + 1);
        Assert.True(graph.Strings.Utf8(3).SequenceEqual(new byte[] { 0xED, 0xA0, 0xBD }));
        Assert.True(graph.Strings.Utf8(4).SequenceEqual(new byte[] { 0xED, 0xB8, 0x80, (byte)'x' }));
        Assert.Equal(1, graph.Strings.Utf16Length(3));
        Assert.Equal(3, graph.Strings.Utf16Length(5));
        Assert.True(graph.Strings.Utf8(6).SequenceEqual("\0"u8));
    }

    [Fact]
    public void Different_lone_surrogates_stay_different_strings()
    {
        using HeapGraph graph = Snapshots.Read(SnapshotText.Small().With("strings", """["","\ud83d","\ud83e","foo","bar"]""").ToString());
        Assert.False(graph.Strings.Utf8(1).SequenceEqual(graph.Strings.Utf8(2)));
    }

    [Fact]
    public void Numbers_of_elements_may_be_over_2_to_the_31st()
    {
        using HeapGraph graph = Snapshots.Read(SnapshotText.Small().With("edges", "[1,4294967294,6,2,4,12,4,2147483648,12]").ToString());
        Assert.Equal("4294967294", graph.EdgeName((EdgeIndex)0));
        Assert.Equal("2147483648", graph.EdgeName((EdgeIndex)2));
    }

    [Fact]
    public void Ids_and_sizes_may_be_over_2_to_the_32nd()
    {
        using HeapGraph graph = Snapshots.Read(SnapshotText.Small()
            .With("nodes", "[9,0,1,0,2,0,3,1,4294967297,9007199254740991,1,0,2,2,9007199254740991,4294967296,0,0]").ToString());
        Assert.Equal([1UL, 4294967297UL, 9007199254740991UL], [graph.Ids[0], graph.Ids[1], graph.Ids[2]]);
        Assert.Equal([0L, 9007199254740991L, 4294967296L], graph.NodeTypes.ToArray().Select((_, i) => graph[(NodeIndex)i].SelfSize));
        Assert.Equal((NodeIndex)1, graph.FindById(4294967297));
        Assert.Equal((NodeIndex)2, graph.FindById(9007199254740991));
    }

    [Fact]
    public void A_timeline_that_declares_too_few_functions_has_them_all()
    {
        string header = SnapshotText.Header(SevenFields, "\"node_count\":3,\"edge_count\":3,\"trace_function_count\":1");
        using HeapGraph graph = Snapshots.Read(SnapshotText.Small().With("snapshot", header)
            .With("nodes", "[9,0,1,0,2,0,0,3,1,3,16,1,2,0,2,2,5,24,0,3,1]").With("edges", "[1,1,7,2,4,14,2,3,14]").With("locations", "[]")
            .With("trace_function_infos", "[0,1,0,0,0,0,10,3,2,7,11,12,20,4,2,7,21,22]")
            .With("trace_tree", "[1,0,0,0,[2,1,5,80,[3,2,1,24,[]],4,2,1,8,[]]]")
            .With("samples", "[1000,3,2000,5]").ToString());

        Assert.Equal(3, graph.Allocations.Functions.Count);
        Assert.Equal(new TraceFunction(20, 4, 2, 7, 21, 22), graph.Allocations.Functions[2]);
        Assert.Equal([(1U, -1), (2U, 0), (3U, 1), (4U, 0)], graph.Allocations.Nodes.Select(n => (n.Id, n.Parent)));
        Assert.Equal(new TraceNode(2, 1, 5, 80, 0), graph.Allocations.Nodes[1]);
        Assert.Equal([new TimelineSample(1000, 3), new TimelineSample(2000, 5)], graph.Allocations.Samples);
        Assert.Equal([0U, 2U, 3U], graph.TraceNodes.ToArray());
        Assert.Equal([0, 0, 1], graph.Detachedness.ToArray());
    }

    [Theory]
    [InlineData("\"node_count\":3,\"edge_count\":3", 0)]
    [InlineData("\"node_count\":1,\"edge_count\":1", 1)]
    [InlineData("\"node_count\":5000,\"edge_count\":7000", 1)]
    [InlineData("\"node_count\":0,\"edge_count\":0", 1)]
    [InlineData("", 0)]
    [InlineData("\"node_count\":1000000000000000,\"edge_count\":1000000000000000", 1)]
    [InlineData("\"node_count\":9223372036854775807,\"edge_count\":9223372036854775807,\"trace_function_count\":9223372036854775807", 1)]
    public void Counts_in_the_header_are_not_believed(string counts, int atLeastWarnings)
    {
        string text = SnapshotText.Small().With("snapshot", SnapshotText.Header(counts: counts)).ToString();
        foreach (int threads in new[] { 1, 2 })
        {
            var warnings = new List<string>();
            using HeapGraph known = Snapshots.Read(text, threads, warnings);
            AssertSmall(known);
            using HeapGraph unknown = Snapshots.ReadStream(new MemoryStream(Encoding.UTF8.GetBytes(text)), threads);
            AssertSmall(unknown);
            Assert.True(warnings.Count >= atLeastWarnings);
            Assert.All(warnings, w => Assert.Contains(Snapshots.Name, w, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Arrays_of_many_blocks_are_the_same_for_any_number_of_threads_and_any_size_of_reads(bool newlines)
    {
        const int nodes = 150_000;
        byte[] text = Encoding.UTF8.GetBytes(SnapshotText.Chain(nodes, newlines).ToString());
        Assert.True(text.Length > 4_000_000);
        using HeapGraph expected = Snapshots.Read(text);
        Assert.Equal(nodes, expected.NodeCount);
        Assert.Equal(nodes - 1, expected.EdgeCount);
        Assert.True(expected.Ids.IsWide);
        for (int i = 0; i < nodes; i++)
        {
            if (expected.Ids[i] != (ulong)i * 2 + 1 + (i % 97 == 0 ? 5_000_000_000UL : 0)) Assert.Fail($"id of node {i} is {expected.Ids[i]}");
            if (i > 0 && expected.EdgeTargets[i - 1] != (NodeIndex)i) Assert.Fail($"edge {i - 1} leads to {expected.EdgeTargets[i - 1]}");
        }

        foreach (int threads in new[] { 1, 2, 4 })
        {
            using HeapGraph graph = Snapshots.Read(text, threads);
            GraphAssert.Same(expected, graph);
            foreach (int most in new[] { 4099, 65536, 1 << 20 })
            {
                using HeapGraph dripped = Snapshots.ReadStream(new DripStream(text, most), threads);
                GraphAssert.Same(expected, dripped);
            }
        }
    }

    [Fact]
    public void Blocks_may_end_anywhere_in_a_number()
    {
        // White space before the numbers moves them over the end of the first block, byte by byte.
        string text = SnapshotText.Chain(14_000, newlines: false).ToString();
        using HeapGraph expected = Snapshots.Read(text);
        for (int shift = 0; shift < 70; shift++)
        {
            string shifted = text.Replace("\"nodes\":[", "\"nodes\":[" + new string(' ', shift), StringComparison.Ordinal);
            using HeapGraph graph = Snapshots.Read(shifted, threads: 2);
            GraphAssert.Same(expected, graph);
        }
    }

    [Fact]
    public void A_byte_at_a_time_is_enough()
    {
        byte[] text = File.ReadAllBytes(RepositoryFiles.Fixture("small-node20-timeline.json"));
        using HeapGraph expected = Snapshots.Read(text);
        using HeapGraph graph = Snapshots.ReadStream(new DripStream(text, 1), threads: 2);
        GraphAssert.Same(expected, graph);
    }

    [Fact]
    public void Strings_longer_than_the_buffer_are_read_whole()
    {
        string text = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"{i}\\n"));
        using HeapGraph graph = Snapshots.ReadStream(new DripStream(Encoding.UTF8.GetBytes(
            SnapshotText.Small().With("strings", $"[\"\",\"Foo\",\"hello\",\"foo\",\"bar\",\"{text}\"]").ToString()), 1000));
        AssertSmall(graph);
        Assert.Equal(text.Replace("\\n", "\n", StringComparison.Ordinal), graph.Strings.Decode(5));
    }

    [Fact]
    public void The_root_may_be_another_node_than_the_first()
    {
        using HeapGraph graph = Snapshots.Read(SnapshotText.Small().With("snapshot", SnapshotText.Header(counts: "\"root_index\":6")).ToString());
        Assert.Equal((NodeIndex)1, graph.Root);
    }

    [Fact]
    public void What_follows_the_snapshot_is_not_looked_at()
    {
        using HeapGraph graph = Snapshots.Read(SnapshotText.Small() + "\n \0 trailing");
        AssertSmall(graph);
    }

    private static void AssertSmall(HeapGraph graph)
    {
        Assert.Equal(3, graph.NodeCount);
        Assert.Equal(3, graph.EdgeCount);
        Assert.Equal([NodeType.Synthetic, NodeType.Object, NodeType.String], graph.NodeTypes.ToArray());
        Assert.Equal(["", "Foo", "hello"], Enumerable.Range(0, 3).Select(i => graph[(NodeIndex)i].Name));
        Assert.Equal([0L, 16L, 24L], Enumerable.Range(0, 3).Select(i => graph[(NodeIndex)i].SelfSize));
        Assert.Equal([(NodeIndex)1, (NodeIndex)2, (NodeIndex)2], graph.EdgeTargets.ToArray());
        Assert.Equal("foo", graph.EdgeName((EdgeIndex)2));
    }
}
