using System.Text;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Graph;

/// <summary>
/// Makes the graph of a heap in memory, in the shape of V8's own snapshots: the root, the kinds of GC roots, each object that is
/// kept alive in the order of addresses, and the memory outside the heap that objects own. Ids are addresses.
/// </summary>
internal sealed class CoreGraph : IDisposable
{
    private readonly V8Heap _heap;
    private readonly Work _work;
    private readonly HeapGraphBuilder _builder = new();
    private readonly NameCache _names;
    private readonly HeapStrings _strings;
    private readonly List<RootEdge> _roots;
    private readonly IReadOnlyList<string> _categories;
    private readonly BitColumn _kept;
    private readonly BitColumn _unessential;
    private readonly int _theHole;

    private CoreGraph(V8Heap heap, List<RootEdge> roots, BitColumn kept, bool withGarbage, Work work)
    {
        _heap = heap;
        _work = work;
        _roots = roots;
        _kept = kept;
        _strings = new HeapStrings(heap);
        _names = new NameCache(heap, _strings, _builder.Strings);
        string[] more = [.. roots.Select(r => r.Category).Distinct().Except(RootCategory.All(heap.Layout.Version))];
        _categories = [.. RootCategory.All(heap.Layout.Version), .. more, .. withGarbage ? [RootCategory.Garbage] : Array.Empty<string>()];
        _unessential = Unessential(out _theHole);
    }

    /// <param name="heap">The heap.</param>
    /// <param name="roots">What keeps its objects alive.</param>
    /// <param name="kept">The objects to have in the graph.</param>
    /// <param name="reached">The objects the roots keep; those of <paramref name="kept"/> that are not are garbage.</param>
    /// <param name="origin">Where the heap is from.</param>
    /// <param name="work">Progress and cancellation.</param>
    public static HeapGraph Build(V8Heap heap, List<RootEdge> roots, BitColumn kept, BitColumn reached, HeapOrigin origin, Work work)
    {
        using var graph = new CoreGraph(heap, roots, kept, kept != reached, work);
        graph._builder.Origin = origin;
        return graph.Build(reached);
    }

    public void Dispose()
    {
        _names.Dispose();
        _unessential.Dispose();
        _builder.Dispose();
    }

    private HeapGraph Build(BitColumn reached)
    {
        int first = 2 + _categories.Count;
        using var numbers = new NodeNumbers(_kept, _heap.Count, first, _theHole);
        NodeTable nodes = _builder.Nodes;
        nodes.Resize(numbers.End);
        _names.Of("");
        var scopes = new ScopeInfos(_heap, _strings);
        var functions = new FunctionNames(_heap, _strings, scopes);
        NameObjects(numbers, functions, new ScriptLines(_heap, _strings, functions, scopes));

        var sink = new EdgeSink(_heap, numbers, _names, _unessential, _builder.Edges);
        AddRoots(sink, numbers, reached);
        var natives = new NativeNodes(_heap, _strings, numbers.End, _names);
        var texts = new Func<int, string>(index => Encoding.UTF8.GetString(_builder.Strings.Written(index)));
        var ephemerons = new EphemeronEdges(_heap, _kept, numbers, nodes, _names, texts);
        var explorer = new HeapExplorer(_heap, sink, numbers, nodes, scopes, functions, natives, ephemerons);
        explorer.TagConstants();
        for (int i = 0; i < _heap.Count; i++)
        {
            Report("reading objects", i);
            if (!_kept[i]) continue;
            int before = sink.Count;
            explorer.Explore(_heap[i], reached[i] ? null : reached);
            nodes.EdgeCounts[(int)numbers.Of(i)] = sink.Count - before;
        }

        AddNatives(natives, numbers.End, sink);
        sink.Complete();
        return _builder.Build();
    }

    private void NameObjects(NodeNumbers numbers, FunctionNames functions, ScriptLines lines)
    {
        var locations = new List<LocationRow>();
        var naming = new NodeNaming(_heap, functions, new ConstructorNames(_heap, _strings, functions), _names);
        NodeTable nodes = _builder.Nodes;
        foreach (HeapPage page in _heap.Pages.All)
        {
            for (int i = page.FirstObject; i < page.EndObject; i++)
            {
                Report("naming objects", i);
                if (!_kept[i]) continue;
                HeapObject named = _heap[i];
                int node = (int)numbers.Of(i);
                (nodes.Types[node], nodes.Names[node]) = naming.Of(named);
                nodes.Ids[node] = named.Address;
                nodes.SelfSizes[node] = (ulong)SizeOf(named, page);
                int function = naming.LocationFunction(named);
                if (function >= 0 && lines.Of(_heap[function]) is { } location) locations.Add(new LocationRow((NodeIndex)node, location));
            }
        }

        _builder.Locations.Resize(locations.Count);
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(locations).CopyTo(_builder.Locations.Span);
    }

    /// <summary>Since V8 13 a snapshot gives what all isolates share no size, and external strings that of their characters too.</summary>
    private long SizeOf(HeapObject sized, HeapPage page)
    {
        if (_heap.Layout.Version < 1306) return sized.Size;
        if (page.IsReadOnly) return 0;
        bool isExternal = sized.Kind == ObjectKind.String && HeapStrings.Shape(sized) == StringShape.External;
        return isExternal ? sized.Size + ((long)HeapStrings.Length(sized) << (HeapStrings.IsOneByte(sized) ? 0 : 1)) : sized.Size;
    }

    private void Report(string stage, int item)
    {
        if ((item & 0xFFFF) != 0) return;
        _work.ThrowIfCancelled();
        _work.Report(stage, (double)item / Math.Max(1, _heap.Count));
    }

    private void AddRoots(EdgeSink sink, NodeNumbers numbers, BitColumn reached)
    {
        NodeTable nodes = _builder.Nodes;
        Synthetic(0, "", 1);
        Synthetic(1, "(GC roots)", 3);
        for (int i = 0; i < _categories.Count; i++) Synthetic(2 + i, _categories[i], 5 + (2UL * (ulong)i));

        sink.Add(EdgeType.Element, 1, (NodeIndex)1);
        foreach (int global in GlobalObjects(numbers)) sink.TryAdd(EdgeType.Shortcut, (uint)_names.Of(sink.Count + 1), global);
        nodes.EdgeCounts[0] = sink.Count;

        for (int i = 0; i < _categories.Count; i++) sink.Add(EdgeType.Element, (uint)i + 1, (NodeIndex)(2 + i));
        nodes.EdgeCounts[1] = _categories.Count;

        Dictionary<int, string> rootNames = RootNames();
        ILookup<string, RootEdge> byCategory = _roots.ToLookup(r => r.Category);
        for (int i = 0; i < _categories.Count; i++)
        {
            int before = sink.Count, number = 0;
            foreach (RootEdge root in byCategory[_categories[i]])
            {
                number++;
                if (root.IsWeak && !reached[root.Object]) continue;
                int name = rootNames.TryGetValue(root.Object, out string? known) ? _names.Of(known)
                    : root.Name is null || root.Category != RootCategory.Builtins ? _names.Of(number) : _names.Of($"{number} / {root.Name}");
                sink.TryAdd(root.IsWeak ? EdgeType.Weak : EdgeType.Internal, (uint)name, root.Object);
                if (root.Category == RootCategory.Builtins) NameBuiltin(numbers, root);
            }

            if (_categories[i] == RootCategory.Garbage) AddGarbage(sink, reached);
            nodes.EdgeCounts[2 + i] = sink.Count - before;
        }
    }

    private void AddGarbage(EdgeSink sink, BitColumn reached)
    {
        uint number = 0;
        for (int i = 0; i < _heap.Count; i++)
        {
            if (_kept[i] && !reached[i]) sink.TryAdd(EdgeType.Element, ++number, i);
        }
    }

    private void Synthetic(int node, string name, ulong id)
    {
        NodeTable nodes = _builder.Nodes;
        nodes.Types[node] = NodeType.Synthetic;
        nodes.Names[node] = _names.Of(name);
        nodes.Ids[node] = id;
    }

    /// <summary>The first name that the table of roots has for an object.</summary>
    private Dictionary<int, string> RootNames()
    {
        var names = new Dictionary<int, string>();
        foreach (RootEdge root in _roots)
        {
            if (root.Category is RootCategory.ReadOnlyRoots or RootCategory.StrongRootList or RootCategory.StrongRoots && root.Name is not null) names.TryAdd(root.Object, root.Name);
        }

        return names;
    }

    private void NameBuiltin(NodeNumbers numbers, RootEdge root)
    {
        if (numbers.Of(root.Object) is not (>= 0 and var node)) return;
        string suffix = _heap.Layout.Version switch { < 1103 => "", < 1204 => " handle", _ => " code" };
        _builder.Nodes.Names[(int)node] = _names.Of($"({root.Name} builtin{suffix})");
    }

    /// <summary>The global objects of the contexts that handles keep: what DevTools counts distances from.</summary>
    private List<int> GlobalObjects(NodeNumbers numbers)
    {
        var found = new List<int>();
        var known = new HashSet<int>();
        foreach (RootEdge root in _roots)
        {
            if (root.IsWeak || _heap.KindOf(root.Object) != ObjectKind.NativeContext) continue;
            HeapObject context = _heap[root.Object];
            int target = _heap.Layout.Version >= 1406 ? root.Object : _heap.IndexOf(context[32]);
            if (target >= 0 && numbers.Of(target) != NodeIndex.None && known.Add(target)) found.Add(target);
        }

        return found;
    }

    private BitColumn Unessential(out int theHole)
    {
        var bits = new BitColumn(Math.Max(1, _heap.Count));
        for (int i = 0; i < _heap.Count; i++)
        {
            if (_heap.KindOf(i) is ObjectKind.Oddball or ObjectKind.Hole) bits[i] = true;
        }

        theHole = -1;
        foreach (RootEdge root in _roots)
        {
            if (root.Name == "the_hole_value") theHole = root.Object;
            if (root.Name is "empty_byte_array" or "empty_fixed_array" or "empty_weak_fixed_array" or "empty_descriptor_array" or "fixed_array_map"
                or "cell_map" or "global_property_cell_map" or "shared_function_info_map" or "free_space_map" or "one_pointer_filler_map" or "two_pointer_filler_map")
                bits[root.Object] = true;
        }

        return bits;
    }

    private void AddNatives(NativeNodes natives, int first, EdgeSink sink)
    {
        NodeTable nodes = _builder.Nodes;
        nodes.Resize(first + natives.Nodes.Count);
        for (int i = 0; i < natives.Nodes.Count; i++)
        {
            NativeNode native = natives.Nodes[i];
            nodes.Types[first + i] = NodeType.Native;
            nodes.Names[first + i] = native.Name;
            nodes.Ids[first + i] = native.Address & ~1UL;
            nodes.SelfSizes[first + i] = (ulong)native.Size;
            sink.EndOwner();
            if (sink.TryAdd(EdgeType.Internal, (uint)_names.Of("native_to_javascript"), native.Wrapper)) nodes.EdgeCounts[first + i] = 1;
        }
    }
}
