using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>What of a string is kept as two parts (V8: ConsString), and what has been put together since.</summary>
internal sealed class ConsStrings(HeapGraph graph)
{
    private const int MaxSteps = 1_000_000;

    private readonly int _first = graph.Strings.Find("first"u8);
    private readonly int _second = graph.Strings.Find("second"u8);
    private readonly Stack<NodeIndex> _parts = [];

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
        int steps = 0;
        while (_parts.TryPop(out NodeIndex part))
        {
            // Damaged files can make a chain of empty parts that has no end.
            if (++steps > MaxSteps) return true;
            if (graph.NodeTypes[(int)part] != NodeType.ConsString)
            {
                if (graph[part].NameUtf8.Length > 0) return false;
                continue;
            }

            for (int edge = graph.FirstEdges[(int)part], end = graph.FirstEdges[(int)part + 1]; edge < end; edge++)
            {
                if (IsPart(edge)) _parts.Push(graph.EdgeTargets[edge]);
            }
        }

        return true;
    }
}
