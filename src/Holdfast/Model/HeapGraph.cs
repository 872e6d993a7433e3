using System.Globalization;
using Holdfast.Common;

namespace Holdfast.Model;

/// <summary>
/// A heap as a directed graph, in columns. Budget: 17 bytes a node (type 1, name 4, id 4, size 4, first edge 4;
/// 8 more where ids or sizes pass 2^32, 5 more with allocation tracking and DOM state) and 9 bytes an edge
/// (type 1, name 4, target 4), plus the strings and 12 bytes a location.
/// Immutable; made by <see cref="HeapGraphBuilder"/>. Every span here has one value a node or one an edge.
/// </summary>
public sealed class HeapGraph : IDisposable
{
    private readonly NodeTable _nodes;
    private readonly EdgeTable _edges;
    private bool _isTakenApart;

    internal HeapGraph(HeapGraphBuilder builder, StringTable strings, LocationTable locations)
    {
        _nodes = builder.Nodes;
        _edges = builder.Edges;
        Strings = strings;
        Locations = locations;
        Allocations = builder.Allocations;
        Root = builder.Root;
        ExtraNativeBytes = builder.ExtraNativeBytes;
        Origin = builder.Origin;
        NodeTypeNames = [.. builder.NodeTypeNames];
        EdgeTypeNames = [.. builder.EdgeTypeNames];
    }

    public int NodeCount => _nodes.Length;

    public int EdgeCount => _edges.Length;

    /// <summary>The node everything is reached from.</summary>
    public NodeIndex Root { get; }

    /// <summary>Where it was read from, for graphs of a process's memory; their ids are addresses. Null for snapshots.</summary>
    public HeapOrigin? Origin { get; }

    public StringTable Strings { get; }

    public LocationTable Locations { get; }

    public AllocationTrace Allocations { get; }

    /// <summary>Bytes outside the graph that its producer adds to the total (<c>extra_native_bytes</c>, Node 24 and later).</summary>
    public long ExtraNativeBytes { get; }

    /// <summary>Names by node type, V8's and then those only this producer has.</summary>
    public IReadOnlyList<string> NodeTypeNames { get; }

    /// <summary>Names by edge type, V8's and then those only this producer has.</summary>
    public IReadOnlyList<string> EdgeTypeNames { get; }

    public ReadOnlySpan<NodeType> NodeTypes => _nodes.Types.Span;

    /// <summary>String indexes.</summary>
    public ReadOnlySpan<int> NodeNames => _nodes.Names.Span;

    /// <summary>Object ids: unique, and stable within one process, but for addresses (<see cref="Origin"/>), which the garbage collector changes.</summary>
    public WideColumn Ids => _nodes.Ids;

    /// <summary>Bytes as the producer counts them; DevTools moves some to their owners (<c>ShallowSizes</c>).</summary>
    public WideColumn SelfSizes => _nodes.SelfSizes;

    /// <summary>First edge of each node, and the number of edges after the last: node i's edges are [i], [i + 1).</summary>
    public ReadOnlySpan<int> FirstEdges => _nodes.EdgeCounts.Span;

    /// <summary>Allocation trace node of each node, empty without allocation tracking.</summary>
    public ReadOnlySpan<uint> TraceNodes => _nodes.TraceNodes is null ? [] : _nodes.TraceNodes.Span;

    /// <summary>DOM state of each node (0 unknown, 1 attached, 2 detached), empty where no node has one.</summary>
    public ReadOnlySpan<byte> Detachedness => _nodes.Detachedness is null ? [] : _nodes.Detachedness.Span;

    public ReadOnlySpan<EdgeType> EdgeTypes => _edges.Types.Span;

    /// <summary>String index of each edge's name, or its number where <see cref="IsNumbered"/>.</summary>
    public ReadOnlySpan<uint> EdgeNames => _edges.Names.Span;

    public ReadOnlySpan<NodeIndex> EdgeTargets => _edges.Targets.Span;

    public Node this[NodeIndex node] => new(this, node);

    public Edge this[EdgeIndex edge] => new(this, edge);

    public static bool IsNumbered(EdgeType type) => type is EdgeType.Element or EdgeType.Hidden;

    public string NodeTypeName(NodeIndex node) => NodeTypeNames[(int)NodeTypes[(int)node]];

    public string EdgeTypeName(EdgeIndex edge) => EdgeTypeNames[(int)EdgeTypes[(int)edge]];

    /// <summary>The name of an edge as text: a property's name, an element's number.</summary>
    public string EdgeName(EdgeIndex edge)
    {
        uint name = EdgeNames[(int)edge];
        return IsNumbered(EdgeTypes[(int)edge]) || name >= Strings.Count
            ? name.ToString(CultureInfo.InvariantCulture)
            : Strings.Decode((int)name);
    }

    /// <summary>Whether the edge's name is exactly this text; never true for a numbered edge.</summary>
    public bool EdgeNameIs(EdgeIndex edge, ReadOnlySpan<byte> utf8)
    {
        uint name = EdgeNames[(int)edge];
        return !IsNumbered(EdgeTypes[(int)edge]) && name < Strings.Count && Strings.Utf8((int)name).SequenceEqual(utf8);
    }

    /// <summary>The node with this object id, or <see cref="NodeIndex.None"/>.</summary>
    public NodeIndex FindById(ulong id)
    {
        if (!Ids.IsWide) return id > uint.MaxValue ? NodeIndex.None : (NodeIndex)Ids.Low.Span.IndexOf((uint)id);
        for (int i = 0; i < NodeCount; i++)
        {
            if (Ids[i] == id) return (NodeIndex)i;
        }

        return NodeIndex.None;
    }

    /// <summary>
    /// Gives everything but the strings to a builder, for a graph that differs from this one in names or values. This one
    /// keeps its strings until it is disposed, and must not be asked for anything else.
    /// </summary>
    /// <param name="strings">The strings of the new graph; names of nodes, edges and functions are to be set to them.</param>
    public HeapGraphBuilder TakeApart(StringTableBuilder strings)
    {
        ObjectDisposedException.ThrowIf(_isTakenApart, this);
        var builder = new HeapGraphBuilder(_nodes, _edges, strings, this);
        _isTakenApart = true;
        return builder;
    }

    public void Dispose()
    {
        Strings.Dispose();
        if (_isTakenApart) return;
        _nodes.Dispose();
        _edges.Dispose();
        Locations.Dispose();
    }
}
