using System.Globalization;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>
/// Distance of every node from the program's roots, as DevTools counts it: the root's children that V8 did not make
/// up are 1, their children 2, and so on; what is reached from V8's own roots only is <see cref="SystemBase"/> and
/// more; what is not reached at all is <see cref="Unreached"/>.
/// </summary>
public sealed class Distances : IDisposable
{
    /// <summary>Distance of the root itself, when the program has roots of its own.</summary>
    public const int SystemBase = 100_000_000;

    /// <summary>Distance of a node no path leads to.</summary>
    public const int Unreached = -5;

    private readonly Column<int> _distances;

    private Distances(Column<int> distances) => _distances = distances;

    /// <summary>One value a node.</summary>
    public ReadOnlySpan<int> Span => _distances.Span;

    public int this[NodeIndex node] => _distances[(int)node];

    /// <param name="graph">The heap.</param>
    /// <param name="weakMaps">Its WeakMap entries.</param>
    /// <param name="marks">Marks to take along: a node first reached from a marked one is marked.</param>
    /// <param name="work">Progress and cancellation.</param>
    /// <remarks>
    /// Source: DevTools, JSHeapSnapshot.calculateDistances. Skipped edges are weak ones, a NativeContext's
    /// sloppy_function_map, every third element of map descriptors, and the first edge met of each WeakMap entry:
    /// an entry's value is reached once both its table and its key are. What was met once is kept for the second pass.
    /// </remarks>
    public static Distances Run(HeapGraph graph, WeakMapEdges weakMaps, BitColumn marks, Work work)
    {
        work.Report("measuring distances");
        var distances = Column<int>.Filled(graph.NodeCount, Unreached);
        using var queue = Column<int>.Uninitialized(graph.NodeCount + (long)graph[graph.Root].EdgeCount);
        using var reached = new BitColumn(graph.NodeCount);
        var search = new Search(graph, weakMaps, marks, reached, distances, queue, work);
        int queued = 0;
        foreach (Edge edge in graph[graph.Root].Edges)
        {
            if (!RootNodes.IsUserRoot(graph, edge.Target)) continue;
            distances[(int)edge.Target] = 1;
            reached[(int)edge.Target] = true;
            queue[queued++] = (int)edge.Target;
        }

        int rootDistance = queued > 0 ? SystemBase : 0;
        search.Run(queued);
        distances[(int)graph.Root] = rootDistance;
        reached[(int)graph.Root] = true;
        queue[0] = (int)graph.Root;
        search.Run(1);
        return new Distances(distances);
    }

    public void Dispose() => _distances.Dispose();

    private sealed class Search(
        HeapGraph graph, WeakMapEdges weakMaps, BitColumn markColumn, BitColumn reachedColumn, Column<int> distanceColumn, Column<int> queueColumn, Work work)
    {
        /// <summary>Nodes looked ahead for their edges, and twice that for where their edges are.</summary>
        private const int Ahead = 8;

        private readonly HashSet<int> _metPairs = [];
        private readonly NameSet _nativeContexts = new(graph.Strings, "system / NativeContext"u8);
        private readonly NameSet _mapDescriptors = new(graph.Strings, "(map descriptors)"u8);

        /// <summary>Benchmark: DerivedBenchmarks.Distances.</summary>
        public void Run(int queued)
        {
            Unchecked<int> distances = distanceColumn.Span;
            Unchecked<int> queue = queueColumn.Span;
            Unchecked<ulong> marks = markColumn.Words;
            Unchecked<ulong> reached = reachedColumn.Words;
            Unchecked<int> firstEdges = graph.FirstEdges;
            Unchecked<EdgeType> edgeTypes = graph.EdgeTypes;
            Unchecked<uint> names = graph.EdgeNames;
            Unchecked<NodeType> nodeTypes = graph.NodeTypes;
            Unchecked<NodeIndex> targets = graph.EdgeTargets;
            for (int at = 0; at < queued; at++)
            {
                work.ThrowIfCancelled(at);
                int node = queue[at];
                if (at + 2 * Ahead < queued)
                {
                    firstEdges.Prefetch(queue[at + 2 * Ahead]);
                    int soon = firstEdges[queue[at + Ahead]];
                    targets.Prefetch(soon);
                    edgeTypes.Prefetch(soon);
                }

                int distance = distances[node] + 1;
                ulong mark = marks[node >> 6] >> (node & 63) & 1;
                bool special = nodeTypes[node] is NodeType.Hidden or NodeType.Array && IsSpecial(node);
                bool hasPairs = !special || nodeTypes[node] != NodeType.Array;
                for (int edge = firstEdges[node], end = firstEdges[node + 1]; edge < end; edge++)
                {
                    int target = (int)targets[edge];
                    ref ulong word = ref reached[target >> 6];
                    ulong bit = 1UL << (target & 63);
                    EdgeType type = edgeTypes[edge];
                    if ((word & bit) != 0 || type == EdgeType.Weak) continue;
                    if (special && IsSkippedOfSpecial((NodeIndex)node, (EdgeIndex)edge)) continue;
                    if (hasPairs && type == EdgeType.Internal && weakMaps.IsPair(names[edge]) && IsFirstOfPair(names[edge])) continue;
                    word |= bit;
                    distances[target] = distance;
                    marks[target >> 6] |= mark << (target & 63);
                    queue[queued++] = target;
                }
            }
        }

        /// <summary>Whether some edges of this hidden node or array are not walked because of what it is.</summary>
        private bool IsSpecial(int node) => graph.NodeTypes[node] == NodeType.Hidden
            ? _nativeContexts.Contains(graph.NodeNames[node])
            : _mapDescriptors.Contains(graph.NodeNames[node]);

        private bool IsSkippedOfSpecial(NodeIndex node, EdgeIndex edge)
        {
            if (graph.NodeTypes[(int)node] == NodeType.Hidden) return graph.EdgeNameIs(edge, "sloppy_function_map"u8);
            string name = graph.EdgeName(edge);
            int digits = name.AsSpan().IndexOfAnyExceptInRange('0', '9');
            bool isNumber = long.TryParse(digits < 0 ? name : name.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out long index);
            return isNumber && index >= 2 && index % 3 == 1;
        }

        private bool IsFirstOfPair(uint edgeName)
        {
            int pair = weakMaps[edgeName].Key;
            if (_metPairs.Remove(pair)) return false;
            _metPairs.Add(pair);
            return true;
        }
    }
}
