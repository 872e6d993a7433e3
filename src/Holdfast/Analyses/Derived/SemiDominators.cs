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
    /// <remarks>Uses up all of the search but its parents and vertices, to stay within the memory it has already.</remarks>
    public static Column<int> Run(HeapGraph graph, BitColumn essential, DepthFirstSearch search, Work work)
    {
        Span<int> guesses = search.HighestAncestors.Span[..search.Reached];
        using var crossings = Crossings.Find(graph, essential, search, guesses, work);
        search.NumbersPlusOne.Dispose();
        return Climb(search, FindSemiDominators(search, guesses, crossings, work));
    }

    /// <summary>Benchmark: DerivedBenchmarks.Dominators.</summary>
    /// <param name="search">The search.</param>
    /// <param name="guesses">The lowest number that leads to each number from above by one edge: the first guess.</param>
    /// <param name="crossings">The other edges.</param>
    /// <param name="work">Cancellation.</param>
    private static ReadOnlySpan<int> FindSemiDominators(DepthFirstSearch search, Span<int> guesses, Crossings crossings, Work work)
    {
        using Column<int> ancestorColumn = Column<int>.Uninitialized(guesses.Length);
        search.Parents.Span[..guesses.Length].CopyTo(ancestorColumn.Span);
        Unchecked<int> ancestors = ancestorColumn.Span;
        Unchecked<int> lowest = guesses;
        Unchecked<int> first = crossings.First;
        Unchecked<int> sources = crossings.Sources;
        var path = new int[64];
        for (int number = guesses.Length - 1; number > 0; number--)
        {
            work.ThrowIfCancelled(number);
            int best = lowest[number];
            for (int i = first[number], end = first[number + 1]; i < end; i++)
            {
                int source = sources[i];
                int low = ancestors[source] <= number ? lowest[source] : Compress(ancestors, lowest, source, number, ref path);
                if (low < best) best = low;
            }

            // From here on lowest[number] may become lower than its own semidominator, so that is kept elsewhere: in
            // the place of the sources' end, which nobody asks for again.
            lowest[number] = best;
            first[number + 1] = best;
        }

        return crossings.First[1..];
    }

    /// <summary>
    /// The lowest semidominator from <paramref name="node"/> up to, but without, its first ancestor that is not above
    /// <paramref name="limit"/>; makes the way there short for the next time.
    /// </summary>
    private static int Compress(Unchecked<int> ancestors, Unchecked<int> lowest, int node, int limit, ref int[] path)
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

    private static Column<int> Climb(DepthFirstSearch search, ReadOnlySpan<int> semiDominators)
    {
        Column<int> dominators = Column<int>.Uninitialized(search.Reached);
        Unchecked<int> result = dominators.Span;
        Unchecked<int> parents = search.Parents.Span;
        Unchecked<int> semi = semiDominators;
        result[0] = 0;
        for (int number = 1; number < search.Reached; number++)
        {
            int dominator = parents[number];
            while (dominator > semi[number]) dominator = result[dominator];
            result[number] = dominator;
        }

        return dominators;
    }
}
