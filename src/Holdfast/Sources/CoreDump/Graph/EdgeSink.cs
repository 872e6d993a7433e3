using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Graph;

/// <summary>
/// Takes the edges of one node after another, by V8's rules: which references make an edge at all, and that each field makes
/// one only. Source: V8, V8HeapExplorer::Set…Reference and IndexedReferencesExtractor.
/// </summary>
internal sealed class EdgeSink
{
    private readonly V8Heap _heap;
    private readonly NodeNumbers _numbers;
    private readonly NameCache _names;
    private readonly EdgeTable _edges;
    private readonly BitColumn _unessential;
    private ulong[] _visited = new ulong[64];
    private int _used;
    private int _visitedWords;
    private BitColumn? _live;

    public EdgeSink(V8Heap heap, NodeNumbers numbers, NameCache names, BitColumn unessential, EdgeTable edges)
    {
        _heap = heap;
        _numbers = numbers;
        _names = names;
        _unessential = unessential;
        _edges = edges;

        // Most heaps have between three and four edges a node; room that is not used costs nothing.
        _edges.Resize(Math.Min(Limits.MaxEdges, Math.Max(1 << 16, 4L * numbers.End)));
    }

    /// <summary>Edges so far.</summary>
    public int Count => _used;

    public NameCache Names => _names;

    /// <summary>Begins the edges of an object.</summary>
    /// <param name="owner">The object.</param>
    /// <param name="live">Where the object is garbage, the objects that are not: it holds none of them. Else null.</param>
    public void Begin(HeapObject owner, BitColumn? live = null)
    {
        _live = live;
        Array.Clear(_visited, 0, _visitedWords);
        _visitedWords = (int)Math.Min((owner.Words >> 6) + 1, int.MaxValue);
        if (_visited.Length < _visitedWords) _visited = new ulong[_visitedWords];
    }

    /// <summary>Ends the edges of an object: what follows are those of something that is none.</summary>
    public void EndOwner() => _live = null;

    /// <summary>Ends adding: gives back the room that was not used.</summary>
    public void Complete() => _edges.Resize(_used);

    /// <summary>An edge as it is.</summary>
    public void Add(EdgeType type, uint name, NodeIndex target)
    {
        if (_used == _edges.Length) Grow();
        _edges.Types[_used] = type;
        _edges.Names[_used] = name;
        _edges.Targets[_used++] = target;
    }

    /// <summary>An edge to an object, where that is in the graph.</summary>
    public bool TryAdd(EdgeType type, uint name, int target)
    {
        NodeIndex node = _numbers.Of(target);
        if (node == NodeIndex.None) return false;
        if (_live is null || !_live[target]) Add(type, name, node);
        else Add(EdgeType.Weak, HeapGraph.IsNumbered(type) ? (uint)_names.Of((int)name) : name, node);
        return true;
    }

    /// <summary>A property: any value but small integers, the field it is in, or -1.</summary>
    public void Property(int name, ulong value, int offset, bool isNamed = true)
    {
        int target = _heap.IndexOf(value);
        if (target < 0) return;
        TryAdd(isNamed ? EdgeType.Property : EdgeType.Internal, (uint)name, target);
        MarkVisited(offset);
    }

    public void Element(int index, ulong value)
    {
        int target = _heap.IndexOf(value);
        if (target >= 0 && _heap.KindOf(target) != ObjectKind.Hole && !_numbers.IsTheHole(target)) TryAdd(EdgeType.Element, (uint)index, target);
    }

    public void Context(int name, ulong value, int offset)
    {
        int target = _heap.IndexOf(value);
        if (target < 0) return;
        TryAdd(EdgeType.Context, (uint)name, target);
        MarkVisited(offset);
    }

    public void Shortcut(string name, ulong value)
    {
        if (_heap.IndexOf(value) is >= 0 and var target) TryAdd(EdgeType.Shortcut, (uint)_names.Of(name), target);
    }

    /// <summary>A field with a name of V8's; empty arrays, oddballs and the like make no edge.</summary>
    public void Internal(string name, ulong value, int offset) => Internal(_names.Of(name), value, offset);

    public void Internal(int name, ulong value, int offset)
    {
        int target = Essential(value);
        if (target < 0) return;
        TryAdd((value & 3) == 3 ? EdgeType.Weak : EdgeType.Internal, (uint)name, target);
        MarkVisited(offset);
    }

    public void Weak(string name, ulong value, int offset)
    {
        int target = Essential(value);
        if (target < 0) return;
        TryAdd(EdgeType.Weak, (uint)_names.Of(name), target);
        MarkVisited(offset);
    }

    public void Weak(int name, ulong value)
    {
        if (Essential(value) is >= 0 and var target) TryAdd(EdgeType.Weak, (uint)name, target);
    }

    public bool IsUnessential(int index) => _unessential[index];

    /// <summary>Has a field make no edge of its own.</summary>
    public void MarkVisited(int offset)
    {
        int word = offset >> 3;
        if (offset >= 0 && word >> 6 < _visitedWords) _visited[word >> 6] |= 1UL << (word & 63);
    }

    /// <summary>The references that no other edge stands for, numbered.</summary>
    public void Rest(HeapObject owner)
    {
        Internal("map", owner.Map.Address, 0);
        int number = IsVisited(0) ? 0 : 1;
        if (owner.Kind is ObjectKind.InstructionStream || owner.Traits.Body == ObjectBody.Instructions)
        {
            InCode(owner, number);
            return;
        }

        (int from, int end) = References.Range(owner, _heap.Layout);
        ReadOnlySpan<ulong> words = owner.WordsFrom(0);
        for (int i = from >> 3; i < Math.Min(end >> 3, words.Length); i++)
        {
            ulong word = words[i];
            if ((word & 5) != 1 || IsVisited(i)) continue;
            int target = _heap.IndexOf(word);
            if (target < 0) continue;
            uint index = (uint)number++;
            if (_unessential[target]) continue;
            if ((word & 2) != 0) TryAdd(EdgeType.Weak, (uint)_names.Of((int)index), target);
            else if (!IsHiddenLink(owner, i << 3)) TryAdd(EdgeType.Hidden, index, target);
        }
    }

    private void InCode(HeapObject code, int number)
    {
        foreach (int target in References.InCode(code, _heap))
        {
            uint index = (uint)number++;
            if (_unessential[target]) continue;
            if (References.IsWeakInCode(_heap.KindOf(target))) TryAdd(EdgeType.Weak, (uint)_names.Of((int)index), target);
            else TryAdd(EdgeType.Hidden, index, target);
        }
    }

    /// <summary>Links between objects that V8's collector keeps for itself.</summary>
    private bool IsHiddenLink(HeapObject owner, int offset) => owner.Kind switch
    {
        ObjectKind.AllocationSite => offset == _heap.Layout.AllocationSiteNext,
        ObjectKind.NativeContext => offset == owner.Size - 16,
        ObjectKind.FinalizationRegistry => offset == _heap.Layout.FinalizationNextDirty,
        _ => false,
    };

    private bool IsVisited(int word) => word >> 6 < _visitedWords && (_visited[word >> 6] >> (word & 63) & 1) != 0;

    private int Essential(ulong value)
    {
        int target = _heap.IndexOf(value);
        return target >= 0 && !_unessential[target] ? target : -1;
    }

    private void Grow()
    {
        long length = Math.Min(Limits.MaxEdges, _edges.Length + (_edges.Length / 2L));
        if (length <= _used) throw new InputException($"more than {Limits.MaxEdges} references (limit MaxEdges)");
        _edges.Resize(length);
    }
}
