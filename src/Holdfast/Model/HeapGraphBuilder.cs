using Holdfast.Common;

namespace Holdfast.Model;

/// <summary>
/// The only way to make a <see cref="HeapGraph"/>. Readers of files fill <see cref="Nodes"/> and <see cref="Edges"/>
/// directly; everybody else adds nodes and edges one by one, edges in any order.
/// </summary>
public sealed class HeapGraphBuilder : IDisposable
{
    private readonly List<(NodeIndex From, EdgeType Type, uint Name, NodeIndex To)> _added = [];
    private readonly LocationTable? _locations;
    private int _nodesAdded;
    private bool _built;

    public HeapGraphBuilder()
    {
        Nodes = new NodeTable();
        Edges = new EdgeTable();
        Strings = new StringTableBuilder();
        NodeTypeNames = [.. TypeNames.Nodes];
        EdgeTypeNames = [.. TypeNames.Edges];
    }

    /// <summary>Takes over a graph's columns and all else but its strings.</summary>
    internal HeapGraphBuilder(NodeTable nodes, EdgeTable edges, StringTableBuilder strings, HeapGraph graph)
    {
        Nodes = nodes;
        Edges = edges;
        Strings = strings;
        _locations = graph.Locations;
        Allocations = graph.Allocations;
        Root = graph.Root;
        Origin = graph.Origin;
        ExtraNativeBytes = graph.ExtraNativeBytes;
        NodeTypeNames = [.. graph.NodeTypeNames];
        EdgeTypeNames = [.. graph.EdgeTypeNames];
        Span<int> first = nodes.EdgeCounts.Span;
        for (int i = 0; i < first.Length - 1; i++) first[i] = first[i + 1] - first[i];
        first[^1] = 0;
    }

    public NodeTable Nodes { get; }

    public EdgeTable Edges { get; }

    public StringTableBuilder Strings { get; }

    /// <summary>In any order; a later row for the same node replaces an earlier one.</summary>
    public Column<LocationRow> Locations { get; } = new(0);

    public AllocationTrace Allocations { get; set; } = AllocationTrace.Empty;

    public NodeIndex Root { get; set; }

    /// <summary>Set for graphs of a process's memory.</summary>
    public HeapOrigin? Origin { get; set; }

    public long ExtraNativeBytes { get; set; }

    public List<string> NodeTypeNames { get; }

    public List<string> EdgeTypeNames { get; }

    public NodeIndex AddNode(NodeType type, string name, ulong id, long selfSize)
    {
        if (_nodesAdded == Nodes.Length) Nodes.Resize(Math.Max(16, Nodes.Length * 2L));
        Nodes.Types[_nodesAdded] = type;
        Nodes.Names[_nodesAdded] = Strings.Intern(name);
        Nodes.Ids[_nodesAdded] = id;
        Nodes.SelfSizes[_nodesAdded] = (ulong)selfSize;
        return (NodeIndex)_nodesAdded++;
    }

    public void AddEdge(NodeIndex from, EdgeType type, string name, NodeIndex to) =>
        _added.Add((from, type, (uint)Strings.Intern(name), to));

    /// <summary>Adds a numbered edge (<see cref="EdgeType.Element"/> or <see cref="EdgeType.Hidden"/>).</summary>
    public void AddEdge(NodeIndex from, EdgeType type, uint number, NodeIndex to) => _added.Add((from, type, number, to));

    public void AddLocation(NodeIndex node, Location location)
    {
        Locations.Resize(Locations.Length + 1);
        Locations[Locations.Length - 1] = new LocationRow(node, location);
    }

    /// <summary>Checks that the parts fit together and gives the graph, which owns them from now on.</summary>
    /// <exception cref="InputException">A name, a target or a count points outside its table.</exception>
    public HeapGraph Build()
    {
        if (_nodesAdded > 0) PlaceAdded();
        GraphCheck.Run(this);
        StringTable strings = Strings.Build();
        SumEdgeCounts();
        _built = true;
        LocationTable locations = _locations ?? new LocationTable(Nodes.Length, Locations.Span);
        Locations.Dispose();
        return new HeapGraph(this, strings, locations);
    }

    /// <summary>Gives the memory back when no graph was built; a graph that was built owns it.</summary>
    public void Dispose()
    {
        if (_built) return;
        Nodes.Dispose();
        Edges.Dispose();
        Strings.Dispose();
        Locations.Dispose();
        _locations?.Dispose();
    }

    private void PlaceAdded()
    {
        Nodes.Resize(_nodesAdded);
        Edges.Resize(_added.Count);
        int place = 0;
        foreach (var edge in _added.OrderBy(e => e.From))
        {
            Edges.Types[place] = edge.Type;
            Edges.Names[place] = edge.Name;
            Edges.Targets[place++] = edge.To;
            Nodes.EdgeCounts[(int)edge.From]++;
        }
    }

    private void SumEdgeCounts()
    {
        Span<int> counts = Nodes.EdgeCounts.Span;
        int sum = 0;
        for (int i = 0; i < counts.Length; i++)
        {
            int count = counts[i];
            counts[i] = sum;
            sum += count;
        }
    }
}
