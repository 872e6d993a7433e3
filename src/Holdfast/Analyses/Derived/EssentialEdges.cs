using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>
/// The edges that keep their target alive, the ones dominators are made of. Source: DevTools,
/// HeapSnapshot.computeIsEssentialEdge.
/// </summary>
public static class EssentialEdges
{
    /// <summary>
    /// Left out are: weak edges; edges of a node to itself; shortcuts that do not start at the root; edges from what
    /// the program does not own to what it owns, but for the root's; and of a WeakMap's entry the edge from the table,
    /// since it is the key that keeps the value.
    /// </summary>
    /// <returns>One bit an edge; the caller disposes it.</returns>
    public static BitColumn Run(HeapGraph graph, BitColumn pageOwned, WeakMapEdges weakMaps, Work work)
    {
        work.Report("choosing edges that keep objects alive");
        var essential = new BitColumn(graph.EdgeCount);
        Unchecked<ulong> bits = essential.Words;
        Unchecked<ulong> owned = pageOwned.Words;
        Unchecked<int> firstEdges = graph.FirstEdges;
        Unchecked<EdgeType> types = graph.EdgeTypes;
        Unchecked<uint> names = graph.EdgeNames;
        Unchecked<NodeIndex> targets = graph.EdgeTargets;
        int root = (int)graph.Root;
        for (int node = 0; node < graph.NodeCount; node++)
        {
            work.ThrowIfCancelled(node);
            bool isOwned = (owned[node >> 6] >> (node & 63) & 1) != 0;
            for (int edge = firstEdges[node], end = firstEdges[node + 1]; edge < end; edge++)
            {
                EdgeType type = types[edge];
                int target = (int)targets[edge];
                if (type == EdgeType.Weak || target == node) continue;
                if (type == EdgeType.Internal && weakMaps.IsPair(names[edge]) && weakMaps[names[edge]].TableId == graph.Ids[node]) continue;
                if (node != root)
                {
                    if (type == EdgeType.Shortcut) continue;
                    if (!isOwned && (owned[target >> 6] >> (target & 63) & 1) != 0) continue;
                }

                bits[edge >> 6] |= 1UL << (edge & 63);
            }
        }

        return essential;
    }
}
