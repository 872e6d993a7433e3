using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>
/// The immediate dominator of every node: the last node that all ways from the root pass. 8 bytes a node, 4 more once
/// <see cref="Dominators"/> is asked for; while it is computed about 24 bytes a node and 4 for each edge between
/// branches of the search tree.
/// </summary>
public sealed class DominatorTree : IDisposable
{
    private readonly Column<NodeIndex> _order;
    private readonly Column<int> _parents;
    private Column<NodeIndex>? _dominators;

    private DominatorTree(Column<NodeIndex> order, Column<int> parents)
    {
        _order = order;
        _parents = parents;
    }

    /// <summary>All nodes, each after its dominator; the root first.</summary>
    public ReadOnlySpan<NodeIndex> Order => _order.Span;

    /// <summary>
    /// The place in <see cref="Order"/> of the dominator of the node at each place: what passes over the whole tree
    /// should go by, since places that belong together are close together. The root's is its own.
    /// </summary>
    public ReadOnlySpan<int> Parents => _parents.Span;

    /// <summary>Immediate dominator of each node; the root's is itself.</summary>
    public ReadOnlySpan<NodeIndex> Dominators => (_dominators ??= ByNode()).Span;

    /// <remarks>
    /// Like DevTools, nodes that nothing keeps alive count as kept by the root, and so do, each for itself, nodes only
    /// reached from themselves.
    /// </remarks>
    public static DominatorTree Run(HeapGraph graph, BitColumn essential, Work work)
    {
        work.Report("building the dominator tree");
        using DepthFirstSearch search = DepthFirstSearch.Run(graph, essential, work);
        Column<int> parents = SemiDominators.Run(graph, essential, search, work);

        // Those not reached were left out; their dominator is the root, which is place 0.
        if (parents.Length < graph.NodeCount) parents.Resize(graph.NodeCount);
        return new DominatorTree(search.TakeVertices(), parents);
    }

    public void Dispose()
    {
        _order.Dispose();
        _parents.Dispose();
        _dominators?.Dispose();
    }

    private Column<NodeIndex> ByNode()
    {
        ReadOnlySpan<NodeIndex> order = Order;
        ReadOnlySpan<int> parents = Parents;
        Column<NodeIndex> column = Column<NodeIndex>.Uninitialized(order.Length);
        Span<NodeIndex> dominators = column.Span;
        for (int place = 0; place < order.Length; place++) dominators[(int)order[place]] = order[parents[place]];
        return column;
    }
}
