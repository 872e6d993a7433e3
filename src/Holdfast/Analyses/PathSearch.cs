using Holdfast.Analyses.Derived;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>
/// One shortest way from the root to every node, breadth first over the edges that keep their target alive: from the
/// program's own roots first, then from V8's, as DevTools measures distances; of equal ways the first in the graph's
/// order. Weak edges are skipped, and of a WeakMap's entry the edge from the table, so that a value is found below its
/// key. What a FinalizationRegistry keeps for its targets is found there only if nothing else leads to it; what V8 keeps for
/// its own speed (<see cref="V8Noise"/>) comes last: it is left only after everything else.
/// 12 bytes a node.
/// </summary>
internal sealed class PathSearch : IDisposable
{
    private readonly CutLinks? _cut;
    private const int NotReached = 0;

    private readonly HeapGraph _graph;
    private readonly WeakMapEdges _weakMaps;
    private readonly V8Noise? _noise;
    private readonly Work _work;
    private readonly Column<int> _parentEdgesPlusOne;
    private readonly Column<NodeIndex> _parents;
    private readonly Column<NodeIndex> _order;
    private readonly List<NodeIndex> _cells = [];
    private readonly List<NodeIndex> _deferred = [];
    private readonly int _cellName;
    private int _queued;

    private PathSearch(Heap heap, V8Noise? noise, CutLinks? cut, Work work)
    {
        _cut = cut;
        _graph = heap.Graph;
        _weakMaps = heap.WeakMaps;
        _noise = noise;
        _work = work;
        _cellName = _graph.Strings.Find("system / WeakCell"u8);
        _parentEdgesPlusOne = new Column<int>(_graph.NodeCount);
        _parents = new Column<NodeIndex>(_graph.NodeCount);
        _order = new Column<NodeIndex>(_graph.NodeCount);
    }

    /// <summary>Nodes reached, in the order they were; the root first.</summary>
    public ReadOnlySpan<NodeIndex> Order => _order.Span[.._queued];

    /// <summary>How many of <see cref="Order"/> are reached without passing V8's own bookkeeping.</summary>
    public int ReachedWithoutNoise { get; private set; }

    /// <param name="heap">The heap.</param>
    /// <param name="noise">What is left last, or null for nothing.</param>
    /// <param name="work">Progress and cancellation.</param>
    /// <param name="cut">Links that count as weak, or null for none.</param>
    public static PathSearch Run(Heap heap, V8Noise? noise, Work work, CutLinks? cut = null)
    {
        var search = new PathSearch(heap, noise, cut, work);
        work.Report("searching retaining paths");
        search.Search();
        return search;
    }

    /// <summary>Whether a way leads to the node; the root leads to itself.</summary>
    public bool IsReached(NodeIndex node) => node == _graph.Root || _parentEdgesPlusOne[(int)node] != NotReached;

    /// <summary>Whether the node is where every way begins.</summary>
    public bool IsRoot(NodeIndex node) => node == _graph.Root;

    /// <summary>The node before a node that is reached and not the root.</summary>
    public NodeIndex Parent(NodeIndex node) => _parents[(int)node];

    /// <summary>The edge from <see cref="Parent"/>.</summary>
    public EdgeIndex ParentEdge(NodeIndex node) => (EdgeIndex)(_parentEdgesPlusOne[(int)node] - 1);

    /// <summary>The way from the root to a node that is reached, both among it.</summary>
    /// <param name="node">The node.</param>
    /// <param name="most">Most steps; of a longer way only the last are given.</param>
    public List<NodeIndex> PathTo(NodeIndex node, int most = int.MaxValue)
    {
        var path = new List<NodeIndex> { node };
        while (node != _graph.Root && path.Count <= most)
        {
            node = Parent(node);
            path.Add(node);
        }

        path.Reverse();
        return path;
    }

    public void Dispose()
    {
        _parentEdgesPlusOne.Dispose();
        _parents.Dispose();
        _order.Dispose();
    }

    private void Search()
    {
        int root = (int)_graph.Root;
        _order[_queued++] = _graph.Root;
        int first = _queued;
        for (int edge = _graph.FirstEdges[root]; edge < _graph.FirstEdges[root + 1]; edge++)
        {
            NodeIndex target = _graph.EdgeTargets[edge];
            if (_graph.EdgeTypes[edge] == EdgeType.Weak || !RootNodes.IsUserRoot(_graph, target)) continue;
            Reach((NodeIndex)root, edge, target);
        }

        Walk(first);
        first = _queued;
        Expand(_graph.Root);
        Walk(first);
        int cells = 0, deferred = 0;
        Leave(_cells, ref cells);
        ReachedWithoutNoise = _queued;
        while (deferred < _deferred.Count || cells < _cells.Count)
        {
            Leave(_deferred, ref deferred);
            Leave(_cells, ref cells);
        }
    }

    /// <summary>Goes on from nodes that were put off, and from those that are put off meanwhile.</summary>
    private void Leave(List<NodeIndex> nodes, ref int next)
    {
        for (; next < nodes.Count; next++)
        {
            int first = _queued;
            Expand(nodes[next]);
            Walk(first);
        }
    }

    private void Walk(int from)
    {
        for (int at = from; at < _queued; at++)
        {
            _work.ThrowIfCancelled(at);
            NodeIndex node = _order[at];
            if (_noise is not null && _noise.Contains(node)) _deferred.Add(node);
            else if (_graph.NodeNames[(int)node] == _cellName && _graph.NodeTypes[(int)node] == NodeType.Hidden) _cells.Add(node);
            else Expand(node);
        }
    }

    private void Expand(NodeIndex node)
    {
        ReadOnlySpan<EdgeType> types = _graph.EdgeTypes;
        ReadOnlySpan<NodeIndex> targets = _graph.EdgeTargets;
        ReadOnlySpan<int> reached = _parentEdgesPlusOne.Span;
        for (int edge = _graph.FirstEdges[(int)node], end = _graph.FirstEdges[(int)node + 1]; edge < end; edge++)
        {
            if (reached[(int)targets[edge]] != NotReached || types[edge] == EdgeType.Weak) continue;
            if (types[edge] == EdgeType.Internal && _weakMaps.IsFromTable(_graph, node, edge)) continue;
            if (_cut is not null && _cut.Has(node, targets[edge])) continue;
            Reach(node, edge, targets[edge]);
        }
    }

    private void Reach(NodeIndex source, int edge, NodeIndex target)
    {
        ref int parentEdge = ref _parentEdgesPlusOne[(int)target];
        if (parentEdge != NotReached || target == _graph.Root) return;
        parentEdge = edge + 1;
        _parents[(int)target] = source;
        _order[_queued++] = target;
    }
}

/// <summary>Every link from one of some nodes to one of some others.</summary>
internal sealed record CutLinks(BitColumn Sources, BitColumn Targets)
{
    public bool Has(NodeIndex source, NodeIndex target) => Sources[(int)source] && Targets[(int)target];
}
