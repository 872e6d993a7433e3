using CsCheck;
using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses;

/// <summary>The nodes that one node dominates immediately.</summary>
public sealed class DominatorListTests
{
    [Fact]
    public void The_biggest_come_first_with_the_totals_of_all()
    {
        var builder = new HeapBuilder();
        builder.RootObject("Small", 10);
        NodeIndex big = builder.RootObject("Big", 100);
        builder.Property(big, "below", builder.Object("Below", 5));
        builder.RootObject("Middle", 50);
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        DominatorList found = DominatorList.Biggest(heap, heap.Graph.Root, 2, Work.Unwatched);
        Assert.Equal([("Big", "object", 100L, 105L), ("Middle", "object", 50L, 50L)], found.Rows.Select(r => (r.Name, r.Type, r.ShallowSize, r.RetainedSize)));
        Assert.Equal((3, 165L), (found.Count, found.RetainedSize));
        Assert.Equal(heap.Graph.Ids[(int)big], found.Rows[0].Id);
    }

    [Fact]
    public void On_random_graphs_it_is_those_whose_dominator_the_node_is() => HeapShape.Any.Sample(
        shape =>
        {
            using var heap = new Heap(shape.Build(), Work.Unwatched);
            int[] dominators = new NaiveHeap(shape).Dominators();
            for (int node = 0; node < dominators.Length; node++)
            {
                NodeIndex[] expected =
                [
                    .. Enumerable.Range(1, dominators.Length - 1).Where(n => dominators[n] == node).Select(n => (NodeIndex)n)
                        .OrderByDescending(n => heap.Retained[n]).ThenBy(n => n),
                ];
                DominatorList found = DominatorList.Biggest(heap, (NodeIndex)node, int.MaxValue, Work.Unwatched);
                Assert.Equal(expected, found.Rows.Select(r => r.Node));
                Assert.Equal((expected.Length, expected.Sum(n => heap.Retained[n])), (found.Count, found.RetainedSize));
            }
        },
        iter: 1_000);
}
