using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses;

/// <summary>Bytes by kind.</summary>
public sealed class HeapStatisticsTests
{
    [Fact]
    public void Every_kind_has_its_bytes_and_native_bytes_outside_the_graph_count()
    {
        var builder = new HeapBuilder();
        builder.RootObject("Foo", 1);
        foreach ((NodeType type, string name, long size) in ((NodeType, string, long)[])
        [
            (NodeType.Native, "system / JSArrayBufferData", 100), (NodeType.Native, "Other", 20), (NodeType.Code, "code", 30),
            (NodeType.String, "s", 1), (NodeType.ConsString, "c", 2), (NodeType.SlicedString, "l", 4), (NodeType.String, "Array", 8),
        ])
        {
            builder.Element(builder.Root, 1, builder.Node(type, name, size));
        }

        builder.Element(builder.Root, 1, builder.Node(NodeType.Hidden, "system", 50));
        builder.Parts.ExtraNativeBytes = 1000;
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        HeapStatistics s = HeapStatistics.Run(heap, Work.Unwatched);
        Assert.Equal(new HeapStatistics(1216, 1120, 100, 30, 0, 15, 50), s);
    }

    [Fact]
    public void The_elements_of_an_array_count_where_nothing_else_leads_to_them()
    {
        // Elements that are objects keep their size, whoever owns them.
        var builder = new HeapBuilder();
        NodeIndex alone = builder.RootObject("Array", 16), sharing = builder.RootObject("Array", 16), other = builder.RootObject("Array", 16);
        NodeIndex own = builder.Object("Elements", 100), shared = builder.Object("Elements", 1000);
        builder.Internal(alone, "elements", own).Internal(sharing, "elements", shared).Internal(other, "elements", shared);
        builder.Property(alone, "elements", builder.Object("Elements", 10_000));
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        Assert.Equal(48 + 100, HeapStatistics.Run(heap, Work.Unwatched).JsArrays);
    }

    [Fact]
    public void Elements_that_gave_their_size_to_their_array_count_once()
    {
        var builder = new HeapBuilder();
        NodeIndex array = builder.RootObject("Array", 16);
        builder.Internal(array, "elements", builder.Node(NodeType.Array, "(object elements)", 100));
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        Assert.Equal(116, HeapStatistics.Run(heap, Work.Unwatched).JsArrays);
    }
}
