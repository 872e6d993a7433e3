using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>How much a node's label says about what it is.</summary>
internal enum NameRank : byte
{
    /// <summary>What other objects are made of: scopes, backing arrays, links of V8's own.</summary>
    Plumbing,

    /// <summary>Made of: an array, an object without a shape of its own.</summary>
    Shapeless,

    /// <summary>
    /// A kind of value: a string, a buffer, a promise, an object by its properties, a function, a list of Node's own, the
    /// native side of an object.
    /// </summary>
    Kind,

    /// <summary>A class of the program's, a library's or Node's.</summary>
    Class,
}

/// <summary>Ranks of a heap's nodes. 1 byte a class.</summary>
internal sealed class NameRanks
{
    private readonly HeapGraph _graph;
    private readonly Heap _heap;
    private readonly NameRank[] _byClass;
    private readonly int _owner;

    public NameRanks(Heap heap)
    {
        _heap = heap;
        _graph = heap.Graph;
        _owner = heap.Graph.Strings.Find("<symbol owner_symbol>"u8);
        _byClass = new NameRank[heap.Classes.Catalog.Count];
        for (int i = 0; i < _byClass.Length; i++) _byClass[i] = RankOf(heap.Classes.Catalog[i].Name);
    }

    public NameRank this[NodeIndex node] => _graph.NodeTypes[(int)node] switch
    {
        NodeType.Object or NodeType.WasmObject => _byClass[_heap.Classes.Span[(int)node]] is NameRank.Class && IsHandleOfOther(node)
            ? NameRank.Kind
            : _byClass[_heap.Classes.Span[(int)node]],
        NodeType.Closure or NodeType.RegExp or NodeType.Native => NameRank.Kind,
        NodeType.String or NodeType.ConsString or NodeType.SlicedString or NodeType.Number or NodeType.Symbol or NodeType.BigInt => NameRank.Kind,
        _ => NameRank.Plumbing,
    };

    /// <summary>Whether the object is the native side of another that has the name people know: the TCP of a Socket.</summary>
    private bool IsHandleOfOther(NodeIndex node)
    {
        if (_owner < 0) return false;
        for (int edge = _graph.FirstEdges[(int)node], end = _graph.FirstEdges[(int)node + 1]; edge < end; edge++)
        {
            if (_graph.EdgeNames[edge] == (uint)_owner && _graph.EdgeTypes[edge] == EdgeType.Property) return true;
        }

        return false;
    }

    private static NameRank RankOf(string name) => name switch
    {
        "Object" or "Array" or "" => NameRank.Shapeless,
        "TimersList" or "PriorityQueue" or "ImmediateList" or "FixedQueue" or "FixedCircularBuffer" or "Listener" => NameRank.Kind,
        _ when name.StartsWith("system / ", StringComparison.Ordinal) => NameRank.Plumbing,
        _ when name.StartsWith("Intl.", StringComparison.Ordinal) || name.StartsWith("WebAssembly.", StringComparison.Ordinal) => NameRank.Kind,
        _ when HolderNames.IsBuiltin(name) || name.EndsWith(" (global*)", StringComparison.Ordinal) || name.EndsWith(" (global)", StringComparison.Ordinal) => NameRank.Kind,
        _ => NameRank.Class,
    };
}
