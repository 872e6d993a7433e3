using CsCheck;
using Holdfast.Analyses;
using Holdfast.Analyses.Derived;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses.Derived;

/// <summary>On thousands of small, random graphs, what is derived is what its definition says.</summary>
public sealed class DerivedPropertyTests
{
    private const int Graphs = 4_000;

    [Fact]
    public void A_node_is_dominated_by_the_last_node_without_which_it_cannot_be_reached() => Check((shape, heap) =>
    {
        int[] expected = new NaiveHeap(shape).Dominators();
        for (int node = 0; node < expected.Length; node++)
            AssertAt(node, "dominator", expected[node], (int)heap.Dominators.Dominators[node]);
    });

    [Fact]
    public void The_order_of_the_dominator_tree_has_every_node_once_and_after_its_dominator() => Check((_, heap) =>
    {
        ReadOnlySpan<NodeIndex> order = heap.Dominators.Order;
        var places = new Dictionary<NodeIndex, int>();
        for (int i = 0; i < order.Length; i++) places.Add(order[i], i);
        Assert.Equal(heap.Graph.NodeCount, places.Count);
        Assert.Equal(heap.Graph.Root, order[0]);
        for (int i = 1; i < order.Length; i++) Assert.True(places[heap.Dominators.Dominators[(int)order[i]]] < i);
    });

    [Fact]
    public void The_retained_size_is_what_is_lost_when_the_node_is_removed() => Check((shape, heap) =>
    {
        long[] expected = new NaiveHeap(shape).RetainedSizes();
        for (int node = 0; node < expected.Length; node++) AssertAt(node, "retained size", expected[node], heap.Retained[(NodeIndex)node]);
        Assert.Equal(shape.Nodes.Sum(n => n.Size), heap.TotalSize);
    });

    [Fact]
    public void The_shallow_size_has_what_only_this_node_owns() => Check((shape, heap) =>
    {
        long[] expected = new NaiveHeap(shape).ShallowSizes();
        for (int node = 0; node < expected.Length; node++) AssertAt(node, "shallow size", expected[node], heap.Shallow[(NodeIndex)node]);
    });

    [Fact]
    public void The_distance_is_the_shortest_way_over_the_edges_that_count() => Check((shape, heap) =>
    {
        int[] expected = new NaiveHeap(shape).Distances();
        for (int node = 0; node < expected.Length; node++) AssertAt(node, "distance", expected[node], heap.Distances[(NodeIndex)node]);
    });

    [Fact]
    public void The_retainers_of_the_retainers_are_the_edges() => Check((_, heap) =>
    {
        HeapGraph graph = heap.Graph;
        Retainers retainers = heap.Retainers;
        var back = new List<(int From, int Edge, int To)>();
        for (int to = 0; to < graph.NodeCount; to++)
        {
            for (int place = retainers.First[to]; place < retainers.First[to + 1]; place++)
            {
                if (place > retainers.First[to]) Assert.True(retainers.Edges[place - 1] < retainers.Edges[place]);
                back.Add(((int)retainers.Sources[place], (int)retainers.Edges[place], to));
            }
        }

        var edges = new List<(int From, int Edge, int To)>();
        for (int from = 0; from < graph.NodeCount; from++)
        {
            for (int edge = graph.FirstEdges[from]; edge < graph.FirstEdges[from + 1]; edge++) edges.Add((from, edge, (int)graph.EdgeTargets[edge]));
        }

        Assert.Equal(edges, back.OrderBy(b => b.Edge));
    });

    [Fact]
    public void The_class_table_adds_up_objects_that_are_not_below_another_of_their_class() => Check((shape, heap) =>
    {
        IReadOnlyList<ClassRow> rows = ClassTable.Run(heap, Work.Unwatched);
        var naive = new NaiveHeap(shape);
        int[] dominators = naive.Dominators();
        long[] shallow = naive.ShallowSizes(), retained = naive.RetainedSizes();
        int[] distances = naive.Distances();
        int[] counted = [.. Enumerable.Range(0, shallow.Length).Where(node => shallow[node] != 0)];
        foreach (IGrouping<ClassKey, int> members in counted.GroupBy(node => heap.Classes[(NodeIndex)node]))
        {
            ClassRow row = rows.Single(r => r.Key == members.Key);
            Assert.Equal(members.Count(), row.Count);
            Assert.Equal(members.Sum(node => shallow[node]), row.ShallowSize);
            Assert.Equal(members.Min(node => distances[node]), row.Distance);
            Assert.Equal(members.Where(node => !Above(node, dominators).Any(members.Contains)).Sum(node => retained[node]), row.RetainedSize);
        }

        Assert.Equal(counted.Length, rows.Sum(r => r.Count));
    });

    [Fact]
    public void Statistics_and_native_contexts_add_up_to_the_total() => Check((shape, heap) =>
    {
        HeapStatistics statistics = HeapStatistics.Run(heap, Work.Unwatched);
        NativeContextSizes contexts = NativeContextSizes.Run(heap, Work.Unwatched);
        Assert.Equal(heap.TotalSize, statistics.Total);
        Assert.Equal(heap.TotalSize, contexts.Contexts.Sum(c => c.AttributedSize) + contexts.SharedSize + contexts.UnattributedSize);
        Assert.InRange(statistics.Native + statistics.Code + statistics.Strings + statistics.System, 0, statistics.Total);
    });

    private static IEnumerable<int> Above(int node, int[] dominators)
    {
        while (node != 0) yield return node = dominators[node];
    }

    private static void Check(Action<HeapShape, Heap> assert) => HeapShape.Any.Sample(
        shape =>
        {
            using var heap = new Heap(shape.Build(), Work.Unwatched);
            assert(shape, heap);
        },
        iter: Graphs);

    private static void AssertAt<T>(int node, string what, T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual)) Assert.Fail($"{what} of node {node}: expected {expected}, got {actual}");
    }
}
