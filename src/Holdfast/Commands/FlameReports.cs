using Holdfast.Analyses.Flame;
using Holdfast.Model;
using Holdfast.Reports;

namespace Holdfast.Commands;

/// <summary>Trees of stacks as records, reports and drawings.</summary>
internal static class FlameReports
{
    private const int MostLevels = 200;

    public static string KindName(FrameKind kind) => kind switch
    {
        FrameKind.JavaScript => "javascript",
        FrameKind.Collector => "gc",
        _ => kind.ToString().ToLowerInvariant(),
    };

    public static FlameFrameRecord Describe(FlameTree tree, FlameTopRow row)
    {
        FlameLabel facts = tree.LabelFacts[row.Label];
        return new FlameFrameRecord(tree.Labels.Decode(row.Label), KindName(facts.Kind), facts.File,
            facts.Line > 0 ? facts.Line : null, facts.Column > 0 ? facts.Column : null, row.Self, row.Total, row.Caused);
    }

    /// <summary>The tree without nodes below a share of the whole.</summary>
    public static List<FlameNodeRecord> Nodes(FlameTree tree, double leastShare)
    {
        var nodes = new List<FlameNodeRecord>();
        int[] places = new int[tree.Count];
        for (int i = 0; i < tree.Count; i++)
        {
            places[i] = -2;
            int parent = tree.Parents[i] < 0 ? -1 : places[tree.Parents[i]];
            if (parent == -2 || tree.Totals[i] < leastShare * tree.Total) continue;
            places[i] = nodes.Count;
            int label = tree.NodeLabels[i];
            nodes.Add(new FlameNodeRecord(parent, tree.Labels.Decode(label), KindName(tree.LabelFacts[label].Kind), tree.Self[i], tree.Totals[i]));
        }

        return nodes;
    }

    public static Report Build(FlameRecord record, bool isBytes, int limit)
    {
        Cell Weight(long weight) => isBytes ? Cell.Bytes(weight) : Cell.Count(weight);
        var facts = new List<Fact> { new(record.Event, Cell.Text($"{record.Unit}, {record.Samples:#,0} samples" + (record.Seconds is { } s ? $" in {s:0.#} s" : ""))), new("total", Weight(record.Total)) };
        facts.AddRange(record.Kinds.Select(k => new Fact("  " + k.Kind, Cell.Text($"{100.0 * k.Weight / Math.Max(1, record.Total):0.0} %"))));
        var blocks = new List<ReportBlock> { new FactsBlock(null, facts) };
        if (record.Code.Count > 0)
        {
            blocks.Add(new TableBlock("The program's functions, with what they called in Node and V8", ["caused", "share", "with callees", "function"],
                [.. record.Code.Take(limit).Select(f => (Cell[])[Weight(f.Caused), Cell.Share(f.Caused, record.Total), Weight(f.Total), Cell.Name(f.Name)])]));
        }

        blocks.Add(new TableBlock("Innermost frames", ["self", "share", "total", "kind", "frame"],
            [.. record.Top.Take(limit).Select(f => (Cell[])[Weight(f.Self), Cell.Share(f.Self, record.Total), Weight(f.Total), Cell.Text(f.Kind), Cell.Name(f.Name)])]));
        List<TreeItem> roots = BuildTree(record, Weight, out int left);
        blocks.Add(new TreeBlock("Stacks", ["total", "share"], "function", roots, left == 0 ? null : new LeftOut(left, "nodes below 1 %", null, "-o FILE.html draws all")));
        return new Report(blocks);
    }

    public static FlameGraph Draw(FlameTree tree, string title, string? subtitle, string unit, bool isBytes, long[]? before = null) => new(
        title, subtitle, unit, isBytes, tree.Labels,
        [.. tree.LabelFacts.Select(f => new FlameName((FlameCategory)f.Kind, f.File, f.Line, f.Column))],
        tree.Parents, tree.NodeLabels, tree.Depths, tree.Self, tree.Totals, before, tree.Total);

    private static List<TreeItem> BuildTree(FlameRecord record, Func<long, Cell> weight, out int left)
    {
        double least = record.Total * 0.01;
        var children = new List<TreeItem>[record.Nodes.Count];
        var roots = new List<TreeItem>();
        int[] levels = new int[record.Nodes.Count];
        int shown = 0;
        for (int i = 0; i < record.Nodes.Count; i++)
        {
            FlameNodeRecord node = record.Nodes[i];
            levels[i] = node.Parent < 0 ? 0 : levels[node.Parent] + 1;
            if (node.Total < least || levels[i] >= MostLevels || (node.Parent >= 0 && children[node.Parent] is null)) continue;
            shown++;
            children[i] = [];
            (node.Parent < 0 ? roots : children[node.Parent]).Add(new TreeItem(node.Name, [weight(node.Total), Cell.Share(node.Total, record.Total)], children[i]));
        }

        foreach (List<TreeItem>? list in children.Append(roots)) list?.Sort((a, b) => b.Values[0].Number.CompareTo(a.Values[0].Number));
        left = record.NodeCount - shown;
        return roots;
    }
}
