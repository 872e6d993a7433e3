using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses;

/// <summary>The strings with most bytes of their own.</summary>
public sealed class LargestStringsTests
{
    [Fact]
    public void The_largest_come_first_with_the_totals_of_all_strings_of_every_kind()
    {
        using Heap heap = Three(out NodeIndex plain, out NodeIndex joined, out NodeIndex sliced);
        LargestStrings found = LargestStrings.Run(heap, null, int.MaxValue, Work.Unwatched);
        Assert.Equal([plain, joined, sliced], found.Nodes);
        Assert.Equal((3, 160L), (found.Count, found.ShallowSize));
        LargestStrings limited = LargestStrings.Run(heap, null, 1, Work.Unwatched);
        Assert.Equal([plain], limited.Nodes);
        Assert.Equal((3, 160L), (limited.Count, limited.ShallowSize));
    }

    [Fact]
    public void A_pattern_is_matched_against_the_text_also_of_strings_put_together_from_parts()
    {
        using Heap heap = Three(out NodeIndex plain, out NodeIndex joined, out _);
        LargestStrings found = LargestStrings.Run(heap, new Glob("GET /*"), int.MaxValue, Work.Unwatched);
        Assert.Equal([plain, joined], found.Nodes);
        Assert.Equal((2, 150L), (found.Count, found.ShallowSize));
    }

    private static Heap Three(out NodeIndex plain, out NodeIndex joined, out NodeIndex sliced)
    {
        var builder = new HeapBuilder();
        plain = builder.Node(NodeType.String, "GET /a", 100);
        joined = builder.Node(NodeType.ConsString, "(concatenated string)", 50);
        sliced = builder.Node(NodeType.SlicedString, "(sliced string)", 10);
        NodeIndex left = builder.Node(NodeType.String, "GET "), right = builder.Node(NodeType.String, "/b");
        builder.Element(builder.Root, 1, plain).Element(builder.Root, 2, joined).Element(builder.Root, 3, sliced);
        builder.Internal(joined, "first", left).Internal(joined, "second", right);
        builder.RootObject("NoString", 1000);
        return new Heap(builder.Build(), Work.Unwatched);
    }
}
