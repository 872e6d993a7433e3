using System.Text;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.Snapshot;

/// <summary>Damaged input ends in an error that names the file and the place, or in a graph with a warning; never in anything else.</summary>
public sealed class BadInputTests
{
    [Fact]
    public void A_file_cut_at_any_byte_is_an_error_or_a_graph_with_a_warning()
    {
        byte[] text = Encoding.UTF8.GetBytes(SnapshotText.Small().Text(",\n"));
        for (int length = 0; length < text.Length; length++) AssertCut(text, length);
    }

    [Theory]
    [InlineData("small-node24.json", 5)]
    [InlineData("small-node20-timeline.json", 7)]
    public void A_real_file_cut_anywhere_is_an_error_or_a_graph_with_a_warning(string file, int step)
    {
        byte[] text = File.ReadAllBytes(RepositoryFiles.Fixture(file));
        for (int length = 0; length < text.Length; length += step) AssertCut(text, length);
    }

    [Fact]
    public void A_file_of_many_blocks_cut_anywhere_says_where_it_ends()
    {
        byte[] text = Encoding.UTF8.GetBytes(SnapshotText.Chain(60_000, newlines: true).ToString());
        int strings = Encoding.UTF8.GetString(text).IndexOf("\"strings\"", StringComparison.Ordinal);
        for (int length = 1000; length < strings; length += 97_777)
        {
            InputException e = Snapshots.Fails(text[..length], threads: 2);
            Assert.Contains($"ends at byte {length}", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_file_cut_in_its_strings_keeps_sizes_and_paths_and_says_how_many_names_are_missing()
    {
        string text = SnapshotText.Small().ToString();
        int cut = text.IndexOf("\"hello\"", StringComparison.Ordinal) + 3;
        var warnings = new List<string>();

        using HeapGraph graph = Snapshots.Read(text[..cut], 1, warnings);

        Assert.Equal(3, graph.NodeCount);
        Assert.Equal("Foo", graph[(NodeIndex)1].Name);
        Assert.Equal("???", graph[(NodeIndex)2].Name);
        Assert.Equal("???", graph.EdgeName((EdgeIndex)2));
        Assert.Contains("3 of 5 names are missing", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Contains(Snapshots.Name, warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_in_strings_that_came_before_the_nodes_is_an_error()
    {
        string text = SnapshotText.Small().InOrder("snapshot", "strings").ToString();
        InputException e = Snapshots.Fails(text[..text.IndexOf("hello", StringComparison.Ordinal)]);
        Assert.Contains("nodes", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData("  \n ", "empty")]
    [InlineData("{}", "\"snapshot\"")]
    [InlineData("{\"a\":1}", "no V8 heap snapshot")]
    [InlineData("{\"name\":\"x\",\"version\":\"1.0.0\",\"dependencies\":{\"a\":\"^1\"}}", "no V8 heap snapshot")]
    [InlineData("[1,2]", "'['")]
    [InlineData("null", "'n'")]
    [InlineData("{\"snapshot\":3}", "byte 12")]
    [InlineData("{\"snapshot\":{}}", "\"meta\"")]
    [InlineData("{\"snapshot\":[]}", "'['")]
    [InlineData("{\"snapshot\":{\"meta\":{}}}", "node_fields")]
    [InlineData("{\"snapshot\":{\"meta\":[]}}", "\"meta\"")]
    [InlineData("{\"snapshot\":{,}}", "valid JSON")]
    [InlineData("{\"head\":{\"callFrame\":{}},\"samples\":[1]}", "no V8 heap snapshot")]
    [InlineData("{\"nodes\":[1,2,3],\"edges\":[]}", "\"snapshot\"")]
    [InlineData("{\"nodes\":\"x\",\"edges\":7,\"snapshot\":{}}", "")]
    public void What_is_no_snapshot_is_said_to_be_none(string text, string expected) =>
        Assert.Contains(expected, Snapshots.Fails(text).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("nodes", "[9,0,1,0,2,0,3,1,3,16,1,0,2,9,5,24,0,0]", "node 2 is string 9")]
    [InlineData("nodes", "[9,0,1,0,2,0,3,1,3,16,1,0,2,4294967296,5,24,0,0]", "row 2")]
    [InlineData("nodes", "[9,0,1,0,2,0,3,1,3,16,1,0,99,2,5,24,0,0]", "node type 99")]
    [InlineData("nodes", "[9,0,1,0,2,0,3,1,3,16,2,0,2,2,5,24,0,0]", "4 edges")]
    [InlineData("nodes", "[9,0,1,0,2,0,3,1,3,16,2147483648,0,2,2,5,24,0,0]", "edge_count 2147483648")]
    [InlineData("nodes", "[9,0,1,0,2147483647,0,3,1,3,16,2147483647,0,2,2,5,24,0,0]", "4294967294 edges")]
    [InlineData("nodes", "[9,0,1,0,2,0,3,1,3,16,1,0,2,2,5,24,0]", "5 numbers")]
    [InlineData("nodes", "[9,0,1,0,2,0,3,1,3,16,1,0,2,2,5,24,0,0,7]", "1 numbers")]
    [InlineData("nodes", "[9,0,1,-5,2,0,3,1,3,16,1,0,2,2,5,24,0,0]", "'-'")]
    [InlineData("nodes", "[9,0,1,1.5,2,0,3,1,3,16,1,0,2,2,5,24,0,0]", "'.'")]
    [InlineData("nodes", "[9,0,1,1e3,2,0,3,1,3,16,1,0,2,2,5,24,0,0]", "'e'")]
    [InlineData("nodes", "[9,0,1,9007199254740992,2,0,3,1,3,16,1,0,2,2,5,24,0,0]", "2^53 - 1 (limit MaxNumber)")]
    [InlineData("nodes", "[9,0,1,999999999999999999999999999999999999999999999999999999,2,0,3,1,3,16,1,0,2,2,5,24,0,0]", "MaxNumber")]
    [InlineData("nodes", "[9,0,1,0,2,0,3,1,3,16,1,0,2,2,5,24,0,null]", "'n'")]
    [InlineData("nodes", "[9,0,1,0,2,0,3,1,3,16,1,0,2,2,5,24,0,\"0\"]", "'\"'")]
    [InlineData("nodes", "[[9,0,1,0,2,0],[3,1,3,16,1,0],[2,2,5,24,0,0]]", "'['")]
    [InlineData("nodes", "[9,0,1,0,2,0,,3,1,3,16,1,0,2,2,5,24,0]", "','")]
    [InlineData("nodes", "[9,0,1,0,2,0 3,1,3,16,1,0,2,2,5,24,0,0,7]", "'3'")]
    [InlineData("nodes", "[]", "no nodes")]
    [InlineData("nodes", "{}", "'{'")]
    [InlineData("nodes", "7", "'7'")]
    [InlineData("edges", "[1,1,6,2,4,12,2,3,18]", "edge 2 leads to node 3")]
    [InlineData("edges", "[1,1,6,2,4,12,2,3,13]", "to_node 13")]
    [InlineData("edges", "[1,1,6,2,4,12,2,3,9007199254740990]", "to_node 9007199254740990")]
    [InlineData("edges", "[1,1,6,2,9,12,2,3,12]", "edge 1 is string 9")]
    [InlineData("edges", "[1,4294967296,6,2,4,12,2,3,12]", "name_or_index 4294967296")]
    [InlineData("edges", "[1,1,6,7,4,12,2,3,12]", "edge type 7")]
    [InlineData("edges", "[1,1,6,2,4,12,2,3]", "2 numbers")]
    [InlineData("edges", "[1,1,6,2,4,12]", "2")]
    [InlineData("edges", "[]", "3 edges")]
    [InlineData("locations", "[18,7,8,9]", "location is of node 3")]
    [InlineData("locations", "[7,7,8,9]", "object_index 7")]
    [InlineData("locations", "[6,7,8]", "3 numbers")]
    [InlineData("locations", "[6,4294967296,8,9]", "4294967296")]
    [InlineData("strings", "[]", "0 strings")]
    [InlineData("strings", "[\"\",\"Foo\",\"hello\",\"foo\"]", "string 4")]
    [InlineData("strings", "[\"\",\"F\\xo\",\"hello\",\"foo\",\"bar\"]", "backslash")]
    [InlineData("strings", "[\"\",\"F\\u12G4\",\"hello\",\"foo\",\"bar\"]", "backslash")]
    [InlineData("strings", "[\"\",\"Foo\",7,\"foo\",\"bar\"]", "'7'")]
    [InlineData("strings", "[\"\",\"Foo\" \"hello\",\"foo\",\"bar\"]", "'\"'")]
    [InlineData("strings", "{}", "'{'")]
    [InlineData("trace_tree", "[1,0,0,0,[2,0,0,-1,[]]]", "trace_tree")]
    [InlineData("trace_tree", "[1,0,0,99999999999999999999,[]]", "trace_tree")]
    [InlineData("trace_tree", "[1,0,0,\"x\",[]]", "trace_tree")]
    [InlineData("trace_tree", "[1,2147483648,0,0,[]]", "function 2147483648")]
    [InlineData("trace_tree", "[4294967296,0,0,0,[]]", "id 4294967296")]
    [InlineData("trace_function_infos", "[1,0,0,4294967296,1,1]", "row 0 of \"trace_function_infos\"")]
    [InlineData("samples", "[1]", "samples")]
    [InlineData("trace_function_infos", "[1,2,3]", "trace_function_infos")]
    public void Damage_is_named_with_its_place(string section, string value, string expected)
    {
        SnapshotText text = SnapshotText.Small().With(section, value);
        foreach (int threads in new[] { 1, 2 })
        {
            Assert.Contains(expected, Snapshots.Fails(text.ToString(), threads).Message, StringComparison.Ordinal);
        }

        // The same where the section waits for the header.
        Snapshots.Fails(text.InOrder(section).ToString());
    }

    [Theory]
    [InlineData("\"node_fields\":[", "\"node_fields\":[3,")]
    [InlineData("\"node_fields\":[", "\"node_fields\":[\"\\ud800\",")]
    [InlineData("\"type\",\"name\",\"id\"", "\"type\",\"name\",\"identity\"")]
    [InlineData("\"name_or_index\"", "\"title\"")]
    [InlineData("\"to_node\"", "\"target\"")]
    [InlineData("\"edge_types\":[[", "\"edge_types\":[7,[")]
    [InlineData("\"node_types\":[[", "\"node_kinds\":[[")]
    [InlineData("\"node_count\":3", "\"node_count\":-3")]
    [InlineData("\"node_count\":3", "\"node_count\":3.5")]
    [InlineData("\"node_count\":3", "\"node_count\":\"3\"")]
    [InlineData("\"node_count\":3", "\"node_count\":99999999999999999999999")]
    [InlineData("\"node_count\":3", "\"root_index\":18")]
    [InlineData("\"node_count\":3", "\"root_index\":9223372036854775807")]
    [InlineData("\"sample_fields\":[", "\"sample_fields\":[{},")]
    [InlineData("\"meta\":", "\"\\ud800\":1,\"meta\":")]
    public void A_header_that_is_wrong_is_an_error_or_passed_over(string original, string damaged)
    {
        string header = SnapshotText.Header();
        Assert.Contains(original, header, StringComparison.Ordinal);
        string text = SnapshotText.Small().With("snapshot", header.Replace(original, damaged, StringComparison.Ordinal)).ToString();
        AssertGraphOrError(Encoding.UTF8.GetBytes(text));
        if (!damaged.Contains("\"meta\"", StringComparison.Ordinal)) Snapshots.Fails(text);
    }

    [Theory]
    [InlineData("nodes", "[9,0,1,0,0,0]")]
    [InlineData("edges", "[]")]
    [InlineData("strings", "[\"a\",\"b\",\"c\",\"d\",\"e\"]")]
    [InlineData("snapshot", "{\"meta\":{\"node_fields\":[\"id\"]}}")]
    public void A_section_that_comes_twice_is_an_error(string section, string value)
    {
        InputException e = Snapshots.Fails(SnapshotText.Small().Appended(section, value).ToString());
        Assert.Contains($"\"{section}\"", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_place_of_damage_is_right_in_every_block()
    {
        byte[] text = Encoding.UTF8.GetBytes(SnapshotText.Chain(60_000, newlines: false).ToString());
        int nodes = Encoding.UTF8.GetString(text).IndexOf("\"nodes\":[", StringComparison.Ordinal) + 9;
        for (int at = nodes + 10; at < nodes + 1_500_000; at += 123_457)
        {
            byte[] damaged = [.. text];
            damaged[at] = (byte)'x';
            foreach (int threads in new[] { 1, 2, 4 })
                Assert.Contains($"at byte {at}: found 'x'", Snapshots.Fails(damaged, threads).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_name_without_any_strings_is_an_error() => Snapshots.Fails(SnapshotText.Small().Without("strings").ToString());

    internal static void AssertGraphOrError(byte[] text, int threads = 1)
    {
        try
        {
            Snapshots.Read(text, threads).Dispose();
        }
        catch (InputException e)
        {
            Assert.Contains(Snapshots.Name, e.Message, StringComparison.Ordinal);
        }
    }

    private static void AssertCut(byte[] text, int length)
    {
        var warnings = new List<string>();
        try
        {
            using HeapGraph graph = Snapshots.Read(text[..length], 1, warnings);
            Assert.Contains(warnings, w => w.Contains("ends inside its strings", StringComparison.Ordinal));
        }
        catch (InputException e)
        {
            Assert.Contains(Snapshots.Name, e.Message, StringComparison.Ordinal);
        }
        catch (Exception e)
        {
            Assert.Fail($"cut after {length} bytes: {e}");
        }
    }
}
