using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>
/// Shallow size of every node as DevTools shows it: what V8 keeps beside an object for its own use (hidden nodes,
/// backing arrays, the text of external strings) counts as the object's, where just one object owns it.
/// Source: DevTools, JSHeapSnapshot.calculateShallowSizes.
/// </summary>
public sealed class ShallowSizes : IDisposable
{
    private const int NoOwner = -1;
    private const int ManyOwners = -2;

    private readonly WideColumn _sizes;

    private ShallowSizes(WideColumn sizes) => _sizes = sizes;

    /// <summary>Bytes.</summary>
    public long this[NodeIndex node] => _sizes.IsWide ? (long)_sizes[(int)node] : _sizes.Low[(int)node];

    /// <summary>Bytes, one value a node.</summary>
    public WideColumn Column => _sizes;

    public static ShallowSizes Run(HeapGraph graph, Work work)
    {
        work.Report("counting shallow sizes");
        var sizes = new WideColumn(graph.NodeCount);
        for (int i = 0; i < graph.NodeCount && graph.SelfSizes.IsWide; i++) sizes[i] = graph.SelfSizes[i];
        if (!graph.SelfSizes.IsWide) graph.SelfSizes.Low.Span.CopyTo(sizes.Low.Span);
        if (!RootNodes.HasUserRoots(graph)) return new ShallowSizes(sizes);

        using BitColumn transferable = FindTransferable(graph);
        using Column<int> owners = FindOwners(graph, transferable, work);
        for (int i = 0; i < graph.NodeCount; i++)
        {
            int owner = owners[i];
            if (!transferable[i] || owner < 0) continue;
            if (graph.NodeTypes[owner] == NodeType.Synthetic || owner == (int)graph.Root) continue;
            sizes[owner] += sizes[i];
            sizes[i] = 0;
        }

        return new ShallowSizes(sizes);
    }

    public void Dispose() => _sizes.Dispose();

    private static BitColumn FindTransferable(HeapGraph graph)
    {
        var transferable = new BitColumn(graph.NodeCount);
        ReadOnlySpan<NodeType> types = graph.NodeTypes;
        ReadOnlySpan<int> names = graph.NodeNames;
        var externalStringData = new NameSet(graph.Strings, "system / ExternalStringData"u8);
        for (int i = 0; i < types.Length; i++)
        {
            if (types[i] is NodeType.Hidden or NodeType.Array || (types[i] == NodeType.Native && externalStringData.Contains(names[i])))
            {
                transferable[i] = true;
            }
        }

        return transferable;
    }

    /// <summary>
    /// The only owner of each transferable node, or <see cref="NoOwner"/> or <see cref="ManyOwners"/>. Owners flow from
    /// the nodes that keep their size along edges that are not weak; a second owner makes it many, for good, so the
    /// order of the walk does not matter.
    /// </summary>
    private static Column<int> FindOwners(HeapGraph graph, BitColumn transferable, Work work)
    {
        Column<int> ownerColumn = Column<int>.Filled(graph.NodeCount, NoOwner);
        Unchecked<int> owners = ownerColumn.Span;
        Unchecked<ulong> bits = transferable.Words;
        Unchecked<int> firstEdges = graph.FirstEdges;
        Unchecked<EdgeType> types = graph.EdgeTypes;
        Unchecked<NodeIndex> targets = graph.EdgeTargets;
        var waiting = new Stack<int>();
        for (int start = 0; start < graph.NodeCount; start++)
        {
            work.ThrowIfCancelled(start);
            if ((bits[start >> 6] >> (start & 63) & 1) != 0) continue;
            int node = start, owner = start;
            while (true)
            {
                for (int edge = firstEdges[node], end = firstEdges[node + 1]; edge < end; edge++)
                {
                    int target = (int)targets[edge];
                    if ((bits[target >> 6] >> (target & 63) & 1) == 0 || types[edge] == EdgeType.Weak) continue;
                    int known = owners[target];
                    if (known == owner || known == ManyOwners) continue;
                    owners[target] = known == NoOwner ? owner : ManyOwners;
                    waiting.Push(target);
                }

                if (!waiting.TryPop(out node)) break;
                owner = owners[node];
            }
        }

        return ownerColumn;
    }
}
