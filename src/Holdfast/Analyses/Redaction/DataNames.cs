using Holdfast.Analyses.Derived;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Redaction;

/// <summary>
/// Which names of properties are likely to be data, because a program uses an object as a dictionary: <c>sessions[token] = …</c>.
/// A name is the program's own if it is also the name of a function, a class or a variable, if the global object has it, if it is
/// a symbol's, or if it looks like an identifier and two or more objects have it in a shape that they share (V8 keeps no shapes of
/// dictionaries). All others are taken for data.
/// </summary>
internal sealed class DataNames : IDisposable
{
    private readonly HeapGraph _graph;
    private readonly DistinctStrings _distinct;
    private readonly Work _work;
    private readonly BitColumn _own;

    public DataNames(HeapGraph graph, DistinctStrings distinct, Work work)
    {
        _graph = graph;
        _distinct = distinct;
        _work = work;
        _own = new BitColumn(graph.Strings.Count);
        KeepNamesOfCode();
        KeepSharedShapes();
        KeepGlobals();
        KeepAccessors();
    }

    /// <summary>Whether the name of a property has to go.</summary>
    public bool Contains(uint name) => !_own[_distinct[name]];

    public void Dispose() => _own.Dispose();

    private void KeepNamesOfCode()
    {
        for (int node = 0; node < _graph.NodeCount; node++)
        {
            _work.ThrowIfCancelled(node);
            if (_graph.NodeTypes[node] is NodeType.Closure or NodeType.Object or NodeType.Code) Keep((uint)_graph.NodeNames[node]);
        }

        for (int edge = 0; edge < _graph.EdgeCount; edge++)
        {
            _work.ThrowIfCancelled(edge);
            if (_graph.EdgeTypes[edge] == EdgeType.Context) Keep(_graph.EdgeNames[edge]);
        }

        for (int i = 0; i < _graph.Strings.Count; i++)
        {
            if (_graph.Strings.Utf8(i) is var name && (name.StartsWith("<symbol"u8) || name.SequenceEqual("__proto__"u8))) Keep((uint)i);
        }
    }

    private void Keep(uint name) => _own[_distinct[name]] = true;

    private void KeepSharedShapes()
    {
        int map = _distinct.Find("map"u8), descriptors = _distinct.Find("descriptors"u8);
        if (map < 0 || descriptors < 0) return;
        using var users = new Column<int>(_graph.NodeCount);
        using Column<int> maps = Column<int>.Filled(_graph.NodeCount, (int)NodeIndex.None);
        for (int node = 0; node < _graph.NodeCount; node++)
        {
            _work.ThrowIfCancelled(node);
            if (_graph.NodeTypes[node] is not (NodeType.Object or NodeType.Closure) || Target(node, map) is not { } of) continue;
            maps[node] = of;
            users[of]++;
        }

        var names = new HashSet<int>();
        for (int node = 0; node < _graph.NodeCount; node++)
        {
            // One of the objects of a shape stands for all.
            if (maps[node] < 0 || users[maps[node]] < 2 || Target(maps[node], descriptors) is not { } list) continue;
            users[maps[node]] = 0;
            _work.ThrowIfCancelled();
            ReadNames(list, names);
            KeepShape(node, names);
        }
    }

    private int? Target(int node, int name)
    {
        for (int edge = _graph.FirstEdges[node]; edge < _graph.FirstEdges[node + 1]; edge++)
        {
            if (_graph.EdgeTypes[edge] == EdgeType.Internal && _distinct[_graph.EdgeNames[edge]] == name) return (int)_graph.EdgeTargets[edge];
        }

        return null;
    }

    private void ReadNames(int descriptors, HashSet<int> names)
    {
        names.Clear();
        for (int edge = _graph.FirstEdges[descriptors]; edge < _graph.FirstEdges[descriptors + 1]; edge++)
        {
            int target = (int)_graph.EdgeTargets[edge];
            if (_graph.NodeTypes[target] == NodeType.String) names.Add(_distinct[_graph.NodeNames[target]]);
        }
    }

    private void KeepShape(int node, HashSet<int> names)
    {
        for (int edge = _graph.FirstEdges[node]; edge < _graph.FirstEdges[node + 1]; edge++)
        {
            if (_graph.EdgeTypes[edge] != EdgeType.Property) continue;
            int name = _distinct[_graph.EdgeNames[edge]];
            if (names.Contains(name) && IsIdentifier(_graph.Strings.Utf8(name))) _own[name] = true;
        }
    }

    private static bool IsIdentifier(ReadOnlySpan<byte> name)
    {
        if (name.IsEmpty || char.IsAsciiDigit((char)name[0])) return false;
        foreach (byte b in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)b) && b is not ((byte)'_' or (byte)'$' or (byte)'#')) return false;
        }

        return true;
    }

    private void KeepGlobals()
    {
        foreach (Edge root in _graph[_graph.Root].Edges)
        {
            if (!RootNodes.IsUserRoot(_graph, root.Target)) continue;
            foreach (Edge edge in _graph[root.Target].Edges)
            {
                if (edge.Type == EdgeType.Property) Keep(_graph.EdgeNames[(int)edge.Index]);
            }
        }
    }

    /// <summary><c>get size</c> is kept with <c>size</c>.</summary>
    private void KeepAccessors()
    {
        for (int i = 0; i < _graph.Strings.Count; i++)
        {
            ReadOnlySpan<byte> name = _graph.Strings.Utf8(i);
            if (name is not [(byte)'g' or (byte)'s', (byte)'e', (byte)'t', (byte)' ', ..]) continue;
            if (_distinct.Find(name[4..]) is >= 0 and var of && _own[of]) Keep((uint)i);
        }
    }
}
