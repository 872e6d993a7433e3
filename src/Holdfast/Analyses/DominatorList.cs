using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>An object with what it retains.</summary>
public sealed record DominatorRow(NodeIndex Node, ulong Id, string Name, string Type, long ShallowSize, long RetainedSize)
{
    internal static DominatorRow Of(Heap heap, NodeIndex node) => new(
        node, heap.Graph.Ids[(int)node], heap.Names[node], heap.Graph.NodeTypeName(node), heap.Shallow[node], heap.Retained[node]);
}

/// <summary>The nodes one node dominates immediately, biggest first.</summary>
/// <param name="Rows">The first of them.</param>
/// <param name="Count">How many there are.</param>
/// <param name="RetainedSize">What all of them retain, in bytes.</param>
public sealed record DominatorList(IReadOnlyList<DominatorRow> Rows, int Count, long RetainedSize)
{
    public static DominatorList Biggest(Heap heap, NodeIndex of, int limit, Work work)
    {
        ReadOnlySpan<NodeIndex> order = heap.Dominators.Order;
        ReadOnlySpan<int> parents = heap.Dominators.Parents;
        ReadOnlySpan<long> retained = heap.Retained.Span;
        int parent = order.IndexOf(of);
        var best = new TopNodes(limit);
        int count = 0;
        long size = 0;
        for (int place = parent + 1; place < order.Length; place++)
        {
            work.ThrowIfCancelled(place);
            if (parents[place] != parent) continue;
            NodeIndex node = order[place];
            count++;
            size += retained[(int)node];
            best.Add(node, retained[(int)node]);
        }

        return new DominatorList([.. best.Descending().Select(node => DominatorRow.Of(heap, node))], count, size);
    }
}
