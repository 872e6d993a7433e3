using System.Globalization;
using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses;

/// <summary>Who points at some objects, as patterns with counts.</summary>
public sealed class RetainerPatternsTests
{
    [Fact]
    public void Edges_from_the_same_kind_of_retainer_by_the_same_name_are_one_pattern()
    {
        var builder = new HeapBuilder();
        NodeIndex a = builder.Object("Foo", 10), b = builder.Object("Foo", 20);
        NodeIndex first = builder.RootObject("Holder"), second = builder.RootObject("Holder");
        builder.Property(first, "item", a).Property(second, "item", b).Property(first, "other", b);
        RetainerPatterns found = Run(builder);
        Assert.Equal(
            [("Holder", "item", "property", 2, 2, 30L, first), ("Holder", "other", "property", 1, 1, 20L, first)],
            found.Patterns.Select(p => (p.Retainer, p.Edge, p.EdgeType, p.Count, p.Instances, p.ShallowSize, p.Example)));
        Assert.Equal((2, 30L, 0), (found.Instances, found.ShallowSize, found.WithoutRetainer));
    }

    [Fact]
    public void Several_edges_to_one_object_are_several_edges_and_one_instance()
    {
        var builder = new HeapBuilder();
        NodeIndex foo = builder.Object("Foo", 10), array = builder.RootObject("Array");
        builder.Element(array, 0, foo).Element(array, 1, foo).Element(array, 2, foo);
        RetainerPattern pattern = Assert.Single(Run(builder).Patterns);
        Assert.Equal((3, 1, 10L), (pattern.Count, pattern.Instances, pattern.ShallowSize));
    }

    [Fact]
    public void Numbered_edges_are_one_pattern_whatever_their_number()
    {
        var builder = new HeapBuilder();
        NodeIndex array = builder.RootObject("Array"), table = builder.Node(NodeType.Array, "(table)", 8);
        builder.Internal(array, "table", table);
        for (uint i = 0; i < 20; i++)
        {
            NodeIndex foo = builder.Object("Foo");
            builder.Element(array, i, foo).Internal(table, i.ToString(CultureInfo.InvariantCulture), foo);
        }

        RetainerPatterns found = Run(builder);
        Assert.Equal(
            [("(table)", "[]", "internal", 20), ("Array", "[]", "element", 20)],
            found.Patterns.Select(p => (p.Retainer, p.Edge, p.EdgeType, p.Count)));
    }

    [Fact]
    public void Weak_edges_are_left_out_and_counted_unless_asked_for()
    {
        var builder = new HeapBuilder();
        NodeIndex held = builder.Object("Foo"), loose = builder.Object("Foo"), holder = builder.RootObject("Holder");
        builder.Property(holder, "foo", held).Weak(holder, "cached", held).Weak(holder, "cached", loose);
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        RetainerPatterns strong = Run(heap), all = Run(heap, weak: true);
        Assert.Equal((2L, 1), (strong.WeakEdges, strong.WithoutRetainer));
        Assert.Equal(["foo"], strong.Patterns.Select(p => p.Edge));
        Assert.Equal((0L, 0), (all.WeakEdges, all.WithoutRetainer));
        Assert.Equal([("cached", "weak", 2), ("foo", "property", 1)], all.Patterns.Select(p => (p.Edge, p.EdgeType, p.Count)));
    }

    [Fact]
    public void V8s_own_bookkeeping_is_left_out_and_counted_unless_all_is_asked_for()
    {
        var builder = new HeapBuilder();
        NodeIndex foo = builder.Object("Foo"), holder = builder.RootObject("Holder");
        NodeIndex vector = builder.Node(NodeType.Hidden, "system / FeedbackVector", 0);
        NodeIndex named = builder.RootObject("system / FeedbackVector");
        builder.Internal(holder, "feedback", vector).Internal(vector, "0", foo).Property(named, "foo", foo);
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        RetainerPatterns usual = Run(heap), all = Run(heap, all: true);
        Assert.Equal((1L, 0), (usual.NoiseEdges, usual.WithoutRetainer));
        Assert.Equal("object", Assert.Single(usual.Patterns).RetainerType);
        Assert.Equal(0, all.NoiseEdges);
        Assert.Equal(["hidden", "object"], all.Patterns.Select(p => p.RetainerType).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_object_only_bookkeeping_points_at_is_held_by_none_of_the_patterns()
    {
        var builder = new HeapBuilder();
        NodeIndex foo = builder.Object("Foo"), vector = builder.Node(NodeType.Hidden, "system / FeedbackVector", 0);
        builder.Element(builder.Root, 1, vector).Internal(vector, "0", foo);
        RetainerPatterns found = Run(builder);
        Assert.Empty(found.Patterns);
        Assert.Equal(1, found.WithoutRetainer);
    }

    [Fact]
    public void The_rare_ones_of_very_many_names_fold_into_one_and_the_others_keep_their_name()
    {
        var builder = new HeapBuilder();
        NodeIndex cache = builder.RootObject("Cache");
        for (int i = 0; i < 150; i++) builder.Property(cache, $"key{i}", builder.Object("Foo"));
        NodeIndex popular = builder.Object("Foo");
        for (int i = 0; i < 10; i++) builder.Property(builder.RootObject("Cache"), "hot", popular);
        RetainerPatterns found = Run(builder);
        Assert.Equal(
            [("*", 150, 150, 150), ("hot", 1, 10, 1)],
            found.Patterns.Select(p => (p.Edge, p.EdgeNames, p.Count, p.Instances)));
    }

    [Theory]
    [InlineData(31, 32)]
    [InlineData(32, 2)]
    public void Rare_names_stay_as_they_are_where_names_are_few(int rare, int patterns)
    {
        var builder = new HeapBuilder();
        NodeIndex cache = builder.RootObject("Cache"), popular = builder.Object("Foo");
        for (int i = 0; i < rare; i++) builder.Property(cache, $"key{i}", builder.Object("Foo"));
        for (int i = 0; i < 5_000; i++) builder.Property(cache, "hot", popular);
        Assert.Equal(patterns, Run(builder).Patterns.Count);
    }

    [Fact]
    public void Entries_of_one_WeakMap_are_one_pattern_named_after_its_table()
    {
        var builder = new HeapBuilder();
        for (int i = 1; i <= 3; i++)
        {
            NodeIndex key = builder.RootObject("Key"), foo = builder.Object("Foo");
            builder.Internal(key, $"{i} / part of key (Key @{i}) -> value (Foo @{i}) pair in WeakMap (table @77)", foo);
        }

        RetainerPattern pattern = Assert.Single(Run(builder).Patterns);
        Assert.Equal(("Key", "value in WeakMap (table @77)", 3), (pattern.Retainer, pattern.Edge, pattern.Count));
    }

    [Fact]
    public void Variables_of_a_blocks_context_go_by_their_name()
    {
        var builder = new HeapBuilder();
        NodeIndex context = builder.Node(NodeType.Object, "system / Context", 32), scope = builder.Node(NodeType.Hidden, "system / ScopeInfo", 16);
        NodeIndex foo = builder.Object("Foo"), other = builder.Object("Bar");
        builder.Element(builder.Root, 1, context).Internal(context, "scope_info", scope);
        builder.Parts.AddEdge(context, EdgeType.Hidden, 0, other);
        builder.Parts.AddEdge(context, EdgeType.Hidden, 1, foo);
        builder.Parts.AddEdge(scope, EdgeType.Hidden, 0, builder.Node(NodeType.String, "bar", 16));
        builder.Parts.AddEdge(scope, EdgeType.Hidden, 1, builder.Node(NodeType.String, "sessions", 16));
        RetainerPattern pattern = Assert.Single(Run(builder).Patterns);
        Assert.Equal(("sessions", "hidden"), (pattern.Edge, pattern.EdgeType));
    }

    [Fact]
    public void Functions_are_told_apart_by_name_and_values_are_never_shown()
    {
        var builder = new HeapBuilder();
        NodeIndex foo = builder.Object("Foo");
        NodeIndex onClose = builder.Node(NodeType.Closure, "onClose", 32), nameless = builder.Node(NodeType.Closure, "", 32);
        NodeIndex text = builder.Node(NodeType.ConsString, "password", 32);
        foreach (NodeIndex retainer in (NodeIndex[])[onClose, nameless, text])
        {
            builder.Element(builder.Root, 1, retainer);
            builder.Internal(retainer, "x", foo);
        }

        Assert.Equal(
            ["(anonymous function)", "(concatenated string)", "onClose()"],
            Run(builder).Patterns.Select(p => p.Retainer).Order(StringComparer.Ordinal));
    }

    private static RetainerPatterns Run(HeapBuilder builder)
    {
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        return Run(heap);
    }

    private static RetainerPatterns Run(Heap heap, bool weak = false, bool all = false)
    {
        using NodeSet objects = ConstructorPattern.Match(heap, "Foo", Work.Unwatched);
        return RetainerPatterns.Run(heap, objects, weak, all, Work.Unwatched);
    }
}
