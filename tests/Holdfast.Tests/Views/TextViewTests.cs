using Holdfast.Reports;
using Holdfast.Views;

namespace Holdfast.Tests.Views;

/// <summary>Text keeps to the terminal: aligned, one line a row, nothing that could drive the terminal.</summary>
public sealed class TextViewTests
{
    private const string LongName = "aVeryLongConstructorNameThatNeverEndsAndEndsAllTheSame";

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(200)]
    public void No_line_is_wider_than_the_terminal(int width)
    {
        foreach (string line in Show(Sample(), width)) Assert.True(line.Length <= width, $"{line.Length} columns in {width}: {line}");
    }

    [Fact]
    public void A_name_is_cut_in_the_middle_and_keeps_both_ends()
    {
        string row = Show(Sample(), 50)[1];
        Assert.StartsWith("aVery", row, StringComparison.Ordinal);
        Assert.Contains("…", row, StringComparison.Ordinal);
        Assert.Contains("Same ", row, StringComparison.Ordinal);
        Assert.EndsWith("1.00 MiB", row, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_are_flush_right_below_their_titles()
    {
        string[] lines = Show(Sample(), TextView.Unlimited);
        Assert.Single(lines.Take(3).Select(line => line.Length).Distinct());
    }

    [Fact]
    public void Control_characters_of_a_name_are_shown_and_not_sent()
    {
        var table = new TableBlock(null, ["name"], [[Cell.Name("a\u001b[2Jb\nc\u202Ed")]]);
        Assert.Equal(["name", @"a\u001b[2Jb\nc\u202ed"], Show(table, TextView.Unlimited));
    }

    [Fact]
    public void Wide_characters_take_two_columns()
    {
        var table = new TableBlock(null, ["name", "n"], [[Cell.Name("日本"), Cell.Count(1)], [Cell.Name("abcd"), Cell.Count(2)]]);
        Assert.Equal(["name  n", "日本  1", "abcd  2"], Show(table, TextView.Unlimited));
    }

    [Fact]
    public void What_a_limit_left_out_is_said()
    {
        var table = new TableBlock(null, ["n"], [[Cell.Count(1)]], new LeftOut(1234, "classes", 2048, "--limit 0"));
        Assert.Equal("… 1,234 more classes (2.00 KiB): --limit 0", Show(table, TextView.Unlimited)[^1]);
    }

    [Fact]
    public void A_tree_shows_who_is_below_whom()
    {
        var leaf = new TreeItem("leaf", [Cell.Count(1)], []);
        var tree = new TreeBlock(null, ["n"], "path", [new TreeItem("root", [Cell.Count(3)], [new TreeItem("a", [Cell.Count(2)], [leaf]), leaf])]);
        Assert.Equal(["n  path", "3  root", "2  ├─ a", "1  │  → leaf", "1  └─ leaf"], Show(tree, TextView.Unlimited));
    }

    [Fact]
    public void A_chain_stays_at_its_depth_however_long_it_is()
    {
        TreeItem chain = new("end", [Cell.Count(1)], []);
        for (int i = 0; i < 500; i++) chain = new TreeItem("step", [Cell.Count(1)], [chain]);
        string[] lines = Show(new TreeBlock(null, ["n"], "path", [chain]), 80);
        Assert.Equal(502, lines.Length);
        Assert.Equal("1  → end", lines[^1]);
    }

    [Fact]
    public void Colours_come_only_when_asked_for()
    {
        var block = new TextBlock("Title", "text");
        Assert.Equal(["Title", "text"], Show(block, 80));
        var output = new StringWriter { NewLine = "\n" };
        new TextView(output, 80, color: true).Write(new Report([block]));
        Assert.Equal("\u001b[1mTitle\u001b[0m\ntext\n", output.ToString());
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "0.98 KiB")]
    [InlineData(1024, "1.00 KiB")]
    [InlineData(10240, "10.0 KiB")]
    [InlineData(1023 * 1024, "1.00 MiB")]
    [InlineData(5L << 40, "5.00 TiB")]
    public void Bytes_have_three_figures_and_a_unit(long bytes, string text)
    {
        var table = new TableBlock(null, ["n"], [[Cell.Bytes(bytes)]]);
        Assert.Equal(text, Show(table, TextView.Unlimited)[^1]);
    }

    private static TableBlock Sample() => new(null, ["constructor", "count", "retained"],
    [
        [Cell.Name(LongName), Cell.Count(1_234_567), Cell.Bytes(1 << 20)],
        [Cell.Name("Map"), Cell.Count(1), Cell.Bytes(12)],
    ]);

    private static string[] Show(ReportBlock block, int width)
    {
        var output = new StringWriter { NewLine = "\n" };
        new TextView(output, width, color: false).Write(new Report([block]));
        return output.ToString().TrimEnd('\n').Split('\n');
    }
}
