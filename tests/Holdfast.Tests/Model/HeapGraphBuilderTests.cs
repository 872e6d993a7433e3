using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Model;

public sealed class HeapGraphBuilderTests
{
    [Fact]
    public void Edges_may_be_added_in_any_order_and_are_grouped_by_their_source()
    {
        var builder = new HeapBuilder();
        NodeIndex a = builder.Object("A"), b = builder.Object("B");
        builder.Property(b, "x", a).Property(builder.Root, "b", b).Property(b, "y", builder.Root).Property(builder.Root, "a", a);

        using HeapGraph graph = builder.Build();

        Assert.Equal([0, 2, 2, 4], graph.FirstEdges.ToArray());
        Assert.Equal(["b", "a", "x", "y"], Enumerable.Range(0, 4).Select(e => graph.EdgeName((EdgeIndex)e)));
        var targets = new List<NodeIndex>();
        foreach (Edge edge in graph[b].Edges) targets.Add(edge.Target);
        Assert.Equal([a, builder.Root], targets);
        Assert.Equal(2, graph[b].EdgeCount);
    }

    [Fact]
    public void What_points_outside_its_table_is_refused()
    {
        AssertRefused(b => b.Edges.Targets[0] = (NodeIndex)2, "leads to node 2");
        AssertRefused(b => b.Edges.Targets[0] = (NodeIndex)(-1), "leads to node");
        AssertRefused(b => b.Edges.Names[0] = 9, "string 9");
        AssertRefused(b => b.Nodes.Names[1] = 9, "string 9");
        AssertRefused(b => b.Nodes.Names[1] = -1, "the name of node 1");
        AssertRefused(b => b.Nodes.EdgeCounts[0] = 2, "2 edges");
        AssertRefused(b => b.Root = (NodeIndex)2, "the root is node 2");
        AssertRefused(b => b.AddLocation((NodeIndex)2, default), "node 2");
        AssertRefused(b => b.Nodes.Resize(0), "no nodes");
    }

    [Fact]
    public void The_last_location_of_a_node_counts()
    {
        var builder = new HeapBuilder();
        NodeIndex a = builder.RootObject("A");
        builder.Parts.AddLocation(a, new Location(1, 2, 3));
        builder.Parts.AddLocation(a, new Location(4, 5, 6));
        using HeapGraph graph = builder.Build();
        Assert.Equal(1, graph.Locations.Count);
        Assert.True(graph.Locations.TryGet(a, out Location location));
        Assert.Equal(new Location(4, 5, 6), location);
        Assert.False(graph.Locations.TryGet(builder.Root, out _));
    }

    private static void AssertRefused(Action<HeapGraphBuilder> damage, string expected)
    {
        using var builder = new HeapGraphBuilder();
        builder.Strings.Append("x"u8);
        builder.Nodes.Resize(2);
        builder.Edges.Resize(1);
        builder.Nodes.EdgeCounts[0] = 1;
        builder.Edges.Types[0] = EdgeType.Property;
        builder.Edges.Targets[0] = (NodeIndex)1;
        damage(builder);
        Assert.Contains(expected, Assert.Throws<InputException>(builder.Build).Message, StringComparison.Ordinal);
    }
}
