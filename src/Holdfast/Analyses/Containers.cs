using System.Globalization;
using Holdfast.Analyses.Derived;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>What kind of container an object is.</summary>
public enum ContainerKind
{
    Map,
    Set,
    WeakMap,
    Array,

    /// <summary>An object with so many properties that V8 keeps them in a hash table, or with numbered ones.</summary>
    Dictionary,

    /// <summary>The listeners of an EventEmitter or an EventTarget, of all events together.</summary>
    Listeners,
}

/// <summary>An object that holds others.</summary>
/// <param name="Node">The object.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Size">
/// Entries that the snapshot shows. Small integers, undefined, null and booleans are not in it: an entry of a Map is seen by
/// its key or its value, one of a Set or an Array only where it is something else.
/// </param>
/// <param name="Bytes">Bytes of the backing store, which grows with entries of any kind.</param>
public readonly record struct Container(NodeIndex Node, ContainerKind Kind, int Size, long Bytes);

/// <summary>
/// Every container of a heap with its size. Source of the layouts of tables: V8, OrderedHashTable (3 numbers, buckets, entries of
/// 2 for a Set and 3 for a Map, twice as many as buckets) and HeapSnapshotGenerator, which names their slots by index.
/// </summary>
public sealed class Containers
{
    /// <summary>Fewer properties do not make an object a dictionary.</summary>
    public const int LeastDictionary = 8;

    /// <summary>A backing store of this many bytes makes an object a container even where the snapshot shows no entries.</summary>
    public const long LargeStore = 1024;

    private const int TableHeader = 3;
    private const int WordBytes = 8;
    private const int ArrayHeaderBytes = 16;

    private readonly HeapGraph _graph;
    private readonly WeakMapEdges _weakMaps;
    private readonly int _table, _elements, _properties, _events, _next;
    /// <summary>Edges and links that may still be looked at: many owners of one table, or many ways into one ring, must not take for ever.</summary>
    private long _stepsLeft;

    private readonly NameSet _array, _eventLists, _hole;

    private Containers(Heap heap)
    {
        _graph = heap.Graph;
        _weakMaps = heap.WeakMaps;
        _stepsLeft = 4L * _graph.EdgeCount + 1000;
        StringTable strings = _graph.Strings;
        _table = strings.Find("table"u8);
        _elements = strings.Find("elements"u8);
        _properties = strings.Find("properties"u8);
        _events = strings.Find("_events"u8);
        _next = strings.Find("next"u8);
        _array = new NameSet(strings, "Array"u8);
        _hole = new NameSet(strings, "system / Hole"u8);
        _eventLists = new NameSet(strings, "<symbol kEvents>"u8);
    }

    /// <param name="heap">The heap.</param>
    /// <param name="least">Containers with fewer entries and a store below <see cref="LargeStore"/> are passed over; at least 1.</param>
    /// <param name="work">Progress and cancellation.</param>
    /// <returns>Containers in the order of the graph; an emitter's listeners are one beside the arrays they are in.</returns>
    public static List<Container> Run(Heap heap, int least, Work work)
    {
        work.Report("sizing containers");
        var containers = new Containers(heap);
        var found = new List<Container>();
        for (int node = 0; node < heap.Graph.NodeCount; node++)
        {
            work.ThrowIfCancelled(node);
            if (heap.Graph.NodeTypes[node] == NodeType.Object) containers.Add((NodeIndex)node, least, found);
        }

        return found;
    }

    private void Add(NodeIndex node, int least, List<Container> found)
    {
        int properties = 0, elements = 0, listeners = 0;
        NodeIndex table = NodeIndex.None, store = NodeIndex.None, dictionary = NodeIndex.None;
        for (int edge = _graph.FirstEdges[(int)node], end = _graph.FirstEdges[(int)node + 1]; edge < end; edge++)
        {
            NodeIndex target = _graph.EdgeTargets[edge];
            int name = (int)_graph.EdgeNames[edge];
            switch (_graph.EdgeTypes[edge])
            {
                case EdgeType.Element:
                    elements++;
                    break;
                case EdgeType.Property:
                    properties++;
                    if (name == _events) listeners += CountEmitterListeners(target);
                    else if (_eventLists.Contains(name)) listeners += CountTargetListeners(target);
                    break;
                case EdgeType.Internal when name == _table:
                    table = target;
                    break;
                case EdgeType.Internal when name == _elements:
                    store = target;
                    break;
                case EdgeType.Internal when name == _properties && _graph.NodeTypes[(int)target] == NodeType.Array:
                    dictionary = target;
                    break;
            }
        }

        if (listeners >= least) found.Add(new Container(node, ContainerKind.Listeners, listeners, 0));
        Container container = default;
        if (table != NodeIndex.None) container = OfTable(node, table);
        else if (_array.Contains(_graph.NodeNames[(int)node])) container = new Container(node, ContainerKind.Array, elements, SizeOf(store));
        else if (elements + (dictionary == NodeIndex.None ? 0 : properties) is >= LeastDictionary and var size)
            container = new Container(node, ContainerKind.Dictionary, size, SizeOf(dictionary) + SizeOf(store));
        else if (SizeOf(dictionary) + SizeOf(store) is >= LargeStore and var bytes) container = new Container(node, ContainerKind.Dictionary, properties + elements, bytes);
        if (container.Size >= least || container.Bytes >= LargeStore) found.Add(container);
    }

    private long SizeOf(NodeIndex node) => node == NodeIndex.None ? 0 : (long)_graph.SelfSizes[(int)node];

    private Container OfTable(NodeIndex node, NodeIndex table)
    {
        long bytes = SizeOf(table);
        int weak = CountPairs(table);
        if (weak > 0) return new Container(node, ContainerKind.WeakMap, weak, bytes);
        long length = (bytes - ArrayHeaderBytes) / WordBytes - TableHeader;
        ReadOnlySpan<byte> name = _graph.Strings.Utf8(_graph.NodeNames[(int)node]);

        // Subclasses have other names: then the length tells, where it fits one kind of table only.
        bool isSet = name.SequenceEqual("Set"u8) || (!name.SequenceEqual("Map"u8) && length % 7 != 0 && length % 5 == 0);
        int entry = isSet ? 2 : 3;
        long buckets = length / (isSet ? 5 : 7);
        return new Container(node, isSet ? ContainerKind.Set : ContainerKind.Map, CountEntries(table, TableHeader + buckets, entry), bytes);
    }

    /// <summary>
    /// Slots are named by index and come in order: an entry is seen by the first of its slots that has an edge. Entries that were
    /// deleted lead to V8's hole since Node 22, and before that nowhere.
    /// </summary>
    private int CountEntries(NodeIndex table, long start, int entrySize)
    {
        int count = 0;
        long last = -1;
        if (!CanLookAt(table)) return 0;
        for (int edge = _graph.FirstEdges[(int)table], end = _graph.FirstEdges[(int)table + 1]; edge < end; edge++)
        {
            if (!TryIndex(edge, out int index) || index < start || _hole.Contains(_graph.NodeNames[(int)_graph.EdgeTargets[edge]])) continue;
            long entry = (index - start) / entrySize;
            if (entry != last) count++;
            last = entry;
        }

        return count;
    }

    /// <summary>Whether all edges of a node may still be looked at.</summary>
    private bool CanLookAt(NodeIndex node) => (_stepsLeft -= _graph.FirstEdges[(int)node + 1] - _graph.FirstEdges[(int)node]) > 0;

    private int CountPairs(NodeIndex table)
    {
        int count = 0;
        if (!CanLookAt(table)) return 0;
        for (int edge = _graph.FirstEdges[(int)table], end = _graph.FirstEdges[(int)table + 1]; edge < end; edge++)
        {
            if (_graph.EdgeTypes[edge] == EdgeType.Internal && _weakMaps.IsPair(_graph.EdgeNames[edge])) count++;
        }

        return count;
    }

    private bool TryIndex(int edge, out int index)
    {
        EdgeType type = _graph.EdgeTypes[edge];
        uint name = _graph.EdgeNames[edge];
        index = (int)name;
        if (HeapGraph.IsNumbered(type)) return true;
        return type == EdgeType.Internal && name < (uint)_graph.Strings.Count
            && int.TryParse(_graph.Strings.Utf8((int)name), NumberStyles.None, CultureInfo.InvariantCulture, out index);
    }

    /// <summary>Functions of <c>_events</c>: one by itself, or several in an array.</summary>
    private int CountEmitterListeners(NodeIndex events)
    {
        int count = 0;
        foreach (Edge edge in _graph[events].Edges)
        {
            if (edge.Type != EdgeType.Property) continue;
            if (_graph.NodeTypes[(int)edge.Target] == NodeType.Closure) count++;
            else if (_array.Contains(_graph.NodeNames[(int)edge.Target])) count += CountElements(edge.Target);
        }

        return count;
    }

    private int CountElements(NodeIndex array)
    {
        int count = 0;
        if (!CanLookAt(array)) return 0;
        for (int edge = _graph.FirstEdges[(int)array], end = _graph.FirstEdges[(int)array + 1]; edge < end; edge++)
        {
            if (_graph.EdgeTypes[edge] == EdgeType.Element) count++;
        }

        return count;
    }

    /// <summary>A Map of lists, whose links lead on by <c>next</c>. Damaged files can make rings: no list is longer than the graph.</summary>
    private int CountTargetListeners(NodeIndex map)
    {
        int count = 0;
        if (Follow(map, EdgeType.Internal, _table) is not { } table || !CanLookAt(table)) return 0;
        foreach (Edge edge in _graph[table].Edges)
        {
            if (edge.Type != EdgeType.Internal) continue;
            NodeIndex first = edge.Target;
            for (NodeIndex? at = Follow(first, EdgeType.Property, _next); at is { } link && link != first && count < _graph.NodeCount && CanLookAt(link); at = Follow(link, EdgeType.Property, _next))
            {
                if (_graph.NodeTypes[(int)link] != NodeType.Object) break;
                count++;
            }
        }

        return count;
    }

    private NodeIndex? Follow(NodeIndex node, EdgeType type, int name)
    {
        for (int edge = _graph.FirstEdges[(int)node], end = _graph.FirstEdges[(int)node + 1]; edge < end; edge++)
        {
            if (_graph.EdgeTypes[edge] == type && _graph.EdgeNames[edge] == (uint)name) return _graph.EdgeTargets[edge];
        }

        return null;
    }
}
