using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses.Derived;

/// <summary>Lists of a million links and trees of any depth: nothing recurses over the heap.</summary>
public sealed class DeepGraphTests
{
    private const int Length = 1_200_000;

    [Fact]
    public void A_list_of_a_million_links_works()
    {
        using var heap = new Heap(DeepGraphs.Chain(Length), Work.Unwatched);
        int last = Length - 1;
        Assert.Equal(last, heap.Distances[(NodeIndex)last]);
        Assert.Equal((NodeIndex)(last - 1), heap.Dominators.Dominators[last]);
        Assert.Equal(16L * last, heap.Retained[(NodeIndex)1]);
        ClassRow row = Assert.Single(ClassTable.Run(heap, Work.Unwatched));
        Assert.Equal((last, 16L * last, 16L * last, 1), (row.Count, row.ShallowSize, row.RetainedSize, row.Distance));
        Assert.Equal((NodeIndex)(last - 1), heap.Retainers.Sources[heap.Retainers.First[last]]);
    }

    [Fact]
    public void A_list_with_ways_back_and_ahead_works()
    {
        using var heap = new Heap(DeepGraphs.Ladder(Length), Work.Unwatched);
        Assert.Equal((NodeIndex)0, heap.Dominators.Dominators[1]);
        for (int node = 2; node < Length; node++)
        {
            if (heap.Dominators.Dominators[node] != (NodeIndex)1) Assert.Fail($"dominator of {node}: {heap.Dominators.Dominators[node]}");
        }

        Assert.Equal(Length / 2, heap.Distances[(NodeIndex)(Length - 1)]);
    }

    [Fact]
    public void A_wide_tree_works()
    {
        using var heap = new Heap(DeepGraphs.BinaryTree(Length), Work.Unwatched);
        Assert.Equal((NodeIndex)((Length - 2) / 2), heap.Dominators.Dominators[Length - 1]);
        Assert.Equal(16L * (Length - 1), heap.TotalSize);
        Assert.Equal(20, heap.Distances[(NodeIndex)(Length - 1)]);
    }

    [Fact]
    public void A_list_of_a_million_hidden_nodes_gives_its_size_to_its_owner()
    {
        const int length = 300_000;
        var builder = new HeapBuilder();
        NodeIndex owner = builder.RootObject("Owner");
        NodeIndex above = owner;
        for (int i = 0; i < length; i++)
        {
            NodeIndex node = builder.Node(NodeType.Hidden, "system", 8);
            builder.Internal(above, "next", node);
            above = node;
        }

        using var heap = new Heap(builder.Build(), Work.Unwatched);
        Assert.Equal(16 + 8L * length, heap.Shallow[owner]);
        Assert.Equal(0, heap.Shallow[above]);
    }

    [Fact]
    public void A_concatenated_string_of_a_million_parts_has_a_name()
    {
        const int length = 300_000;
        var builder = new HeapBuilder();
        NodeIndex part = builder.Node(NodeType.String, "ab", 16);
        NodeIndex text = builder.Node(NodeType.ConsString, "(concatenated string)", 16);
        builder.Element(builder.Root, 1, text);
        for (int i = 0; i < length; i++)
        {
            NodeIndex rest = builder.Node(NodeType.ConsString, "(concatenated string)", 16);
            builder.Internal(text, "first", rest).Internal(text, "second", part);
            text = rest;
        }

        builder.Internal(text, "first", part).Internal(text, "second", part);
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        string name = heap.Names[(NodeIndex)2];
        Assert.InRange(name.Length, 1024, 1030);
        Assert.StartsWith("abab", name, StringComparison.Ordinal);
    }
}
