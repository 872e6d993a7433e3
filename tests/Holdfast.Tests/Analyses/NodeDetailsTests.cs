using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses;

/// <summary>Everything about one node.</summary>
public sealed class NodeDetailsTests
{
    [Fact]
    public void Edges_are_given_by_type_those_of_the_program_first()
    {
        var builder = new HeapBuilder();
        NodeIndex foo = builder.RootObject("Foo"), other = builder.Object("Other");
        builder.Weak(foo, "w", other).Internal(foo, "map", other).Element(foo, 4, other).Property(foo, "a", other).Property(foo, "b", foo);
        NodeDetails details = Run(builder, foo);
        Assert.Equal([("property", 2), ("element", 1), ("internal", 1), ("weak", 1)], details.Edges.Select(g => (g.Type, g.Count)));
        Assert.Equal([("a", other), ("b", foo)], details.Edges[0].Links.Select(l => (l.Name, l.Other)));
        Assert.Equal("4", details.Edges[1].Links[0].Name);
    }

    [Fact]
    public void A_limit_shortens_lists_but_not_counts()
    {
        var builder = new HeapBuilder();
        NodeIndex foo = builder.RootObject("Foo"), other = builder.Object("Other");
        for (uint i = 0; i < 10; i++) builder.Element(foo, i, other);
        LinkGroup group = Assert.Single(Run(builder, foo, limit: 3).Edges);
        Assert.Equal((10, 3), (group.Count, group.Links.Count));
        var again = new HeapBuilder();
        NodeIndex target = again.RootObject("Foo");
        for (int i = 0; i < 10; i++) again.Property(again.RootObject("Holder"), "foo", target);
        NodeDetails details = Run(again, target, limit: 4);
        Assert.Equal((11, 4), (details.RetainerCount, details.Retainers.Count));
    }

    [Fact]
    public void Retainers_come_nearest_to_the_roots_first_and_those_not_reached_last()
    {
        var builder = new HeapBuilder();
        NodeIndex garbage = builder.Object("Garbage"), far = builder.Object("Far"), near = builder.RootObject("Near"), foo = builder.Object("Foo");
        NodeIndex handles = builder.Node(NodeType.Synthetic, "(Global handles)");
        builder.Element(builder.Root, 9, handles).Internal(handles, "1", foo);
        builder.Property(near, "far", far).Property(garbage, "g", foo).Property(far, "f", foo).Property(near, "n", foo).Property(foo, "self", foo);
        NodeDetails details = Run(builder, foo);
        Assert.Equal([("n", near), ("f", far), ("self", foo), ("1", handles), ("g", garbage)], details.Retainers.Select(l => (l.Name, l.Other)));
    }

    [Fact]
    public void A_retainer_between_nodes_without_edges_is_the_right_one()
    {
        var builder = new HeapBuilder();
        NodeIndex foo = builder.RootObject("Foo");
        for (int i = 0; i < 5; i++) builder.Object("Leaf");
        NodeIndex holder = builder.RootObject("Holder");
        for (int i = 0; i < 5; i++) builder.Object("Leaf");
        builder.Property(holder, "foo", foo);
        Assert.Equal([builder.Root, holder], Run(builder, foo).Retainers.Select(l => l.Other).Order());
    }

    [Fact]
    public void The_stack_that_allocated_the_object_is_given_innermost_first()
    {
        var builder = new HeapBuilder();
        NodeIndex foo = builder.RootObject("Foo"), untracked = builder.RootObject("Bar"), lost = builder.RootObject("Lost");
        int Text(string text) => builder.Parts.Strings.Intern(text);
        TraceFunction main = new(1, Text("main"), Text("app.js"), 7, 10, 3), inner = new(2, Text("alloc"), Text("app.js"), 7, 20, 5);
        builder.Parts.Allocations = new AllocationTrace([main, inner], [new(1, -1, 0, 0, -1), new(5, 0, 1, 16, 0), new(9, 1, 1, 16, 1)], []);
        Column<uint> traces = builder.Parts.Nodes.EnsureTraceNodes();
        traces[(int)foo] = 9;
        traces[(int)lost] = 1234;
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        Assert.Equal([new("alloc", "app.js", 20, 5), new("main", "app.js", 10, 3)], NodeDetails.Run(heap, foo, 10, Work.Unwatched).AllocatedBy);
        Assert.Empty(NodeDetails.Run(heap, untracked, 10, Work.Unwatched).AllocatedBy);
        Assert.Empty(NodeDetails.Run(heap, lost, 10, Work.Unwatched).AllocatedBy);
    }

    [Fact]
    public void A_stack_whose_parents_go_round_in_a_circle_ends()
    {
        var builder = new HeapBuilder();
        NodeIndex foo = builder.RootObject("Foo");
        int name = builder.Parts.Strings.Intern("f");
        builder.Parts.Allocations = new AllocationTrace([new(1, name, name, 0, 0, 0)], [new(1, 0, 0, 0, 1), new(2, 0, 0, 0, 0)], []);
        builder.Parts.Nodes.EnsureTraceNodes()[(int)foo] = 1;
        Assert.InRange(Run(builder, foo).AllocatedBy.Count, 1, Limits.MaxNesting);
    }

    private static NodeDetails Run(HeapBuilder builder, NodeIndex node, int limit = 100)
    {
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        return NodeDetails.Run(heap, node, limit, Work.Unwatched);
    }
}
