using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>How many objects are on a branch of merged paths, and what they amount to.</summary>
internal record struct PathTotal()
{
    /// <summary>Objects whose way ends here, and the first of them.</summary>
    public int Own { get; set; }

    public NodeIndex OwnExample { get; set; } = NodeIndex.None;

    /// <summary>Objects whose way ends here or further on, and their bytes.</summary>
    public int Count { get; set; }

    public long ShallowSize { get; set; }

    /// <summary>Bytes those objects retain; one below another is not counted again.</summary>
    public long RetainedSize { get; set; }
}

/// <summary>What a <see cref="PathMerge"/> leads to, added up by branch.</summary>
internal static class PathTotals
{
    /// <param name="heap">The heap.</param>
    /// <param name="objects">Whose ways were merged.</param>
    /// <param name="order">The nodes that were reached, as they were merged.</param>
    /// <param name="merge">Their ways.</param>
    /// <param name="work">Progress and cancellation.</param>
    /// <returns>One value a branch.</returns>
    public static PathTotal[] Run(Heap heap, NodeSet objects, ReadOnlySpan<NodeIndex> order, PathMerge merge, Work work)
    {
        var totals = new PathTotal[merge.Branches.Length];
        Array.Fill(totals, new PathTotal());
        using BitColumn inner = FindInner(heap, objects);
        for (int i = 0; i < order.Length; i++)
        {
            work.ThrowIfCancelled(i);
            NodeIndex node = order[i];
            if (!objects.Contains(node)) continue;
            ref PathTotal total = ref totals[merge.BranchOf(node)];
            if (total.Own++ == 0) total.OwnExample = node;
            total.Count++;
            total.ShallowSize += heap.Shallow[node];
            if (!inner[(int)node]) total.RetainedSize += heap.Retained[node];
        }

        AddUp(merge.Branches, totals);
        return totals;
    }

    /// <summary>The nodes below one of the objects in the dominator tree, whose bytes that one retains already.</summary>
    private static BitColumn FindInner(Heap heap, NodeSet objects)
    {
        var inner = new BitColumn(heap.Graph.NodeCount);
        ReadOnlySpan<NodeIndex> dominators = heap.Dominators.Dominators;
        ReadOnlySpan<NodeIndex> order = heap.Dominators.Order;
        for (int i = 1; i < order.Length; i++)
        {
            NodeIndex dominator = dominators[(int)order[i]];
            if (inner[(int)dominator] || objects.Contains(dominator)) inner[(int)order[i]] = true;
        }

        return inner;
    }

    private static void AddUp(ReadOnlySpan<PathMerge.Branch> branches, PathTotal[] totals)
    {
        for (int i = totals.Length - 1; i > 0; i--)
        {
            ref PathTotal parent = ref totals[branches[i].Parent];
            parent.Count += totals[i].Count;
            parent.ShallowSize += totals[i].ShallowSize;
            parent.RetainedSize += totals[i].RetainedSize;
        }
    }
}
