using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Cores;

/// <summary>What compares cores with snapshots sees what it should see, and what it should not.</summary>
public sealed class GraphComparisonTests
{
    [Fact]
    public void A_graph_equals_itself_whatever_its_ids_and_its_order()
    {
        GraphComparison comparison = Compare(Shop(), Shop(firstId: 101));
        Assert.Equal(1, comparison.EqualClasses);
        Assert.Equal(1, comparison.EqualConstructors);
        Assert.Equal(0, comparison.BytesOff);
        Assert.Equal(new EdgeFigures(2, 2, 0), comparison.Edges(EdgeType.Property));
        Assert.Equal("", comparison.Describe());
    }

    [Fact]
    public void An_object_that_is_missing_is_seen_in_its_class_its_bytes_and_its_edges()
    {
        LiveHeap less = Shop();
        less.Unlink(1, "basket");
        GraphComparison comparison = Compare(Shop(), less);
        Assert.False(comparison.IsEqual("Basket"));
        Assert.Equal(2.0 / 3, comparison.EqualConstructors, 1e-9);
        Assert.Equal(-0.25, comparison.BytesOff, 1e-9);
        Assert.Equal(new EdgeFigures(2, 1, 0), comparison.Edges(EdgeType.Property));
        Assert.Contains("Basket: V8 has 1, the core 0", comparison.Describe(), StringComparison.Ordinal);
        Assert.Contains("Shop --Property basket--> Basket: V8 has 1, the core 0", comparison.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_edge_of_another_name_is_one_missing_and_one_extra()
    {
        LiveHeap other = Shop();
        other.Unlink(1, "basket");
        other.Property(1, "cart", 2);
        Assert.Equal(new EdgeFigures(2, 1, 1), Compare(Shop(), other).Edges(EdgeType.Property));
    }

    [Fact]
    public void Numbers_by_name_where_V8_has_none_are_no_difference()
    {
        LiveHeap v8 = Shop(), core = Shop();
        v8.Link(1, EdgeType.Hidden, "7", v8.Add(NodeType.Number, "heap number"));
        core.Property(1, "total", core.Add(NodeType.Number, "heap number"));
        GraphComparison comparison = Compare(v8, core);
        Assert.Equal(new EdgeFigures(2, 2, 0), comparison.Edges(EdgeType.Property));
        Assert.Equal(1, comparison.EqualClasses);
        Assert.Equal("", comparison.Describe());
    }

    [Fact]
    public void One_byte_array_of_the_writing_of_the_snapshot_is_no_difference_two_are()
    {
        LiveHeap one = Shop(), two = Shop();
        one.Property(1, "a", one.Object("Uint8Array"));
        two.Property(1, "a", two.Object("Uint8Array")).Property(1, "b", two.Object("Uint8Array"));
        Assert.True(Compare(one, Shop()).IsEqual("Uint8Array"));
        Assert.False(Compare(two, Shop()).IsEqual("Uint8Array"));
        Assert.False(Compare(Shop(), one).IsEqual("Uint8Array"));
    }

    [Fact]
    public void What_is_no_object_of_the_heap_is_left_out()
    {
        LiveHeap native = Shop();
        native.Property(1, "handle", native.Add(NodeType.Native, "Node / Handle", 1000));
        GraphComparison comparison = Compare(native, Shop());
        Assert.Equal(0, comparison.BytesOff);
        Assert.Equal(new EdgeFigures(2, 2, 0), comparison.Edges(EdgeType.Property));
    }

    [Fact]
    public void Strings_are_one_class_closures_are_by_name_and_numbers_of_edges_do_not_matter()
    {
        LiveHeap heap = Shop();
        int array = heap.Object("Array");
        heap.Property(1, "list", array).Link(array, EdgeType.Element, "3", heap.Add(NodeType.String, "a"))
            .Link(array, EdgeType.Element, "4", heap.Add(NodeType.String, "b"))
            .Internal(array, "12", heap.Add(NodeType.Closure, "next"))
            .Internal(array, "2 / part of key (Order @77) -> value", heap.Add(NodeType.Closure, "next"));
        using HeapGraph graph = heap.Snapshot()();
        GraphCounts counts = GraphCounts.Of(graph);
        Assert.Equal(2, counts.Classes["(string)"]);
        Assert.Equal(2, counts.Classes["(closure) next"]);
        Assert.Equal(2, counts.Edges[new EdgeKind("Array", EdgeType.Element, "N", "(string)")]);
        Assert.Equal(1, counts.Edges[new EdgeKind("Array", EdgeType.Internal, "N", "(closure) next")]);
        Assert.Equal(1, counts.Edges[new EdgeKind("Array", EdgeType.Internal, "N / part of key (Order @) -> value", "(closure) next")]);
    }

    /// <summary>A shop (object 1) of 32 bytes with a basket (2) and an order (3) of 16.</summary>
    private static LiveHeap Shop(ulong firstId = 1)
    {
        var heap = new LiveHeap(firstId);
        heap.Link(LiveHeap.Root, EdgeType.Element, "1", heap.Object("Shop", 32));
        return heap.Property(1, "basket", heap.Object("Basket")).Property(1, "order", heap.Object("Order"));
    }

    private static GraphComparison Compare(LiveHeap reference, LiveHeap ours)
    {
        using HeapGraph first = reference.Snapshot()(), second = ours.Snapshot()();
        return new GraphComparison(GraphCounts.Of(first), GraphCounts.Of(second));
    }
}
