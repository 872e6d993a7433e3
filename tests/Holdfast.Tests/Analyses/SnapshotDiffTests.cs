using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Tests.Analyses;

/// <summary>What changed over two or more snapshots.</summary>
public sealed class SnapshotDiffTests
{
    [Fact]
    public void Every_snapshot_has_its_value_and_added_and_removed_are_from_the_first_to_the_last()
    {
        SnapshotDiff diff = Run(
            Objects((3, "Foo", 10), (5, "Bar", 1)),
            Objects((3, "Foo", 10), (7, "Foo", 10), (9, "Foo", 10), (5, "Bar", 1)),
            Objects((7, "Foo", 10), (11, "Foo", 12), (5, "Bar", 1)));
        ClassDiffRow row = Assert.Single(diff.Classes);
        Assert.Equal("Foo", row.Key.Name);
        Assert.Equal([1, 3, 2], row.Counts);
        Assert.Equal([10L, 30, 22], row.ShallowSizes);
        Assert.Equal([10L, 30, 22], row.RetainedSizes);
        Assert.Equal((2, 22L, 1, 10L), (row.Change.AddedCount, row.Change.AddedSize, row.Change.RemovedCount, row.Change.RemovedSize));
        Assert.Equal((1L, 12L, 12L), (row.CountGrowth, row.ShallowGrowth, row.RetainedGrowth));
        Assert.Equal([(3, 11L), (5, 31L), (4, 23L)], diff.Points.Select(p => (p.NodeCount, p.TotalSize)));
        Assert.Equal([5UL, 9, 11], diff.NewestIds);
    }

    [Fact]
    public void A_class_that_came_back_to_what_it_was_in_between_is_still_a_change()
    {
        SnapshotDiff diff = Run(Objects((3, "Foo", 10)), Objects((3, "Foo", 10), (5, "Foo", 10)), Objects((3, "Foo", 10)));
        ClassDiffRow row = Assert.Single(diff.Classes);
        Assert.Equal([1, 2, 1], row.Counts);
        Assert.True(row.Change.IsNone);
    }

    [Fact]
    public void A_class_replaced_whole_is_a_change_though_its_numbers_stay()
    {
        ClassDiffRow row = Assert.Single(Run(Objects((3, "Foo", 10)), Objects((5, "Foo", 10))).Classes);
        Assert.Equal((1, 1, 0L), (row.Change.AddedCount, row.Change.RemovedCount, row.CountGrowth));
    }

    [Fact]
    public void Earlier_snapshots_are_classed_by_the_interfaces_of_the_last()
    {
        // Alone, the first would know {a} only: of {a, b} there is just one.
        SnapshotDiff diff = Run(Plain((101, ["a"]), (103, ["a"]), (105, ["a", "b"])), Plain((105, ["a", "b"]), (107, ["a", "b"])));
        Assert.Equal(
            [("Object", 2, 0), ("{a, b}", 1, 2)],
            diff.Classes.Select(r => (r.Key.Name, r.Counts[0], r.Counts[1])).Order());
        ClassDiffRow pairs = diff.Classes.Single(r => r.Key.Name == "{a, b}");
        Assert.Equal((1, 0), (pairs.Change.AddedCount, pairs.Change.RemovedCount));
    }

    [Fact]
    public void An_object_whose_class_became_another_went_from_the_one_and_came_to_the_other()
    {
        SnapshotDiff diff = Run(Objects((3, "Foo", 10), (5, "Kept", 1)), Objects((3, "Bar", 10), (5, "Kept", 1)));
        Assert.Equal(
            [("Bar", 1, 0), ("Foo", 0, 1)],
            diff.Classes.Select(r => (r.Key.Name, r.Change.AddedCount, r.Change.RemovedCount)).Order());
        Assert.Equal(0.5, diff.KeptShare);
    }

    [Fact]
    public void An_object_that_gets_a_size_comes_and_one_that_loses_it_goes()
    {
        SnapshotDiff diff = Run(Objects((3, "Grew", 0), (5, "Shrank", 8), (7, "Never", 0)), Objects((3, "Grew", 8), (5, "Shrank", 0), (7, "Never", 0)));
        Assert.Equal(
            [("Grew", 1, 0, 8L), ("Shrank", 0, 1, -8L)],
            diff.Classes.Select(r => (r.Key.Name, r.Change.AddedCount, r.Change.RemovedCount, r.ShallowGrowth)).Order());
    }

    [Fact]
    public void An_object_that_only_changes_its_size_is_the_same_object()
    {
        SnapshotDiff diff = Run(Objects((3, "Foo", 10)), Objects((3, "Foo", 50)));
        ClassDiffRow row = Assert.Single(diff.Classes);
        Assert.True(row.Change.IsNone);
        Assert.Equal(40, row.ShallowGrowth);
        Assert.Equal(1, diff.KeptShare);
    }

    [Fact]
    public void The_share_of_objects_kept_is_of_those_in_the_first()
    {
        Assert.Equal(0.25, Run(Objects((3, "A", 1), (5, "A", 1), (7, "A", 1), (9, "A", 1)), Objects((9, "A", 1), (11, "A", 1))).KeptShare);
        Assert.Equal(0, Run(Objects((3, "A", 1)), Objects((5, "A", 1))).KeptShare);
        Assert.Equal(0, Run(Objects(), Objects((5, "A", 1))).KeptShare);
    }

    private static HeapGraph Objects(params (ulong Id, string Name, long Size)[] objects)
    {
        var parts = new HeapGraphBuilder();
        NodeIndex root = parts.AddNode(NodeType.Synthetic, "", 1, 0);
        foreach ((ulong id, string name, long size) in objects)
            parts.AddEdge(root, EdgeType.Element, 1, parts.AddNode(NodeType.Object, name, id, size));
        return parts.Build();
    }

    private static HeapGraph Plain(params (ulong Id, string[] Properties)[] objects)
    {
        var parts = new HeapGraphBuilder();
        NodeIndex root = parts.AddNode(NodeType.Synthetic, "", 1, 0), value = parts.AddNode(NodeType.Object, "Value", 3, 8);
        parts.AddEdge(root, EdgeType.Element, 1, value);
        foreach ((ulong id, string[] properties) in objects)
        {
            NodeIndex node = parts.AddNode(NodeType.Object, "Object", id, 16);
            parts.AddEdge(root, EdgeType.Element, 1, node);
            foreach (string property in properties) parts.AddEdge(node, EdgeType.Property, property, value);
        }

        return parts.Build();
    }

    private static SnapshotDiff Run(params HeapGraph[] graphs) =>
        SnapshotDiff.Run(graphs.Length, place => new Heap(graphs[place], Work.Unwatched), Work.Unwatched);
}
