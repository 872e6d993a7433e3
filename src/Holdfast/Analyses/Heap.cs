using Holdfast.Analyses.Derived;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>
/// A graph with what is derived from it, each part computed when first asked for and then kept.
/// Not for use by several threads at once.
/// </summary>
public sealed class Heap(HeapGraph graph, Work work) : IDisposable
{
    private Work _work = work;
    private bool _isKept;
    private WeakMapEdges? _weakMaps;
    private DomState? _dom;
    private NodeNames? _names;
    private Distances? _distances;
    private ShallowSizes? _shallow;
    private DominatorTree? _dominators;
    private RetainedSizes? _retained;
    private Retainers? _retainers;
    private Classes? _classes;
    private BitColumn? _owned;

    public HeapGraph Graph => graph;

    public WeakMapEdges WeakMaps => _weakMaps ??= WeakMapEdges.Run(graph, _work);

    public DomState Dom => _dom ??= DomState.Run(graph, _work);

    public NodeNames Names => _names ??= new NodeNames(graph, Dom);

    public Distances Distances => _distances ??= Distances.Run(graph, WeakMaps, Owned, _work);

    public ShallowSizes Shallow => _shallow ??= ShallowSizes.Run(graph, _work);

    public DominatorTree Dominators => _dominators ??= BuildDominators();

    public RetainedSizes Retained => _retained ??= RetainedSizes.Run(Dominators, Shallow, _work);

    public Retainers Retainers => _retainers ??= Retainers.Run(graph, _work);

    /// <summary>Classes by this graph's own interfaces, unless <see cref="ClassifyLike"/> came first.</summary>
    public Classes Classes => _classes ??= Classes.Run(graph, Dom, null, new ClassCatalog(), _work);

    /// <summary>Bytes of everything the root retains, and what the producer counts outside the graph.</summary>
    public long TotalSize => Retained[graph.Root] + graph.ExtraNativeBytes;

    /// <summary>Classes by another snapshot's interfaces and with its numbers, as a comparison needs them.</summary>
    public void ClassifyLike(Classes other)
    {
        _classes?.Dispose();
        _classes = Classes.Run(graph, Dom, other.Interfaces, other.Catalog, _work);
    }

    /// <summary>
    /// Computes what a class table needs, on two threads where it may: what the one keeps no longer is gone before
    /// dominators, which need most memory, begin.
    /// </summary>
    public void Prepare()
    {
        if (_work.Threads == 1) return;
        Task side = Task.Run(() => (Shallow, Classes));
        try
        {
            _ = Distances;
        }
        finally
        {
            side.GetAwaiter().GetResult();
        }
    }

    /// <summary>Gives back what only distances and retained sizes need; they are computed again if asked for.</summary>
    public void ReleaseTrees()
    {
        _distances?.Dispose();
        _dominators?.Dispose();
        _retained?.Dispose();
        _distances = null;
        _dominators = null;
        _retained = null;
    }

    /// <summary>Whether the class table counts the node: what has no size of its own is left out.</summary>
    public bool IsCounted(NodeIndex node) => Shallow[node] != 0;

    /// <summary>How many nodes <see cref="IsCounted"/>.</summary>
    public int CountedNodes()
    {
        ShallowSizes shallow = Shallow;
        int count = 0;
        for (int node = 0; node < graph.NodeCount; node++) count += shallow[(NodeIndex)node] != 0 ? 1 : 0;
        return count;
    }

    /// <summary>From now on what is computed is watched by <paramref name="work"/>, and only <see cref="Close"/> ends it: for a session of many commands.</summary>
    internal void Keep(Work work) => (_work, _isKept) = (work, true);

    /// <summary>Ends it, kept or not.</summary>
    internal void Close()
    {
        _isKept = false;
        Dispose();
    }

    public void Dispose()
    {
        if (_isKept) return;
        _weakMaps?.Dispose();
        _owned?.Dispose();
        _distances?.Dispose();
        _shallow?.Dispose();
        _dominators?.Dispose();
        _retained?.Dispose();
        _retainers?.Dispose();
        _classes?.Dispose();
        graph.Dispose();
    }

    /// <summary>What is known so far of what the program owns; complete before edges are chosen by it.</summary>
    private BitColumn Owned => _owned ??= PageOwnership.Start(graph);

    private DominatorTree BuildDominators()
    {
        PageOwnership.Complete(graph, Owned, _work);
        using BitColumn essential = EssentialEdges.Run(graph, Owned, WeakMaps, _work);
        return DominatorTree.Run(graph, essential, _work);
    }
}
