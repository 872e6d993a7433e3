using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>The version of Node that wrote a snapshot, as its <c>process.version</c> says.</summary>
internal static class NodeVersion
{
    /// <returns>Such as <c>v22.3.0</c>, or null where it is not in the heap.</returns>
    public static string? Find(HeapGraph graph) => FindNode(graph) is { } node ? graph[node].Name : null;

    /// <summary>The string that holds it.</summary>
    public static NodeIndex? FindNode(HeapGraph graph)
    {
        int process = graph.Strings.Find("process"u8), version = graph.Strings.Find("version"u8);
        if (process < 0 || version < 0) return null;
        for (int node = 0; node < graph.NodeCount; node++)
        {
            if (graph.NodeNames[node] != process || graph.NodeTypes[node] != NodeType.Object) continue;
            foreach (Edge edge in graph[(NodeIndex)node].Edges)
            {
                if (edge.Type != EdgeType.Property || graph.EdgeNames[(int)edge.Index] != version) continue;
                Node value = graph[edge.Target];
                if (value.Type == NodeType.String && value.NameUtf8 is [(byte)'v', >= (byte)'0' and <= (byte)'9', ..]) return edge.Target;
            }
        }

        return null;
    }
}
