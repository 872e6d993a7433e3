using CsCheck;
using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses;

/// <summary>The upper part of a dominator tree, with what was left out of it.</summary>
public sealed class DominatorBranchesTests
{
    [Fact]
    public void Objects_come_biggest_first_with_what_they_dominate_below_them()
    {
        var builder = new HeapBuilder();
        NodeIndex small = builder.RootObject("Small", 10), big = builder.RootObject("Big", 100), below = builder.Object("Below", 50);
        NodeIndex shared = builder.Object("Shared", 7);
        builder.Property(big, "below", below).Property(small, "shared", shared).Property(big, "shared", shared);
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        DominatorBranches found = Run(heap, heap.Graph.Root, depth: 5, limit: 10, least: 0);
        Assert.Equal(
            [(-1, big, 1, 100L, 150L, 1), (0, below, 1, 50L, 50L, 0), (-1, small, 1, 10L, 10L, 0), (-1, shared, 1, 7L, 7L, 0)],
            found.Branches.Select(b => (b.Parent, b.Node, b.Objects, b.ShallowSize, b.RetainedSize, b.Dominated)));
        Assert.Equal((4, 3, 0, 0L), (found.Dominated, found.Children, found.LeftOut, found.LeftOutSize));
    }

    [Fact]
    public void The_small_objects_of_one_class_are_one_row()
    {
        var builder = new HeapBuilder();
        NodeIndex holder = builder.RootObject("Holder", 0), first = NodeIndex.None;
        for (uint i = 0; i < 5; i++)
        {
            NodeIndex foo = builder.Object("Foo", 10);
            if (i == 0) first = foo;
            builder.Element(holder, i, foo);
        }

        builder.Element(holder, 5, builder.Object("Bar", 12));
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        DominatorBranches found = Run(heap, holder, depth: 3, limit: 10, least: 20);
        DominatorBranch group = Assert.Single(found.Branches);
        Assert.Equal((true, first, 5, 50L, 50L), (group.IsGroup, group.Node, group.Objects, group.ShallowSize, group.RetainedSize));
        Assert.Equal((1, 12L), (found.LeftOut, found.LeftOutSize));
    }

    [Fact]
    public void Depth_and_limit_say_how_many_objects_and_bytes_they_leave_out()
    {
        var builder = new HeapBuilder();
        NodeIndex holder = builder.RootObject("Holder", 1);
        foreach ((string name, long size) in ((string, long)[])[("A", 10), ("B", 20), ("C", 30)])
            builder.Property(holder, name, builder.Object(name, size));
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        DominatorBranches limited = Run(heap, holder, depth: 3, limit: 1, least: 0);
        Assert.Equal([30L], limited.Branches.Select(b => b.RetainedSize));
        Assert.Equal((2, 30L), (limited.LeftOut, limited.LeftOutSize));

        DominatorBranch cut = Assert.Single(Run(heap, heap.Graph.Root, depth: 1, limit: 10, least: 0).Branches);
        Assert.Equal((holder, 3, 60L), (cut.Node, cut.LeftOut, cut.LeftOutSize));
    }

    [Fact]
    public void The_chain_of_an_object_leads_from_its_own_dominator_to_the_root()
    {
        var builder = new HeapBuilder();
        NodeIndex a = builder.RootObject("A"), left = builder.Object("L"), right = builder.Object("R"), joined = builder.Object("J"), below = builder.Object("B");
        builder.Property(a, "l", left).Property(a, "r", right).Property(left, "j", joined).Property(right, "j", joined).Property(joined, "b", below);
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        Assert.Equal([joined, a, heap.Graph.Root], DominatorBranches.ChainOf(heap, below));
        Assert.Empty(DominatorBranches.ChainOf(heap, heap.Graph.Root));
    }

    [Fact]
    public void Rows_and_what_is_left_out_make_up_every_node_and_byte() => Gen.Select(HeapShape.Any, Gen.Int[1, 3], Gen.Int[1, 3], Gen.Long[0, 120]).Sample(
        (shape, depth, limit, least) =>
        {
            using var heap = new Heap(shape.Build(), Work.Unwatched);
            int[] dominators = new NaiveHeap(shape).Dominators();
            DominatorBranches found = Run(heap, heap.Graph.Root, depth, limit, least);
            AssertBelow(heap, dominators, found.Start, [.. found.Branches.Where(b => b.Parent < 0)], found.LeftOut, found.LeftOutSize, limit);
            Assert.Equal(heap.Graph.NodeCount - 1, found.Dominated);
            for (int i = 0; i < found.Branches.Count; i++)
            {
                DominatorBranch row = found.Branches[i];
                if (row.IsGroup) continue;
                AssertBelow(heap, dominators, row.Node, [.. found.Branches.Where(b => b.Parent == i)], row.LeftOut, row.LeftOutSize, limit);
                Assert.True(row.RetainedSize >= least);
            }
        },
        iter: 3_000);

    private static void AssertBelow(Heap heap, int[] dominators, NodeIndex node, DominatorBranch[] rows, int left, long leftSize, int limit)
    {
        int children = Enumerable.Range(1, dominators.Length - 1).Count(n => dominators[n] == (int)node);
        Assert.Equal(children, rows.Sum(r => r.Objects) + left);
        Assert.Equal(heap.Retained[node] - heap.Shallow[node], rows.Sum(r => r.RetainedSize) + leftSize);
        Assert.InRange(rows.Length, 0, limit);
        Assert.Equal(rows.OrderByDescending(r => r.RetainedSize), rows);
    }

    private static DominatorBranches Run(Heap heap, NodeIndex start, int depth, int limit, long least) =>
        DominatorBranches.Run(heap, start, new DominatorOptions(depth, limit, least), Work.Unwatched);
}
