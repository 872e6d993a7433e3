using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses;

/// <summary>The objects that an expression chooses.</summary>
public sealed class FoundNodesTests
{
    [Fact]
    public void All_terms_must_hold()
    {
        using Heap heap = Small(out Nodes n);
        Assert.Equal([n.BigFoo], Find(heap, "Foo size>50"));
        Assert.Equal([n.SmallFoo], Find(heap, "Foo -size>50"));
        Assert.Empty(Find(heap, "Foo size>50 size<50"));
    }

    [Fact]
    public void Every_kind_of_term_chooses_by_its_own_field()
    {
        using Heap heap = Small(out Nodes n);
        Assert.Equal([n.Function], Find(heap, "name:onClose"));
        Assert.Equal([n.Function], Find(heap, "name:on*"));
        Assert.Equal([n.Function], Find(heap, "type:closure"));
        Assert.Equal([n.Function], Find(heap, "type:clos*"));
        Assert.Equal([n.BigFoo], Find(heap, "edge:child"));
        Assert.Equal([n.BigFoo], Find(heap, "edge:ch?ld"));
        Assert.Equal([n.Function], Find(heap, "edge:7"));
        Assert.Equal([n.BigFoo], Find(heap, "size:100"));
        Assert.Equal([n.BigFoo], Find(heap, "retained:110 -type:synthetic"));
        Assert.Equal([n.SmallFoo], Find(heap, "distance:2"));
        Assert.Equal([n.SmallFoo], Find(heap, $"id:@{heap.Graph.Ids[(int)n.SmallFoo]}"));
        Assert.Equal([n.Detached], Find(heap, "detached"));
    }

    [Fact]
    public void A_negated_term_chooses_exactly_the_other_nodes()
    {
        using Heap heap = Small(out _);
        foreach (string term in (string[])["Foo", "name:on*", "type:object", "edge:child", "edge:7", "size>20", "retained>20", "distance<2", "id:1..5", "detached"])
        {
            NodeIndex[] yes = Find(heap, term), no = Find(heap, "-" + term);
            Assert.NotEmpty(yes);
            Assert.NotEmpty(no);
            Assert.Equal(Enumerable.Range(0, heap.Graph.NodeCount).Select(i => (NodeIndex)i), yes.Concat(no).Order());
        }
    }

    [Fact]
    public void Totals_are_those_of_all_objects_whatever_the_limit()
    {
        using Heap heap = Small(out Nodes n);
        FoundNodes found = FoundNodes.Run(heap, FindExpression.Parse("Foo"), FindOrder.Retained, 1, Work.Unwatched);
        Assert.Equal([n.BigFoo], found.Nodes);
        Assert.Equal((2, 110L), (found.Count, found.ShallowSize));
    }

    [Fact]
    public void Objects_are_in_the_order_asked_for()
    {
        var builder = new HeapBuilder();
        NodeIndex a = builder.RootObject("Foo", 10), b = builder.RootObject("Foo", 30), c = builder.RootObject("Foo", 20);
        builder.Property(a, "x", builder.Object("Other", 100));
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        Assert.Equal([a, b, c], Find(heap, "Foo", FindOrder.Retained));
        Assert.Equal([b, c, a], Find(heap, "Foo", FindOrder.Shallow));
        Assert.Equal([a, b, c], Find(heap, "Foo", FindOrder.Id));
    }

    [Fact]
    public void What_is_not_reached_has_a_distance_below_every_other()
    {
        var builder = new HeapBuilder();
        builder.RootObject("Held");
        NodeIndex garbage = builder.Object("Garbage");
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        Assert.Equal([garbage], Find(heap, "distance<0"));
    }

    [Fact]
    public void A_type_or_constructor_there_is_none_of_is_an_error_that_says_which_there_are()
    {
        using Heap heap = Small(out _);
        string type = Assert.Throws<InputException>(() => Find(heap, "type:clousure")).Message;
        Assert.Contains("'type:clousure'", type, StringComparison.Ordinal);
        Assert.Contains("closure, regexp", type, StringComparison.Ordinal);
        Assert.Contains("'Foo'", Assert.Throws<InputException>(() => Find(heap, "Fooo")).Message, StringComparison.Ordinal);
    }

    private sealed record Nodes(NodeIndex BigFoo, NodeIndex SmallFoo, NodeIndex Function, NodeIndex Detached);

    private static Heap Small(out Nodes nodes)
    {
        var builder = new HeapBuilder();
        NodeIndex big = builder.RootObject("Foo", 100), small = builder.Object("Foo", 10);
        NodeIndex function = builder.Node(NodeType.Closure, "onClose", 32), detached = builder.Node(NodeType.Native, "HTMLDivElement", 40);
        builder.Property(big, "child", small).Element(builder.Root, 2, function).Element(builder.Root, 3, detached).Element(function, 7, big);
        builder.Parts.Nodes.EnsureDetachedness()[(int)detached] = 2;
        nodes = new Nodes(big, small, function, detached);
        return new Heap(builder.Build(), Work.Unwatched);
    }

    private static NodeIndex[] Find(Heap heap, string expression, FindOrder order = FindOrder.Id) =>
        [.. FoundNodes.Run(heap, FindExpression.Parse(expression), order, int.MaxValue, Work.Unwatched).Nodes];
}
