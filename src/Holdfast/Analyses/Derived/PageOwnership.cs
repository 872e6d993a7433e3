using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>
/// Which nodes the program itself reaches: everything, over edges that are not weak, from the global objects (the
/// root's shortcut edges) and the documents' DOM trees. Source: DevTools, JSHeapSnapshot.markPageOwnedNodes.
/// </summary>
/// <remarks>
/// A walk of its own costs as much as the one that measures distances, and goes almost the same ways. So that one
/// takes the marks of <see cref="Start"/> along where it can, and <see cref="Complete"/> does what is left. Without it,
/// <see cref="Complete"/> does all: the plain way to the same marks.
/// </remarks>
public static class PageOwnership
{
    /// <summary>Marks where the program begins.</summary>
    /// <returns>One bit a node; the caller disposes it.</returns>
    public static BitColumn Start(HeapGraph graph)
    {
        var owned = new BitColumn(graph.NodeCount);
        foreach (Edge edge in graph[graph.Root].Edges)
        {
            bool starts = edge.Type == EdgeType.Element ? RootNodes.IsDomTrees(graph, edge.Target) : edge.Type == EdgeType.Shortcut;
            if (starts) owned[(int)edge.Target] = true;
        }

        return owned;
    }

    /// <summary>Marks everything that is reached from a marked node.</summary>
    public static void Complete(HeapGraph graph, BitColumn owned, Work work)
    {
        work.Report("marking what the program owns");
        Unchecked<ulong> bits = owned.Words;
        Unchecked<int> firstEdges = graph.FirstEdges;
        Unchecked<EdgeType> types = graph.EdgeTypes;
        Unchecked<NodeIndex> targets = graph.EdgeTargets;
        var waiting = new Stack<int>();
        for (int start = 0; start < graph.NodeCount; start++)
        {
            work.ThrowIfCancelled(start);
            if ((bits[start >> 6] >> (start & 63) & 1) == 0) continue;
            int node = start;
            do
            {
                for (int edge = firstEdges[node], end = firstEdges[node + 1]; edge < end; edge++)
                {
                    int target = (int)targets[edge];
                    ref ulong word = ref bits[target >> 6];
                    ulong bit = 1UL << (target & 63);
                    if ((word & bit) != 0 || types[edge] == EdgeType.Weak) continue;
                    word |= bit;

                    // What lies ahead is looked at when the loop gets there.
                    if (target < start) waiting.Push(target);
                }
            }
            while (waiting.TryPop(out node));
        }
    }
}
