using Holdfast.Model;

namespace Holdfast.Tests.Fixtures;

/// <summary>Large graphs of simple forms, written into the columns directly.</summary>
internal static class DeepGraphs
{
    /// <summary>The root and then objects of 16 bytes, each held by the one before it only.</summary>
    public static HeapGraph Chain(int length) => Build(length, node => node - 1);

    /// <summary>The root and then objects of 16 bytes, each with two below it.</summary>
    public static HeapGraph BinaryTree(int nodes) => Build(nodes, node => (node - 1) / 2);

    /// <summary>The root, and a chain each of whose nodes also points back to the first and on to the next but one.</summary>
    public static HeapGraph Ladder(int length)
    {
        HeapGraphBuilder builder = WithNodes(length, node => (node > 1 ? 1 : 0) + (node + 1 < length ? 1 : 0) + (node > 0 && node + 2 < length ? 1 : 0));
        int edge = 0;
        for (int node = 0; node < length; node++)
        {
            if (node > 1) AddEdge(builder, edge++, 1);
            if (node + 1 < length) AddEdge(builder, edge++, node + 1);
            if (node > 0 && node + 2 < length) AddEdge(builder, edge++, node + 2);
        }

        return builder.Build();
    }

    /// <summary>
    /// The root, a holder, and a list of links from its property <c>head</c> on, whose ids rise with their age: of a longer list
    /// the first ones are those of a shorter one.
    /// </summary>
    /// <param name="length">Links.</param>
    /// <param name="newestFirst">Whether new links come before the old ones.</param>
    /// <param name="through">A class that stands between each two links, or null.</param>
    public static HeapGraph List(int length, bool newestFirst, string? through = null)
    {
        int each = through is null ? 1 : 2, count = length * each;
        HeapGraphBuilder builder = WithNodes(count + 2, node => node == count + 1 ? 0 : 1);
        string[] names = ["Holder", "head", "next", through ?? ""];
        foreach (string name in names) builder.Strings.Append(System.Text.Encoding.UTF8.GetBytes(name));
        builder.Nodes.Names[1] = 2;
        for (int node = 2; node < count + 2; node++)
        {
            if ((node - 2) % each == 1) builder.Nodes.Names[node] = 5;
            int age = newestFirst ? count + 1 - node : node - 2;
            builder.Nodes.Ids[node] = (ulong)age * 2 + 5;
        }

        for (int node = 0; node < count + 1; node++)
        {
            AddEdge(builder, node, node + 1);
            builder.Edges.Names[node] = node == 1 ? 3 : 4u;
        }

        return builder.Build();
    }

    /// <param name="count">Nodes.</param>
    /// <param name="parentOf">The one node that holds each; never falls as nodes go up.</param>
    private static HeapGraph Build(int count, Func<int, int> parentOf)
    {
        var children = new int[count];
        for (int node = 1; node < count; node++) children[parentOf(node)]++;
        HeapGraphBuilder builder = WithNodes(count, node => children[node]);
        for (int node = 1; node < count; node++) AddEdge(builder, node - 1, node);
        return builder.Build();
    }

    private static HeapGraphBuilder WithNodes(int count, Func<int, int> edgesOf)
    {
        var builder = new HeapGraphBuilder();
        builder.Strings.Append(""u8);
        builder.Strings.Append("Link"u8);
        builder.Nodes.Resize(count);
        int edges = 0;
        for (int node = 0; node < count; node++)
        {
            builder.Nodes.Types[node] = node == 0 ? NodeType.Synthetic : NodeType.Object;
            builder.Nodes.Names[node] = node == 0 ? 0 : 1;
            builder.Nodes.Ids[node] = (ulong)node * 2 + 1;
            builder.Nodes.SelfSizes[node] = node == 0 ? 0UL : 16;
            builder.Nodes.EdgeCounts[node] = edgesOf(node);
            edges += edgesOf(node);
        }

        builder.Edges.Resize(edges);
        return builder;
    }

    private static void AddEdge(HeapGraphBuilder builder, int edge, int target)
    {
        builder.Edges.Types[edge] = EdgeType.Property;
        builder.Edges.Names[edge] = 1;
        builder.Edges.Targets[edge] = (NodeIndex)target;
    }
}
