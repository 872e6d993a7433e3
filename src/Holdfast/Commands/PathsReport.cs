using Holdfast.Common;
using Holdfast.Reports;

namespace Holdfast.Commands;

/// <summary>The answer of <c>paths</c> for people.</summary>
internal static class PathsReport
{
    public static Report Build(PathsRecord record, bool all)
    {
        var blocks = new List<ReportBlock> { new FactsBlock(null, Facts(record, all)) };
        if (record.Tree.Count > 0)
        {
            LeftOut? left = record.LeftOut is { } o
                ? Leftovers.Of(o.Branches, $"branches below the root ({o.Count:N0} objects)", o.ShallowSize)
                : null;
            blocks.Add(new TreeBlock("Retaining paths", ["objects", "shallow", "retained", "e.g."], "path", [.. record.Tree.Select(Item)], left));
        }

        foreach (PathSampleRecord sample in record.Samples) blocks.Add(SampleBlock(sample));
        return new Report(blocks);
    }

    private static List<Fact> Facts(PathsRecord record, bool all)
    {
        var facts = new List<Fact>
        {
            new("constructor", Cell.Name(record.Constructor)),
            new("instances", Cell.Count(record.Instances)),
            new("shallow size", Cell.Bytes(record.ShallowSize)),
            new("retained size", Cell.Bytes(record.RetainedSize)),
        };
        if (record.OnlyV8 > 0) facts.Add(new(all ? "held only by V8's own" : "held only by V8's own (--all)", Cell.Count(record.OnlyV8)));
        if (record.Unreached > 0) facts.Add(new("held weakly or not at all", Cell.Count(record.Unreached)));
        return facts;
    }

    /// <summary>Goes down by recursion: trees of paths are at most <c>RetainingPaths.MaxDepth</c> deep.</summary>
    private static TreeItem Item(PathBranchRecord branch)
    {
        var children = new List<TreeItem>(branch.Children.Count + 1);
        foreach (PathBranchRecord child in branch.Children) children.Add(Item(child));
        if (branch.LeftOut is { } left)
        {
            children.Add(new TreeItem(
                $"… {left.Branches:N0} more", [Cell.Count(left.Count), Cell.Bytes(left.ShallowSize), Cell.Empty, Cell.Empty], []));
        }

        Cell example = Cell.NodeId(branch.OwnId ?? branch.Id);
        return new TreeItem(Label(branch), [Cell.Count(branch.Count), Cell.Bytes(branch.ShallowSize), Cell.Bytes(branch.RetainedSize), example], children);
    }

    private static string Label(PathBranchRecord branch)
    {
        string names = branch.EdgeNames is { } count ? $" ({count:N0} names)" : "";
        string repeat = branch.Repeat > 1 ? $" (up to {branch.Repeat:N0} times)" : "";
        return Step(branch.EdgeType, branch.Edge, names, branch.Node, branch.Location) + repeat;
    }

    private static string Step(string edgeType, string edge, string names, string node, LocationRecord? location)
    {
        // The root's edges to the program's globals are numbered, which says nothing.
        bool isUnnamed = edgeType == "shortcut" && edge.AsSpan().IndexOfAnyExceptInRange('0', '9') < 0;
        string start = isUnnamed || (edgeType == "shortcut" && edge == "[]") ? "" : NodeText.Edge(edgeType, edge) + names + ": ";
        return start + node + (location is null ? "" : $" ({location.Show()})");
    }

    private static TableBlock SampleBlock(PathSampleRecord sample) =>
        new($"Path to {NodeIdText.Show(sample.Id)}", ["step", "id", "times"],
            [.. sample.Path.Select(s => (Cell[])[Cell.Name(Step(s.EdgeType, s.Edge, "", s.Node, s.Location)), Cell.NodeId(s.Id), s.Repeat > 1 ? Cell.Count(s.Repeat) : Cell.Empty])],
            Leftovers.Of(sample.StepsLeftOut, "steps next to the root", null, "--depth 0"));
}
