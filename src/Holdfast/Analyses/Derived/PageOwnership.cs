using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>
/// Which nodes the program itself reaches: everything, over edges that are not weak, from the global objects (the
/// root's shortcut edges) and the documents' DOM trees. Source: DevTools, JSHeapSnapshot.markPageOwnedNodes.
/// </summary>
public static class PageOwnership
{
    /// <returns>One bit a node; the caller disposes it.</returns>
    public static BitColumn Run(HeapGraph graph, Work work)
    {
        work.Report("marking what the program owns");
        var owned = new BitColumn(graph.NodeCount);
        using var stackColumn = new Column<int>(graph.NodeCount);
        Span<int> stack = stackColumn.Span;
        Span<ulong> bits = owned.Words;
        int depth = 0;
        foreach (Edge edge in graph[graph.Root].Edges)
        {
            bool starts = edge.Type == EdgeType.Element ? RootNodes.IsDomTrees(graph, edge.Target) : edge.Type == EdgeType.Shortcut;
            if (!starts || owned[(int)edge.Target]) continue;
            owned[(int)edge.Target] = true;
            stack[depth++] = (int)edge.Target;
        }

        ReadOnlySpan<int> firstEdges = graph.FirstEdges;
        ReadOnlySpan<EdgeType> types = graph.EdgeTypes;
        ReadOnlySpan<NodeIndex> targets = graph.EdgeTargets;
        int visited = 0;
        while (depth > 0)
        {
            work.ThrowIfCancelled(visited++);
            int node = stack[--depth];
            for (int edge = firstEdges[node], end = firstEdges[node + 1]; edge < end; edge++)
            {
                int target = (int)targets[edge];
                ref ulong word = ref bits[target >> 6];
                ulong bit = 1UL << (target & 63);
                if ((word & bit) != 0 || types[edge] == EdgeType.Weak) continue;
                word |= bit;
                stack[depth++] = target;
            }
        }

        return owned;
    }
}
