using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses;

/// <summary>Graphs no process makes, small as files, that must not take minutes or recurse without end.</summary>
public sealed class HostileGraphTests
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Concatenated_strings_that_are_made_of_themselves_have_a_name_soon()
    {
        var builder = new HeapBuilder();
        for (int i = 0; i < 1000; i++)
        {
            NodeIndex text = builder.Node(NodeType.ConsString, "(concatenated string)", 16);
            builder.Element(builder.Root, (uint)i, text);

            // Many edges to look through before the one that leads back to the string itself.
            for (int e = 0; e < 300; e++) builder.Internal(text, "x", builder.Root);
            builder.Internal(text, "first", text);
        }

        using var heap = new Heap(builder.Build(), Work.Unwatched);
        await Task.Run(
            () =>
            {
                for (int node = 0; node < heap.Graph.NodeCount; node++) Assert.Equal("", heap.Names[(NodeIndex)node]);
                Assert.Empty(DuplicateStrings.Run(heap, Work.Unwatched).Groups);
            },
            TestContext.Current.CancellationToken).WaitAsync(Generous, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Names_that_almost_look_like_WeakMap_entries_are_told_apart_soon()
    {
        var builder = new HeapBuilder();
        string almost = "1 / part of key (" + string.Concat(Enumerable.Repeat(" @1) -> value ( @1) pair in WeakMap (table @1", 3000)) + ")";
        NodeIndex node = builder.RootObject(almost);
        builder.Internal(node, almost, node);
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        int distance = await Task.Run(() => heap.Distances[node], TestContext.Current.CancellationToken).WaitAsync(Generous, TestContext.Current.CancellationToken);
        Assert.Equal(1, distance);
    }

    [Fact]
    public void A_graph_of_nothing_but_a_root_has_all_that_is_derived()
    {
        using var heap = new Heap(new HeapBuilder().Build(), Work.Unwatched);
        Assert.Empty(ClassTable.Run(heap, Work.Unwatched));
        Assert.Equal(0, heap.TotalSize);
        Assert.Equal(0, heap.Distances[NodeIndex.None + 1]);
        Assert.Empty(heap.Retainers.Sources.ToArray());
    }

    [Fact]
    public void A_root_that_everything_points_at_is_still_the_root()
    {
        var builder = new HeapBuilder();
        NodeIndex a = builder.RootObject("A"), b = builder.Object("B");
        builder.Property(a, "b", b).Property(b, "root", builder.Root).Property(a, "root", builder.Root).Property(builder.Root, "self", builder.Root);
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        Assert.Equal([builder.Root, builder.Root, a], heap.Dominators.Dominators.ToArray());
        Assert.Equal([32L, 32, 16], heap.Retained.Span.ToArray());
    }
}
