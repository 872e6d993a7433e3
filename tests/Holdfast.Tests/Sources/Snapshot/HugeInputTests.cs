using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.Snapshot;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.Snapshot;

/// <summary>Texts of more than 4 GiB, made while they are read; and small files that ask for a lot.</summary>
[Trait("speed", "slow")]
public sealed class HugeInputTests
{
    private const long FourGiB = 1L << 32;

    [Fact]
    public void Sections_that_begin_past_4_GiB_are_read_and_damage_there_is_reported_at_its_place()
    {
        // What comes first is a section nobody knows, of one long string.
        string small = SnapshotText.Small().ToString();
        GeneratedStream Text(string sections) => new GeneratedStream().Add("{\"unknown\":\"").AddRepeated("0123456789abcdef", FourGiB / 16 + 1000).Add("\"," + sections);

        using (GeneratedStream text = Text(small[1..]))
        {
            Assert.True(text.TotalLength > FourGiB);
            using HeapGraph graph = Read(text, 2);
            Assert.Equal(3, graph.NodeCount);
            Assert.Equal("foo", graph.EdgeName((EdgeIndex)2));
        }

        string damaged = small[1..].Replace("9,0,1,0,2,0,3", "9,0,1,0,2,0,x", StringComparison.Ordinal);
        using GeneratedStream bad = Text(damaged);
        long place = bad.TotalLength - damaged.Length + damaged.IndexOf("x,1,3", StringComparison.Ordinal);
        InputException e = Assert.Throws<InputException>(() => Read(bad, 2));
        Assert.Contains($"at byte {place}: found 'x'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_section_of_numbers_of_more_than_4_GiB_is_read_and_damage_in_it_is_reported_at_its_place()
    {
        // Numbers far apart: 4 GiB of text, and few enough edges to keep.
        const int edges = 60_000;
        string row = new string(' ', 72_000) + "1,7,6,";
        string head = SnapshotText.Small().With("nodes", $"[9,0,1,0,{edges + 1},0,3,1,3,16,0,0]").With("locations", "[]").Without("edges").ToString();
        int strings = head.IndexOf("\"trace_function_infos\"", StringComparison.Ordinal);
        GeneratedStream Text(string last) => new GeneratedStream().Add(head[..strings] + "\"edges\":[").AddRepeated(row, edges).Add(last + "]," + head[strings..]);

        using (GeneratedStream text = Text("2,3,0"))
        {
            Assert.True(text.TotalLength > FourGiB);
            using HeapGraph graph = Read(text, 2);
            Assert.Equal(edges + 1, graph.EdgeCount);
            Assert.Equal(0, graph.EdgeTargets[..edges].IndexOfAnyExcept((NodeIndex)1) + 1);
            Assert.Equal("foo", graph.EdgeName((EdgeIndex)edges));
        }

        using GeneratedStream bad = Text("2,?,0");
        long place = bad.TotalLength - (head.Length - strings) - "?,0],".Length;
        InputException e = Assert.Throws<InputException>(() => Read(bad, 2));
        Assert.Contains($"at byte {place}: found '?'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_of_many_sections_that_ends_past_4_GiB_says_where_it_ends()
    {
        using GeneratedStream text = new GeneratedStream().Add("{\"unknown\":\"").AddRepeated("0123456789abcdef", FourGiB / 16 + 1000);
        InputException e = Assert.Throws<InputException>(() => Read(text, 1));
        Assert.Contains($"ends at byte {text.TotalLength}", e.Message, StringComparison.Ordinal);
    }

    private static HeapGraph Read(GeneratedStream text, int threads) =>
        SnapshotReader.Read(text, Snapshots.Name, text.TotalLength, new Work(threads: threads));
}
