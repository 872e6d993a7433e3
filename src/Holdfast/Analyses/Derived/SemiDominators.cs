using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>
/// Immediate dominators by the SEMI-NCA method (L. Georgiadis, "Linear-Time Algorithms for Dominators and Related
/// Problems", 2005), on the numbers of a depth first search. A node's semidominator is the lowest number from which
/// a way leads to it over higher numbers only; its dominator is found by climbing from its parent until the number
/// is no higher than that.
/// </summary>
internal static class SemiDominators
{
    /// <returns>Number of the dominator, by number, for the nodes reached.</returns>
    public static Column<int> Run(HeapGraph graph, BitColumn essential, DepthFirstSearch search, Work work)
    {
        int count = search.Reached;
        using var semiColumn = new Column<int>(count);
        using (var crossings = Crossings.Find(graph, essential, search, semiColumn, work))
        {
            FindSemiDominators(search, semiColumn.Span, crossings, work);
        }

        return Climb(search, semiColumn.Span);
    }

    /// <summary>Benchmark: DerivedBenchmarks.Dominators.</summary>
    private static void FindSemiDominators(DepthFirstSearch search, Span<int> semi, Crossings crossings, Work work)
    {
        using var ancestorColumn = new Column<int>(semi.Length);
        using var lowestColumn = new Column<int>(semi.Length);
        Span<int> ancestors = ancestorColumn.Span;
        Span<int> lowest = lowestColumn.Span;
        search.Parents.Span[..semi.Length].CopyTo(ancestors);
        ReadOnlySpan<int> first = crossings.First;
        ReadOnlySpan<int> sources = crossings.Sources;
        var path = new int[64];
        for (int number = semi.Length - 1; number > 0; number--)
        {
            work.ThrowIfCancelled(number);
            int best = semi[number];
            for (int i = first[number], end = first[number + 1]; i < end; i++)
            {
                int source = sources[i];
                int low = ancestors[source] <= number ? lowest[source] : Compress(ancestors, lowest, source, number, ref path);
                if (low < best) best = low;
            }

            semi[number] = best;
            lowest[number] = best;
        }
    }

    /// <summary>
    /// The lowest semidominator from <paramref name="node"/> up to, but without, its first ancestor that is not above
    /// <paramref name="limit"/>; makes the way there short for the next time.
    /// </summary>
    private static int Compress(Span<int> ancestors, Span<int> lowest, int node, int limit, ref int[] path)
    {
        int length = 0;
        int top = node;
        while (ancestors[top] > limit)
        {
            if (length == path.Length) Array.Resize(ref path, length * 2);
            path[length++] = top;
            top = ancestors[top];
        }

        int low = lowest[top];
        int ancestor = ancestors[top];
        while (length > 0)
        {
            int at = path[--length];
            if (lowest[at] < low) low = lowest[at];
            else lowest[at] = low;
            ancestors[at] = ancestor;
        }

        return low;
    }

    private static Column<int> Climb(DepthFirstSearch search, Span<int> semi)
    {
        var dominators = new Column<int>(semi.Length);
        Span<int> result = dominators.Span;
        ReadOnlySpan<int> parents = search.Parents.Span;
        for (int number = 1; number < result.Length; number++)
        {
            int dominator = parents[number];
            while (dominator > semi[number]) dominator = result[dominator];
            result[number] = dominator;
        }

        return dominators;
    }

    /// <summary>
    /// The edges from higher to lower numbers, by target: those that lead back or across. Edges from lower to higher
    /// numbers start at an ancestor and are done with at once: they only lower the first guess of the semidominator.
    /// </summary>
    private sealed class Crossings : IDisposable
    {
        private readonly Column<int> _first;
        private readonly Column<int> _sources;

        private Crossings(Column<int> first, Column<int> sources)
        {
            _first = first;
            _sources = sources;
        }

        public ReadOnlySpan<int> First => _first.Span;

        public ReadOnlySpan<int> Sources => _sources.Span;

        public static Crossings Find(HeapGraph graph, BitColumn essential, DepthFirstSearch search, Column<int> semiColumn, Work work)
        {
            var first = new Column<int>(semiColumn.Length + 1L);
            Span<int> counts = first.Span;
            Span<int> semi = semiColumn.Span;
            search.Parents.Span[..semi.Length].CopyTo(semi);
            Walk(graph, essential, search, new Counter(counts, semi), work);

            // A node that the root itself holds cannot have a lower semidominator, whatever else leads to it.
            int sum = 0;
            for (int i = 0; i < semi.Length; i++)
            {
                int count = semi[i] == 0 ? 0 : counts[i];
                counts[i] = sum;
                sum += count;
            }

            counts[semi.Length] = sum;
            var sources = new Column<int>(sum);
            Walk(graph, essential, search, new Placer(counts, semi, sources.Span), work);
            for (int i = semi.Length; i > 0; i--) counts[i] = counts[i - 1];
            if (counts.Length > 0) counts[0] = 0;
            return new Crossings(first, sources);
        }

        public void Dispose()
        {
            _first.Dispose();
            _sources.Dispose();
        }

        private static void Walk<TVisitor>(HeapGraph graph, BitColumn essentialColumn, DepthFirstSearch search, TVisitor visitor, Work work)
            where TVisitor : struct, IVisitor, allows ref struct
        {
            ReadOnlySpan<NodeIndex> vertices = search.Vertices;
            ReadOnlySpan<int> numbers = search.NumbersPlusOne.Span;
            ReadOnlySpan<int> firstEdges = graph.FirstEdges;
            ReadOnlySpan<NodeIndex> targets = graph.EdgeTargets;
            ReadOnlySpan<ulong> essential = essentialColumn.Words;
            for (int source = 0; source < search.Reached; source++)
            {
                work.ThrowIfCancelled(source);
                int node = (int)vertices[source];
                for (int edge = firstEdges[node], end = firstEdges[node + 1]; edge < end; edge++)
                {
                    if ((essential[edge >> 6] >> (edge & 63) & 1) != 0) visitor.Visit(source, numbers[(int)targets[edge]] - 1);
                }
            }
        }

        private interface IVisitor
        {
            void Visit(int source, int target);
        }

        private readonly ref struct Counter(Span<int> counts, Span<int> semi) : IVisitor
        {
            private readonly Span<int> _counts = counts;
            private readonly Span<int> _semi = semi;

            public void Visit(int source, int target)
            {
                if (source > target) _counts[target]++;
                else if (source < _semi[target]) _semi[target] = source;
            }
        }

        private readonly ref struct Placer(Span<int> next, Span<int> semi, Span<int> sources) : IVisitor
        {
            private readonly Span<int> _next = next;
            private readonly Span<int> _semi = semi;
            private readonly Span<int> _sources = sources;

            public void Visit(int source, int target)
            {
                if (source > target && _semi[target] != 0) _sources[_next[target]++] = source;
            }
        }
    }
}
