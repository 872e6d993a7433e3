using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>
/// The edges of a graph by the node they lead to: who points at what. 8 bytes an edge and 4 a node.
/// The retainers of one node come in the order of their edges in the graph.
/// </summary>
public sealed class Retainers : IDisposable
{
    private readonly Column<int> _first;
    private readonly Column<NodeIndex> _sources;
    private readonly Column<EdgeIndex> _edges;

    private Retainers(Column<int> first, Column<NodeIndex> sources, Column<EdgeIndex> edges)
    {
        _first = first;
        _sources = sources;
        _edges = edges;
    }

    /// <summary>First retainer of each node, and the number of edges after the last.</summary>
    public ReadOnlySpan<int> First => _first.Span;

    /// <summary>Retaining node, by place.</summary>
    public ReadOnlySpan<NodeIndex> Sources => _sources.Span;

    /// <summary>Retaining edge, by place.</summary>
    public ReadOnlySpan<EdgeIndex> Edges => _edges.Span;

    public static Retainers Run(HeapGraph graph, Work work)
    {
        work.Report("finding retainers");
        var first = new Column<int>(graph.NodeCount + 1L);
        var sources = new Column<NodeIndex>(graph.EdgeCount);
        var edges = new Column<EdgeIndex>(graph.EdgeCount);
        Span<int> next = first.Span;
        ReadOnlySpan<NodeIndex> targets = graph.EdgeTargets;
        foreach (NodeIndex target in targets) next[(int)target + 1]++;
        for (int i = 1; i < next.Length; i++) next[i] += next[i - 1];
        work.ThrowIfCancelled();

        // next[t] moves from the first place of t to the first of t + 1, and is moved back below.
        Span<NodeIndex> sourceSpan = sources.Span;
        Span<EdgeIndex> edgeSpan = edges.Span;
        ReadOnlySpan<int> firstEdges = graph.FirstEdges;
        for (int node = 0; node < graph.NodeCount; node++)
        {
            work.ThrowIfCancelled(node);
            for (int edge = firstEdges[node]; edge < firstEdges[node + 1]; edge++)
            {
                int place = next[(int)targets[edge]]++;
                sourceSpan[place] = (NodeIndex)node;
                edgeSpan[place] = (EdgeIndex)edge;
            }
        }

        for (int i = next.Length - 1; i > 0; i--) next[i] = next[i - 1];
        next[0] = 0;
        return new Retainers(first, sources, edges);
    }

    public void Dispose()
    {
        _first.Dispose();
        _sources.Dispose();
        _edges.Dispose();
    }
}
