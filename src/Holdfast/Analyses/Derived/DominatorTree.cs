using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>
/// The immediate dominator of every node: the last node that all ways from the root pass. 8 bytes a node; while it is
/// computed about 28 bytes a node and 4 for each edge between branches of the search tree.
/// </summary>
public sealed class DominatorTree : IDisposable
{
    private readonly Column<NodeIndex> _dominators;
    private readonly Column<NodeIndex> _order;

    private DominatorTree(Column<NodeIndex> dominators, Column<NodeIndex> order)
    {
        _dominators = dominators;
        _order = order;
    }

    /// <summary>Immediate dominator of each node; the root's is itself.</summary>
    public ReadOnlySpan<NodeIndex> Dominators => _dominators.Span;

    /// <summary>All nodes, each after its dominator.</summary>
    public ReadOnlySpan<NodeIndex> Order => _order.Span;

    /// <remarks>
    /// Like DevTools, nodes that nothing keeps alive count as kept by the root, and so do, each for itself, nodes only
    /// reached from themselves.
    /// </remarks>
    public static DominatorTree Run(HeapGraph graph, BitColumn essential, Work work)
    {
        work.Report("building the dominator tree");
        using DepthFirstSearch search = DepthFirstSearch.Run(graph, essential, work);
        Column<int> dominators = SemiDominators.Run(graph, essential, search, work);
        return Translate(graph, search, dominators);
    }

    public void Dispose()
    {
        _dominators.Dispose();
        _order.Dispose();
    }

    private static DominatorTree Translate(HeapGraph graph, DepthFirstSearch search, Column<int> dominatorColumn)
    {
        using Column<int> numbered = dominatorColumn;
        Column<NodeIndex> orderColumn = search.TakeVertices();
        Column<NodeIndex> dominators = Column<NodeIndex>.Uninitialized(graph.NodeCount);
        Span<NodeIndex> byNode = dominators.Span;
        ReadOnlySpan<NodeIndex> order = orderColumn.Span;
        ReadOnlySpan<int> byNumber = numbered.Span;
        for (int i = 0; i < order.Length; i++) byNode[(int)order[i]] = i < byNumber.Length ? order[byNumber[i]] : graph.Root;
        return new DominatorTree(dominators, orderColumn);
    }
}
