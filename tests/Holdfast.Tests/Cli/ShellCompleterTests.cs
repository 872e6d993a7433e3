using Holdfast.Analyses;
using Holdfast.Cli.Shell;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Reports;
using Holdfast.Sources;
using Holdfast.Sources.CoreDump;
using Holdfast.Tests.Cores;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Cli;

/// <summary>What a word of the shell could become, and what is known of answers.</summary>
public sealed class ShellCompleterTests : IDisposable
{
    private readonly Heap _heap;
    private readonly ShellNames _names;

    public ShellCompleterTests()
    {
        var builder = new HeapBuilder();
        NodeIndex session = builder.RootObject("Session"), map = builder.RootObject("SessionMap"), text = builder.Node(NodeType.String, "hello", 16);
        builder.Property(session, "userAgent", text).Property(session, "user", map);
        _heap = new Heap(builder.Build(), Work.Unwatched);
        _names = new ShellNames(() => _heap, () => null);
        _names.Remember(new Report([new TableBlock(null, ["object", "id"], [[Cell.Name("a"), Cell.NodeId(101)], [Cell.Name("b"), Cell.NodeId(103)]])]));
    }

    public void Dispose() => _heap.Dispose();

    [Theory]
    [InlineData("su", 0, "summary")]
    [InlineData("SU", 0, "summary")]
    [InlineData("summary; di", 9, "diff")]
    [InlineData("v8 findjs", 3, "findjsobjects findjsinstances")]
    [InlineData("::jsp", 0, "::jsprint")]
    [InlineData("help pat", 5, "paths")]
    [InlineData("paths --dep", 6, "--depth")]
    [InlineData("summary --format j", 17, "json")]
    [InlineData("paths Sess", 6, "Session SessionMap")]
    [InlineData("paths --limit 5 SessionM", 16, "SessionMap")]
    [InlineData("find edge:user", 5, "edge:user edge:userAgent")]
    [InlineData("find class:SessionM", 5, "class:SessionMap")]
    [InlineData("find cl", 5, "class:")]
    [InlineData("inspect @", 8, "@103 @101")]
    [InlineData("inspect $", 8, "$_ $1 $2 $in")]
    [InlineData("paths Nothing", 6, "")]
    [InlineData("nothing S", 8, "")]
    [InlineData("find x --sort r", 14, "retained")]
    public void Is_told_by_the_place(string line, int start, string values)
    {
        Completion completion = new ShellCompleter(_names).Complete(line, line.Length);
        Assert.Equal(values, string.Join(' ', completion.Values));
        if (values.Length > 0) Assert.Equal(start, completion.Start);
    }

    [Fact]
    public void A_core_has_its_names_before_a_graph_of_it_is_made()
    {
        using CoreSession core = SourceDetector.TryOpenCore(PackedCores.Path("24", "values"), () => Stream.Null, CoreOptions.Default, Work.Unwatched)!;
        var completer = new ShellCompleter(new ShellNames(() => null, () => core));
        string Values(string line) => string.Join(' ', completer.Complete(line, line.Length).Values);
        Assert.Equal("Ledger", Values("instances Ledg"));
        Assert.Equal("wheels", Values("refs --name whee"));
    }

    [Fact]
    public void Files_are_completed_where_a_file_is_meant()
    {
        using var folder = new TemporaryFolder();
        folder.Write("one.heapsnapshot", "{}"u8);
        Directory.CreateDirectory(folder.File("other"));
        Completion completion = new ShellCompleter(_names).Complete($"diff {folder.Path}/o", 7 + folder.Path.Length);
        Assert.Equal([folder.File("one.heapsnapshot"), folder.File("other") + "/"], completion.Values);
    }

    [Fact]
    public void Results_are_the_first_object_and_those_of_rows()
    {
        Assert.Equal("@101", _names.Result("_"));
        Assert.Equal("@103", _names.Result("2"));
        Assert.Contains("$1 to $2", Assert.Throws<InputException>(() => _names.Result("3")).Message, StringComparison.Ordinal);

        // An answer without objects leaves them.
        _names.Remember(new Report([new TextBlock(null, "nothing")]));
        Assert.Equal("@101", _names.Result("_"));

        _names.Remember(new Report(
        [
            new FactsBlock(null, [new("class", Cell.Name("Session")), new("id", Cell.NodeId(7)), new("dominator", Cell.Name("global @9"))]),
            new TreeBlock(null, ["id"], "path", [new TreeItem("a", [Cell.NodeId(11)], [new TreeItem("b", [Cell.NodeId(13)], [])]), new TreeItem("f at 0x7ffe12345678", [Cell.Empty], [])]),
        ]));
        Assert.Equal("@7", _names.Result("_"));
        Assert.Equal(["@11", "@13", "0x7ffe12345678"], _names.Last.Rows);
    }
}
