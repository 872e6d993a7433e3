using System.Text.Json.Serialization.Metadata;
using Holdfast.Analyses;
using Holdfast.Model;
using Holdfast.Reports;

namespace Holdfast.Commands;

/// <summary>What would be freed with what.</summary>
public sealed class DominatorsCommand : Command
{
    /// <summary>Levels of the tree, whatever is asked for: what reads it may go down by recursion.</summary>
    private const int MaxDepth = 400;

    public override string Name => "dominators";

    public override string Summary => "which objects retain most, and what below them";

    public override string Description =>
        "A dominator of an object is on every path to it from the roots: when it goes, the object goes. The tree shows the "
        + "objects with most retained size and what they dominate; small objects of one class below one object are one row. "
        + "Given an object, it shows the chain of its dominators up to the root, and the tree below it.";

    public override string Example => "holdfast dominators samples/leaky-t2.heapsnapshot.zst --depth 2";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Input,
        new("ID", ParameterKind.Text, "an object, @ID: its dominators and what it dominates") { IsPositional = true, AtLeast = 0 },
        new("depth", ParameterKind.Number, "levels to show; 0 shows all (at most 400)") { Default = "3" },
        Parameter.Limit(10),
        new("min-size", ParameterKind.Number, "bytes a row must retain; by default a hundredth of what the start retains"),
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.DominatorsRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        using Heap heap = context.Open(arguments.Text("IN"));
        NodeIndex start = arguments.TextOrNull("ID") is { } id ? NodeReferences.Find(heap, id) : heap.Graph.Root;
        long least = arguments.TextOrNull("min-size") is null ? heap.Retained[start] / 100 : arguments.Number("min-size");
        var options = new DominatorOptions(Math.Min(MaxDepth, arguments.Limit("depth")), arguments.Limit(), least);
        DominatorBranches found = DominatorBranches.Run(heap, start, options, context.Work);
        NodeRecord[] chain = [.. DominatorBranches.ChainOf(heap, start).Select(n => Describe(heap, n))];
        var record = new DominatorsRecord(
            heap.TotalSize, Describe(heap, start), found.Dominated, found.Children, chain, BuildTree(heap, found), found.LeftOut, found.LeftOutSize);
        return new CommandResult(record, BuildReport(record, start == heap.Graph.Root));
    }

    private static NodeRecord Describe(Heap heap, NodeIndex node) => new(
        heap.Graph.Ids[(int)node], NodeText.Show(heap, node), heap.Graph.NodeTypeName(node), heap.Shallow[node], heap.Retained[node]);

    /// <summary>The tree from its list, which has parents before children, from the end.</summary>
    private static List<DominatorBranchRecord> BuildTree(Heap heap, DominatorBranches found)
    {
        var children = new List<DominatorBranchRecord>[found.Branches.Count + 1];
        for (int i = found.Branches.Count - 1; i >= 0; i--)
        {
            DominatorBranch b = found.Branches[i];
            List<DominatorBranchRecord> below = children[i + 1] ?? [];
            below.Reverse();
            string name = b.IsGroup ? ClassNames.Show(heap.Classes[b.Node]) : NodeText.Show(heap, b.Node);
            (children[b.Parent + 1] ??= []).Add(new DominatorBranchRecord(
                heap.Graph.Ids[(int)b.Node], name, heap.Graph.NodeTypeName(b.Node), b.IsGroup, b.Objects,
                b.ShallowSize, b.RetainedSize, b.Dominated, b.LeftOut, b.LeftOutSize, below));
        }

        List<DominatorBranchRecord> roots = children[0] ?? [];
        roots.Reverse();
        return roots;
    }

    private static Report BuildReport(DominatorsRecord record, bool isRoot)
    {
        var blocks = new List<ReportBlock>();
        long total = record.TotalSize;
        if (isRoot)
        {
            blocks.Add(new FactsBlock(null, [new("total size", Cell.Bytes(total)), new("nodes", Cell.Count(record.Dominated + 1L))]));
        }
        else
        {
            blocks.Add(new FactsBlock(null,
            [
                new("object", Cell.Name(record.Start.Name)),
                new("id", Cell.NodeId(record.Start.Id)),
                new("shallow size", Cell.Bytes(record.Start.ShallowSize)),
                new("retained size", Cell.Bytes(record.Start.RetainedSize)),
                new("of total", Cell.Share(record.Start.RetainedSize, total)),
                new("objects dominated", Cell.Count(record.Dominated)),
            ]));
            blocks.Add(new TableBlock("Dominators, up to the root", ["object", "id", "shallow", "retained", "of total"],
                [.. record.Chain.Select(n => (Cell[])[Cell.Name(n.Name), Cell.NodeId(n.Id), Cell.Bytes(n.ShallowSize), Cell.Bytes(n.RetainedSize), Cell.Share(n.RetainedSize, total)])]));
        }

        if (record.ChildCount > 0)
        {
            blocks.Add(new TreeBlock("Dominated", ["retained", "of total", "shallow", "dominates", "id"], "object",
                [.. record.Tree.Select(r => Item(r, total))],
                Leftovers.Of(record.LeftOut, "objects right below", record.LeftOutSize, "--limit 0 --min-size 0")));
        }

        return new Report(blocks);
    }

    /// <summary>Goes down by recursion, at most <see cref="MaxDepth"/> levels.</summary>
    private static TreeItem Item(DominatorBranchRecord row, long total)
    {
        List<TreeItem> children = [.. row.Children.Select(c => Item(c, total))];
        if (row is { LeftOut: > 0, Children.Count: > 0 })
        {
            children.Add(new TreeItem($"… {row.LeftOut:N0} more",
                [Cell.Bytes(row.LeftOutSize), Cell.Share(row.LeftOutSize, total), Cell.Empty, Cell.Empty, Cell.Empty], []));
        }

        return new TreeItem(row.Group ? $"{row.Objects:N0} × {row.Name}" : row.Name,
            [Cell.Bytes(row.RetainedSize), Cell.Share(row.RetainedSize, total), Cell.Bytes(row.ShallowSize), Cell.Count(row.Dominated), Cell.NodeId(row.Id)], children);
    }
}
