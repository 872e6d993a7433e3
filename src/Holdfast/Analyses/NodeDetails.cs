using System.Runtime.InteropServices;
using Holdfast.Analyses.Derived;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>An edge seen from one of its ends.</summary>
/// <param name="Edge">The edge.</param>
/// <param name="Name">Its name; of a variable in a block's context the variable's.</param>
/// <param name="Other">The node at the other end.</param>
public sealed record NodeLink(EdgeIndex Edge, string Name, NodeIndex Other);

/// <summary>The edges of one type that start at a node.</summary>
/// <param name="Type">The edges' type.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Links">The first of them, in the order of the graph.</param>
public sealed record LinkGroup(string Type, int Count, IReadOnlyList<NodeLink> Links);

/// <summary>Everything about one node.</summary>
/// <param name="Node">The node.</param>
/// <param name="Edges">Its edges by type, those of the program first.</param>
/// <param name="Retainers">Edges that lead to it, those nearest to the roots first.</param>
/// <param name="RetainerCount">How many of these there are.</param>
/// <param name="AllocatedBy">Functions on the stack when it was allocated, innermost first; empty without allocation tracking.</param>
public sealed record NodeDetails(
    NodeIndex Node, IReadOnlyList<LinkGroup> Edges, IReadOnlyList<NodeLink> Retainers, int RetainerCount, IReadOnlyList<AllocationFrame> AllocatedBy)
{
    /// <summary>The order in which types of edges are given; any other comes last.</summary>
    private static readonly EdgeType[] TypeOrder =
        [EdgeType.Property, EdgeType.Element, EdgeType.Context, EdgeType.Internal, EdgeType.Hidden, EdgeType.Shortcut, EdgeType.Weak];

    /// <param name="heap">The heap.</param>
    /// <param name="node">The node.</param>
    /// <param name="limit">Most edges of one type, and most retainers.</param>
    /// <param name="work">Progress and cancellation.</param>
    public static NodeDetails Run(Heap heap, NodeIndex node, int limit, Work work)
    {
        _ = heap.Distances;
        work.Report("looking at one object");
        var variables = new ContextVariables(heap.Graph);
        (IReadOnlyList<NodeLink> retainers, int count) = FindRetainers(heap, variables, node, limit);
        return new NodeDetails(node, GroupEdges(heap.Graph, variables, node, limit), retainers, count, AllocationStack.Find(heap.Graph, node));
    }

    private static List<LinkGroup> GroupEdges(HeapGraph graph, ContextVariables variables, NodeIndex node, int limit)
    {
        var counts = new int[graph.EdgeTypeNames.Count];
        var links = new List<NodeLink>[counts.Length];
        for (int edge = graph.FirstEdges[(int)node], end = graph.FirstEdges[(int)node + 1]; edge < end; edge++)
        {
            int type = (int)graph.EdgeTypes[edge];
            if (counts[type]++ < limit) (links[type] ??= []).Add(Link(graph, variables, node, edge, graph.EdgeTargets[edge]));
        }

        return
        [
            .. Enumerable.Range(0, counts.Length).Where(type => counts[type] > 0)
                .OrderBy(type => Array.IndexOf(TypeOrder, (EdgeType)type) is >= 0 and var place ? place : TypeOrder.Length + type)
                .Select(type => new LinkGroup(graph.EdgeTypeNames[type], counts[type], links[type] ?? [])),
        ];
    }

    /// <summary>Looks through all edges once; transposing the whole graph for one node would take longer.</summary>
    private static (List<NodeLink> Links, int Count) FindRetainers(Heap heap, ContextVariables variables, NodeIndex node, int limit)
    {
        HeapGraph graph = heap.Graph;
        var edges = new List<int>();
        ReadOnlySpan<int> targets = MemoryMarshal.Cast<NodeIndex, int>(graph.EdgeTargets);
        for (int from = 0; targets[from..].IndexOf((int)node) is >= 0 and var next; from += next + 1) edges.Add(from + next);

        var links = edges.Select(edge => (Edge: edge, Source: SourceOf(graph, edge)))
            .OrderBy(l => Rank(heap.Distances[l.Source])).ThenBy(l => l.Edge).Take(limit)
            .Select(l => Link(graph, variables, l.Source, l.Edge, l.Source));
        return ([.. links], edges.Count);
    }

    private static int Rank(int distance) => distance == Distances.Unreached ? int.MaxValue : distance;

    private static NodeIndex SourceOf(HeapGraph graph, int edge)
    {
        // Of several nodes that begin at the same edge, all but the last have no edges.
        int low = 0, high = graph.NodeCount;
        while (high - low > 1)
        {
            int middle = (int)(((uint)low + (uint)high) / 2);
            if (graph.FirstEdges[middle] <= edge) low = middle;
            else high = middle;
        }

        return (NodeIndex)low;
    }

    private static NodeLink Link(HeapGraph graph, ContextVariables variables, NodeIndex source, int edge, NodeIndex other)
    {
        int variable = graph.EdgeTypes[edge] == EdgeType.Hidden ? variables.NameOf(source, edge) : -1;
        return new NodeLink((EdgeIndex)edge, variable < 0 ? graph.EdgeName((EdgeIndex)edge) : graph.Strings.Decode(variable), other);
    }
}
