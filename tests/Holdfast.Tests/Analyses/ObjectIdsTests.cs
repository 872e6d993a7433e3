using CsCheck;
using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Tests.Analyses;

/// <summary>Objects in the order of their ids.</summary>
public sealed class ObjectIdsTests
{
    private static readonly Gen<ulong> Ids = Gen.OneOf(
        Gen.ULong[0, 20], Gen.ULong[0, 5000], Gen.UInt.Select(i => (ulong)i), Gen.ULong, Gen.ULong.Select(i => i << 53),
        Gen.Int[0, 63].Select(bit => 1UL << bit), Gen.Const(ulong.MaxValue));

    [Fact]
    public void Sorting_is_what_a_stable_sort_of_the_framework_gives_up_to_64_bits() => Ids.Array[0, 300].Sample(
        ids =>
        {
            int[] nodes = [.. Enumerable.Range(0, ids.Length)];
            (ulong Id, int Node)[] expected = [.. ids.Zip(nodes).OrderBy(p => p.First)];
            ulong[] sorted = [.. ids];
            ObjectIds.Sort(sorted, nodes, Work.Unwatched);
            Assert.Equal(expected, sorted.Zip(nodes));
            ulong[] byArray = [.. ids];
            Array.Sort(byArray);
            Assert.Equal(byArray, sorted);
        },
        iter: 3_000);

    [Fact]
    public void Only_objects_with_a_size_are_kept_with_their_class_and_size()
    {
        var parts = new HeapGraphBuilder();
        NodeIndex root = parts.AddNode(NodeType.Synthetic, "", 1, 0);
        foreach ((string name, ulong id, long size) in ((string, ulong, long)[])
            [("Foo", 0x1_0000_0007, 10), ("Bar", 9, 20), ("Foo", 3, 0), ("Foo", 5, 6_000_000_000)])
        {
            parts.AddEdge(root, EdgeType.Element, 1, parts.AddNode(NodeType.Object, name, id, size));
        }

        using var heap = new Heap(parts.Build(), Work.Unwatched);
        using ObjectIds ids = ObjectIds.Run(heap, Work.Unwatched);
        Assert.Equal([5UL, 9, 0x1_0000_0007], ids.Ids.ToArray());
        Assert.Equal([6_000_000_000, 20L, 10], ids.Sizes.ToArray());
        Assert.Equal(["Foo", "Bar", "Foo"], ids.Classes.ToArray().Select(c => heap.Classes.Catalog[c].Name));
    }
}
