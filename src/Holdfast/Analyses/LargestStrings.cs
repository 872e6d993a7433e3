using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>The strings with most bytes of their own.</summary>
/// <param name="Nodes">The largest first.</param>
/// <param name="Count">Strings that were asked for: all, or those whose text matches.</param>
/// <param name="ShallowSize">Bytes of all of them.</param>
public sealed record LargestStrings(IReadOnlyList<NodeIndex> Nodes, int Count, long ShallowSize)
{
    /// <param name="heap">The heap.</param>
    /// <param name="pattern">What their text must match, or null.</param>
    /// <param name="limit">Most strings to give.</param>
    /// <param name="work">Progress and cancellation.</param>
    public static LargestStrings Run(Heap heap, Glob? pattern, int limit, Work work)
    {
        HeapGraph graph = heap.Graph;
        WideColumn shallow = heap.Shallow.Column;
        work.Report("measuring strings");
        using BitColumn? matches = pattern is null ? null : ConstructorPattern.FindStrings(graph.Strings, pattern, work);
        var best = new TopNodes(limit);
        int count = 0;
        long total = 0;
        for (int node = 0; node < graph.NodeCount; node++)
        {
            work.ThrowIfCancelled(node);
            NodeType type = graph.NodeTypes[node];
            long size = (long)shallow[node];
            if (type is not (NodeType.String or NodeType.ConsString or NodeType.SlicedString) || size == 0) continue;
            if (matches is not null && !(type == NodeType.ConsString ? pattern!.Matches(heap.Names[(NodeIndex)node]) : matches[graph.NodeNames[node]])) continue;
            count++;
            total += size;
            best.Add((NodeIndex)node, size);
        }

        return new LargestStrings([.. best.Descending()], count, total);
    }
}
