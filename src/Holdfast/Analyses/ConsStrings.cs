using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>What of a string is kept as two parts (V8: ConsString), and what has been put together since.</summary>
internal sealed class ConsStrings(HeapGraph graph)
{
    private const long ManyEdges = 8_000_000;
    private const long FewEdges = 8_000;

    private readonly int _first = graph.Strings.Find("first"u8);
    private readonly int _second = graph.Strings.Find("second"u8);
    private readonly Stack<NodeIndex> _parts = [];
    private long _mostEdges = ManyEdges;

    /// <summary>
    /// Whether a concatenated string has an empty part: V8 puts the whole text into the first part and empties the second
    /// once somebody needs it whole, so it says nothing new. Source: DevTools, isFlatConsString.
    /// </summary>
    public bool IsFlat(NodeIndex node)
    {
        if (graph.NodeTypes[(int)node] != NodeType.ConsString) return false;
        for (int edge = graph.FirstEdges[(int)node], end = graph.FirstEdges[(int)node + 1]; edge < end; edge++)
        {
            if (IsPart(edge) && IsEmpty(graph.EdgeTargets[edge])) return true;
        }

        return false;
    }

    private bool IsPart(int edge) => graph.EdgeTypes[edge] == EdgeType.Internal
        && (graph.EdgeNames[edge] == _first || graph.EdgeNames[edge] == _second);

    /// <summary>Whether nothing in the parts of a string has any text; most often the first part looked at has.</summary>
    private bool IsEmpty(NodeIndex node)
    {
        _parts.Clear();
        _parts.Push(node);
        long edges = 0;
        while (_parts.TryPop(out NodeIndex part))
        {
            if (graph.NodeTypes[(int)part] != NodeType.ConsString)
            {
                if (graph[part].NameUtf8.Length > 0) return false;
                continue;
            }

            // Damaged files can make chains of empty parts without an end: the first costs a moment, the others must not.
            edges += 1 + graph[part].EdgeCount;
            if (edges > _mostEdges)
            {
                _mostEdges = FewEdges;
                return true;
            }

            for (int edge = graph.FirstEdges[(int)part], end = graph.FirstEdges[(int)part + 1]; edge < end; edge++)
            {
                if (IsPart(edge)) _parts.Push(graph.EdgeTargets[edge]);
            }
        }

        return true;
    }
}
