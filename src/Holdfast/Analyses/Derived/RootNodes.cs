using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>Which children of the root count as the program's own roots (DevTools: user roots).</summary>
internal static class RootNodes
{
    /// <summary>Neither made up by V8 nor anything but the root of the documents' DOM trees.</summary>
    public static bool IsUserRoot(HeapGraph graph, NodeIndex node) =>
        graph.NodeTypes[(int)node] != NodeType.Synthetic || IsDomTrees(graph, node);

    public static bool IsDomTrees(HeapGraph graph, NodeIndex node) =>
        graph.NodeTypes[(int)node] == NodeType.Synthetic && graph[node].NameUtf8.SequenceEqual("(Document DOM trees)"u8);

    public static bool HasUserRoots(HeapGraph graph)
    {
        foreach (Edge edge in graph[graph.Root].Edges)
        {
            if (IsUserRoot(graph, edge.Target)) return true;
        }

        return false;
    }
}
