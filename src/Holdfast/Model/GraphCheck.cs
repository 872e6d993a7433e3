using System.Runtime.InteropServices;
using Holdfast.Common;

namespace Holdfast.Model;

/// <summary>Whether every index in the columns of a graph being built points inside its table.</summary>
internal static class GraphCheck
{
    public static void Run(HeapGraphBuilder builder)
    {
        CheckNodes(builder, builder.Strings.Count);
        CheckEdges(builder, builder.Strings.Count);
        foreach (LocationRow row in builder.Locations.Span)
        {
            if ((uint)row.Node >= (uint)builder.Nodes.Length)
                throw new InputException($"a location is of node {(int)row.Node}, and there are {builder.Nodes.Length} nodes");
        }
    }

    private static void CheckNodes(HeapGraphBuilder builder, int stringCount)
    {
        NodeTable nodes = builder.Nodes;
        if (nodes.Length == 0) throw new InputException("the graph has no nodes, so no root to start from");
        if ((uint)builder.Root >= (uint)nodes.Length)
            throw new InputException($"the root is node {(int)builder.Root}, and there are {nodes.Length} nodes");

        long edges = 0;
        foreach (int count in nodes.EdgeCounts.Span) edges += count;
        if (edges != builder.Edges.Length)
            throw new InputException($"the nodes say they have {edges} edges, and there are {builder.Edges.Length}");

        Span<int> names = nodes.Names.Span;
        int bad = names.IndexOfAnyExceptInRange(0, stringCount - 1);
        if (bad >= 0)
            throw new InputException($"the name of node {bad} is string {(uint)names[bad]}, and there are {stringCount} strings");
    }

    private static void CheckEdges(HeapGraphBuilder builder, int stringCount)
    {
        int nodeCount = builder.Nodes.Length;
        ReadOnlySpan<int> targets = MemoryMarshal.Cast<NodeIndex, int>(builder.Edges.Targets.Span);
        int bad = targets.IndexOfAnyExceptInRange(0, nodeCount - 1);
        if (bad >= 0)
            throw new InputException($"edge {bad} leads to node {(uint)targets[bad]}, and there are {nodeCount} nodes");

        ReadOnlySpan<EdgeType> types = builder.Edges.Types.Span;
        ReadOnlySpan<uint> names = builder.Edges.Names.Span;
        for (int i = 0; i < names.Length; i++)
        {
            if (names[i] >= (uint)stringCount && !HeapGraph.IsNumbered(types[i]))
                throw new InputException($"the name of edge {i} is string {names[i]}, and there are {stringCount} strings");
        }
    }
}
