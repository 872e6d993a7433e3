using System.Text;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Redaction;

/// <summary>
/// The names of edges that stand for an entry of a WeakMap (<see cref="Derived.WeakMapEdges"/>). They repeat the names of key and
/// value: of a value that is a string, its text.
/// </summary>
internal sealed class PairNames
{
    private readonly HeapGraph _graph;
    private readonly Dictionary<ulong, NodeIndex> _keys = [];

    public PairNames(HeapGraph graph, Work work)
    {
        _graph = graph;
        for (int edge = 0; edge < graph.EdgeCount; edge++)
        {
            work.ThrowIfCancelled(edge);
            if (IsPair(edge) && Parse(edge) is { } pair) _keys[pair.Key] = NodeIndex.None;
        }

        for (int node = 0; _keys.Count > 0 && node < graph.NodeCount; node++)
        {
            if (_keys.ContainsKey(graph.Ids[node])) _keys[graph.Ids[node]] = (NodeIndex)node;
        }
    }

    /// <param name="Number">What V8 counts such edges with.</param>
    /// <param name="Key">Id of the key.</param>
    /// <param name="Rest">From the value's id on.</param>
    private readonly record struct Pair(string Number, ulong Key, string Rest);

    public bool IsPair(int edge)
    {
        if (_graph.EdgeTypes[edge] != EdgeType.Internal) return false;
        ReadOnlySpan<byte> name = _graph.Strings.Utf8((int)_graph.EdgeNames[edge]);
        return name is [>= (byte)'0' and <= (byte)'9', ..] && name.IndexOf(" / part of key ("u8) >= 0;
    }

    /// <summary>The edge's name with the names that key and value have now.</summary>
    public byte[] Rename(int edge, Func<NodeIndex, string> nameOf)
    {
        // What is no such name after all is a text somebody made look like one.
        if (Parse(edge) is not { } pair) return "pair in WeakMap"u8.ToArray();
        string key = _keys[pair.Key] is var node and not NodeIndex.None ? nameOf(node) : "?";
        return Encoding.UTF8.GetBytes($"{pair.Number} / part of key ({key} @{pair.Key}) -> value ({nameOf(_graph.EdgeTargets[edge])} @{pair.Rest}");
    }

    private Pair? Parse(int edge)
    {
        string name = _graph.EdgeName((EdgeIndex)edge);
        Node value = _graph[_graph.EdgeTargets[edge]];
        string middle = $") -> value ({value.Name} @{value.Id}) pair in WeakMap (table @";
        int to = name.LastIndexOf(middle, StringComparison.Ordinal), at = to < 0 ? -1 : name.LastIndexOf('@', to);
        if (at < 0 || !ulong.TryParse(name.AsSpan(at + 1, to - at - 1), out ulong key)) return null;
        string number = name[..name.IndexOf(' ', StringComparison.Ordinal)], end = name[(to + middle.Length)..];
        bool isWhole = end.EndsWith(')') && ulong.TryParse(end.AsSpan(0, end.Length - 1), out _) && ulong.TryParse(number, out _);
        return isWhole ? new Pair(number, key, $"{value.Id}) pair in WeakMap (table @{end}") : null;
    }
}
