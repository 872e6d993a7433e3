using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>
/// A depth first walk over the essential edges. Nodes are numbered in the order they are met, the root 0; the
/// dominator search works on these numbers, which lie closer together than indexes do. What the search needs to know
/// of the other edges, those that lead to a node already met, is noted on the way.
/// </summary>
internal sealed class DepthFirstSearch : IDisposable
{
    private const int NotMet = 0;

    private readonly HeapGraph _graph;
    private readonly BitColumn _essential;
    private readonly Work _work;

    /// <summary>The stack: the next edge of each node on the way; the way itself is in <see cref="Parents"/>.</summary>
    private readonly Column<int> _nextEdges;
    private Column<NodeIndex>? _vertices;

    private DepthFirstSearch(HeapGraph graph, BitColumn essential, Work work)
    {
        _graph = graph;
        _essential = essential;
        _work = work;
        NumbersPlusOne = new Column<int>(graph.NodeCount);
        Parents = Column<int>.Uninitialized(graph.NodeCount);
        HighestAncestors = Column<int>.Uninitialized(graph.NodeCount);
        Crossings = new Column<int>(graph.NodeCount + 1L);
        _vertices = Column<NodeIndex>.Uninitialized(graph.NodeCount);
        _nextEdges = Column<int>.Uninitialized(graph.NodeCount);
    }

    /// <summary>Number of each node plus 1.</summary>
    public Column<int> NumbersPlusOne { get; }

    /// <summary>Number of the node each number was met from; by number.</summary>
    public Column<int> Parents { get; }

    /// <summary>The lowest number, so the highest ancestor, that leads to each number by one edge; by number.</summary>
    public Column<int> HighestAncestors { get; }

    /// <summary>How many edges lead to each number from a higher one (back or across); by number, and one value more.</summary>
    public Column<int> Crossings { get; }

    /// <summary>Node of each number.</summary>
    public ReadOnlySpan<NodeIndex> Vertices => _vertices!.Span;

    /// <summary>Nodes reached; those with higher numbers are reached by nothing but themselves.</summary>
    public int Reached { get; private set; }

    public static DepthFirstSearch Run(HeapGraph graph, BitColumn essential, Work work)
    {
        var search = new DepthFirstSearch(graph, essential, work);

        // Clearing these columns takes the system about as long as the walk takes to fill them.
        Task populating = work.Threads > 1 ? Task.Run(search.Populate, CancellationToken.None) : Task.CompletedTask;
        try
        {
            search.WalkAll();
        }
        finally
        {
            populating.GetAwaiter().GetResult();
        }

        search._nextEdges.Dispose();
        return search;
    }

    /// <summary>Gives the vertices away, to whoever disposes them.</summary>
    public Column<NodeIndex> TakeVertices()
    {
        Column<NodeIndex> vertices = _vertices!;
        _vertices = null;
        return vertices;
    }

    public void Dispose()
    {
        NumbersPlusOne.Dispose();
        Parents.Dispose();
        HighestAncestors.Dispose();
        Crossings.Dispose();
        _nextEdges.Dispose();
        _vertices?.Dispose();
    }

    private void Populate()
    {
        NumbersPlusOne.Populate();
        Crossings.Populate();
        _vertices!.Populate();
        Parents.Populate();
        HighestAncestors.Populate();
    }

    private void WalkAll()
    {
        int met = Walk((int)_graph.Root, parent: 0, met: 0);
        if (met < _graph.NodeCount) met = WalkOrphans(met);
        Reached = met;
        if (met < _graph.NodeCount) NumberTheRest(met);
    }

    /// <summary>Benchmark: DerivedBenchmarks.Dominators. Walks all that is reached from a node and gives how many are met by then.</summary>
    private int Walk(int start, int parent, int met)
    {
        Unchecked<int> numbers = NumbersPlusOne.Span;
        Unchecked<int> parents = Parents.Span;
        Unchecked<int> highest = HighestAncestors.Span;
        Unchecked<int> crossings = Crossings.Span;
        Unchecked<NodeIndex> vertices = _vertices!.Span;
        Unchecked<int> firstEdges = _graph.FirstEdges;
        Unchecked<NodeIndex> targets = _graph.EdgeTargets;
        Unchecked<ulong> essential = _essential.Words;
        int floor = met;
        vertices[met] = (NodeIndex)start;
        parents[met] = highest[met] = parent;
        numbers[start] = ++met;

        Unchecked<int> stack = _nextEdges.Span;
        int depth = 0, node = start, number = met - 1, edge = firstEdges[start], end = firstEdges[start + 1];
        while (true)
        {
            int target = -1;
            for (; edge < end; edge++)
            {
                if ((essential[edge >> 6] >> (edge & 63) & 1) == 0) continue;
                int candidate = (int)targets[edge];
                int known = numbers[candidate] - 1;
                if (known < 0)
                {
                    target = candidate;
                    break;
                }

                if (known < number) crossings[known]++;
                else if (highest[known] > number) highest[known] = number;
            }

            if (target >= 0)
            {
                stack[depth++] = edge + 1;
                parents[met] = highest[met] = number;
                vertices[met] = (NodeIndex)target;
                number = met;
                numbers[target] = ++met;
                node = target;
                edge = firstEdges[node];
                _work.ThrowIfCancelled(met);
            }
            else
            {
                if (number == floor) return met;
                number = parents[number];
                node = (int)vertices[number];
                edge = stack[--depth];
            }

            end = firstEdges[node + 1];
        }
    }

    /// <summary>Walks from the nodes no essential edge leads to, as if the root held them.</summary>
    private int WalkOrphans(int met)
    {
        using var retained = new BitColumn(_graph.NodeCount);
        for (int node = 0; node < _graph.NodeCount; node++)
        {
            if (NumbersPlusOne[node] != NotMet) continue;
            for (int edge = _graph.FirstEdges[node]; edge < _graph.FirstEdges[node + 1]; edge++)
            {
                if (_essential[edge]) retained[(int)_graph.EdgeTargets[edge]] = true;
            }
        }

        for (int node = 0; node < _graph.NodeCount; node++)
        {
            if (NumbersPlusOne[node] == NotMet && !retained[node]) met = Walk(node, parent: 0, met);
        }

        return met;
    }

    private void NumberTheRest(int met)
    {
        for (int node = 0; node < _graph.NodeCount; node++)
        {
            if (NumbersPlusOne[node] != NotMet) continue;
            _vertices![met] = (NodeIndex)node;
            NumbersPlusOne[node] = ++met;
        }
    }
}
