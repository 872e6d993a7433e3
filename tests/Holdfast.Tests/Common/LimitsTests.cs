using System.Reflection;
using System.Text;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Common;

/// <summary>Each named limit, gone past.</summary>
public sealed class LimitsTests
{
    [Fact]
    public void More_than_MaxNodes_nodes_are_refused()
    {
        using var nodes = new NodeTable();
        Assert.Contains(nameof(Limits.MaxNodes), Assert.Throws<InputException>(() => nodes.Resize(Limits.MaxNodes + 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_MaxEdges_edges_are_refused()
    {
        using var edges = new EdgeTable();
        Assert.Contains(nameof(Limits.MaxEdges), Assert.Throws<InputException>(() => edges.Resize(Limits.MaxEdges + 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_section_with_too_many_rows_is_an_error_that_names_the_file()
    {
        // A length that promises enough text for the rows the header counts; memory is not touched before rows come.
        string text = SnapshotText.Small().With("snapshot", SnapshotText.Header(counts: "\"node_count\":3000000000")).ToString();
        var work = new Work(threads: 1);
        InputException e = Assert.Throws<InputException>(() => Holdfast.Sources.Snapshot.SnapshotReader.Read(
            new MemoryStream(Encoding.UTF8.GetBytes(text)), Snapshots.Name, 1L << 40, work));
        Assert.Contains(nameof(Limits.MaxNodes), e.Message, StringComparison.Ordinal);
        Assert.Contains(Snapshots.Name, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_MaxStrings_strings_are_refused()
    {
        // Two thousand million strings are too much for a test: the builder is told that it has them.
        using var strings = new StringTableBuilder();
        var lengths = (Column<uint>)typeof(StringTableBuilder).GetField("_lengths", BindingFlags.NonPublic | BindingFlags.Instance)!.GetValue(strings)!;
        typeof(Column<uint>).GetProperty(nameof(Column<uint>.Length))!.SetValue(lengths, (int)Limits.MaxStrings);
        typeof(StringTableBuilder).GetProperty(nameof(StringTableBuilder.Count))!.SetValue(strings, (int)Limits.MaxStrings);

        Assert.Contains(nameof(Limits.MaxStrings), Assert.Throws<InputException>(() => strings.Append("x"u8)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_string_of_more_than_MaxStringBytes_is_refused()
    {
        using var strings = new StringTableBuilder();
        InputException e = Assert.Throws<InputException>(() => strings.Reserve(Limits.MaxStringBytes + 1));
        Assert.Contains(nameof(Limits.MaxStringBytes), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_of_more_than_MaxHeaderBytes_is_refused()
    {
        string text = SnapshotText.Small().With("snapshot", "{\"x\":\"" + new string('a', Limits.MaxHeaderBytes * 3) + "\"}").ToString();
        Assert.Contains(nameof(Limits.MaxHeaderBytes), Snapshots.Fails(text).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData('[', ']')]
    [InlineData('{', '}')]
    public void Values_nested_as_deep_as_MaxNesting_are_passed_over_and_deeper_ones_refused(char open, char close)
    {
        string Nested(int depth) => open == '['
            ? new string(open, depth) + new string(close, depth)
            : string.Concat(Enumerable.Repeat("{\"a\":", depth)) + "1" + new string(close, depth);

        Snapshots.Read(SnapshotText.Small().Appended("deep", Nested(Limits.MaxNesting)).ToString()).Dispose();
        InputException e = Snapshots.Fails(SnapshotText.Small().Appended("deep", Nested(Limits.MaxNesting + 1)).ToString());
        Assert.Contains(nameof(Limits.MaxNesting), e.Message, StringComparison.Ordinal);
        Snapshots.Fails(SnapshotText.Small().Appended("deep", new string(open, 5_000_000)).ToString());
    }

    [Fact]
    public void A_trace_tree_as_deep_as_MaxNesting_is_read_and_a_deeper_one_refused()
    {
        static string Tree(int depth) => "[" + string.Concat(Enumerable.Repeat("1,0,0,0,[", depth)) + new string(']', depth) + "]";

        using HeapGraph graph = Snapshots.Read(SnapshotText.Small().With("trace_tree", Tree(Limits.MaxNesting)).ToString());
        Assert.Equal(Limits.MaxNesting, graph.Allocations.Nodes.Count);
        Assert.Equal(Limits.MaxNesting - 2, graph.Allocations.Nodes[^1].Parent);
        InputException e = Snapshots.Fails(SnapshotText.Small().With("trace_tree", Tree(Limits.MaxNesting + 1)).ToString());
        Assert.Contains(nameof(Limits.MaxNesting), e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_nested_too_deep_is_refused()
    {
        string nested = string.Concat(Enumerable.Repeat("{\"meta\":", 200_000)) + "1" + new string('}', 200_000);
        InputException e = Snapshots.Fails(SnapshotText.Small().With("snapshot", nested).ToString());
        Assert.Contains("\"snapshot\"", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_section_name_of_more_than_MaxSectionNameBytes_is_refused()
    {
        Snapshots.Read(SnapshotText.Small().Appended(new string('n', Limits.MaxSectionNameBytes), "1").ToString()).Dispose();
        foreach (int length in new[] { Limits.MaxSectionNameBytes + 1, 1_000_000 })
        {
            InputException e = Snapshots.Fails(SnapshotText.Small().Appended(new string('n', length), "1").ToString());
            Assert.Contains(nameof(Limits.MaxSectionNameBytes), e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_number_of_more_than_MaxNumber_is_refused()
    {
        string text = SnapshotText.Small().With("nodes", $"[9,0,{Limits.MaxNumber + 1},0,2,0,3,1,3,16,1,0,2,2,5,24,0,0]").ToString();
        Assert.Contains(nameof(Limits.MaxNumber), Snapshots.Fails(text).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_MaxFields_fields_are_refused()
    {
        string fields = string.Join(",", Enumerable.Range(0, Limits.MaxFields + 1).Select(i => $"\"f{i}\""));
        string text = SnapshotText.Small().With("snapshot", SnapshotText.Header(fields)).ToString();
        Assert.Contains(nameof(Limits.MaxFields), Snapshots.Fails(text).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_beyond_MaxUnprovenRows_get_memory_only_as_they_come()
    {
        string text = SnapshotText.Small().With("snapshot", SnapshotText.Header(counts: $"\"node_count\":{Limits.MaxNodes},\"edge_count\":{Limits.MaxEdges}")).ToString();
        using HeapGraph graph = Snapshots.ReadStream(new MemoryStream(Encoding.UTF8.GetBytes(text)), threads: 2);
        Assert.Equal(3, graph.NodeCount);
    }

    [Fact]
    public void Every_limit_has_a_test_that_names_it()
    {
        string folder = Path.Combine(RepositoryFiles.Root, "tests", "Holdfast.Tests");
        string tests = string.Concat(Directory.EnumerateFiles(folder, "*Tests.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        foreach (FieldInfo limit in typeof(Limits).GetFields(BindingFlags.Public | BindingFlags.Static))
            Assert.Contains(limit.Name, tests, StringComparison.Ordinal);
    }
}
