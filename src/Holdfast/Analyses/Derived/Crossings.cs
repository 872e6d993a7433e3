using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>
/// The edges from higher to lower numbers of a depth first search, by target: those that lead back or across. Edges
/// from lower to higher numbers start at an ancestor, and the search itself has dealt with them.
/// </summary>
internal sealed class Crossings : IDisposable
{
    /// <summary>Nodes looked ahead for their edges, and twice that for where their edges are.</summary>
    private const int Ahead = 8;

    private readonly DepthFirstSearch _search;
    private readonly Column<int> _sources;

    private Crossings(DepthFirstSearch search, Column<int> sources)
    {
        _search = search;
        _sources = sources;
    }

    /// <summary>First source of each number, and the number of sources after the last.</summary>
    public Span<int> First => _search.Crossings.Span;

    /// <summary>Numbers the edges start at, by place.</summary>
    public ReadOnlySpan<int> Sources => _sources.Span;

    /// <param name="graph">The heap.</param>
    /// <param name="essentialEdges">One bit an edge.</param>
    /// <param name="search">A search over those edges; its counts of crossings become the places here.</param>
    /// <param name="semi">First guess of the semidominators.</param>
    /// <param name="work">Cancellation.</param>
    /// <remarks>Benchmark: DerivedBenchmarks.Dominators.</remarks>
    public static Crossings Find(HeapGraph graph, BitColumn essentialEdges, DepthFirstSearch search, ReadOnlySpan<int> semi, Work work)
    {
        Span<int> next = search.Crossings.Span[..(semi.Length + 1)];
        Column<int> sourceColumn = Column<int>.Uninitialized(SumCounts(next, semi));
        Unchecked<int> sources = sourceColumn.Span;
        Unchecked<NodeIndex> vertices = search.Vertices;
        Unchecked<int> numbers = search.NumbersPlusOne.Span;
        Unchecked<int> firstEdges = graph.FirstEdges;
        Unchecked<NodeIndex> targets = graph.EdgeTargets;
        Unchecked<ulong> essential = essentialEdges.Words;
        for (int source = 0; source < semi.Length; source++)
        {
            work.ThrowIfCancelled(source);
            int node = (int)vertices[source];
            if (source + 2 * Ahead < semi.Length)
            {
                firstEdges.Prefetch((int)vertices[source + 2 * Ahead]);
                targets.Prefetch(firstEdges[(int)vertices[source + Ahead]]);
            }

            for (int edge = firstEdges[node], end = firstEdges[node + 1]; edge < end; edge++)
            {
                if ((essential[edge >> 6] >> (edge & 63) & 1) == 0) continue;
                int target = numbers[(int)targets[edge]] - 1;
                if (source > target && semi[target] != 0) sources[next[target]++] = source;
            }
        }

        // Each place has moved to where the next number's sources begin.
        for (int i = semi.Length; i > 0; i--) next[i] = next[i - 1];
        next[0] = 0;
        return new Crossings(search, sourceColumn);
    }

    public void Dispose() => _sources.Dispose();

    /// <summary>
    /// Turns counts into first places. A number that the root itself leads to cannot have a lower semidominator,
    /// whatever else leads to it, and needs no sources.
    /// </summary>
    private static int SumCounts(Span<int> counts, ReadOnlySpan<int> semi)
    {
        int sum = 0;
        for (int i = 0; i < semi.Length; i++)
        {
            int count = semi[i] == 0 ? 0 : counts[i];
            counts[i] = sum;
            sum += count;
        }

        counts[semi.Length] = sum;
        return sum;
    }
}
