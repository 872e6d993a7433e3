using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses;

/// <summary>Texts that several strings hold.</summary>
public sealed class DuplicateStringsTests
{
    [Fact]
    public void Strings_of_one_text_waste_all_but_the_largest()
    {
        var builder = new HeapBuilder();
        NodeIndex first = Text(builder, "a", 10), second = Text(builder, "b", 100);
        Text(builder, "a", 30);
        Text(builder, "a", 20);
        Text(builder, "b", 100);
        Text(builder, "single", 500);
        DuplicateStrings found = Run(builder);
        Assert.Equal([new DuplicateString(second, 2, 200, 200, 100), new DuplicateString(first, 3, 60, 60, 30)], found.Groups);
        Assert.Equal(6, found.Strings);
    }

    [Fact]
    public void A_concatenated_string_is_the_text_of_its_parts()
    {
        var builder = new HeapBuilder();
        NodeIndex whole = Text(builder, "hello", 24), left = Text(builder, "hel", 16), right = Text(builder, "lo", 16);
        NodeIndex joined = Text(builder, "(concatenated string)", 32, NodeType.ConsString);
        builder.Internal(joined, "first", left).Internal(joined, "second", right);
        DuplicateString group = Assert.Single(Run(builder).Groups);
        Assert.Equal((whole, 2, 56L, 24L), (group.First, group.Count, group.ShallowSize, group.Wasted));
    }

    [Fact]
    public void A_concatenated_string_that_was_put_together_and_one_without_bytes_are_no_copies()
    {
        var builder = new HeapBuilder();
        NodeIndex whole = Text(builder, "hello", 24), nothing = Text(builder, "", 8);
        NodeIndex flat = Text(builder, "(concatenated string)", 32, NodeType.ConsString);
        builder.Internal(flat, "first", whole).Internal(flat, "second", nothing);
        Text(builder, "hello", 0);
        DuplicateStrings found = Run(builder);
        Assert.Empty(found.Groups);
        Assert.Equal(2, found.Strings);
    }

    [Fact]
    public void Strings_that_were_cut_are_the_same_only_with_the_same_length_and_hash()
    {
        var builder = new HeapBuilder();
        NodeIndex same = Cut(builder, "long", "5000", "1");
        Cut(builder, "long", "5000", "1");
        Cut(builder, "long", "5000", "2");
        Cut(builder, "long", "6000", "1");
        DuplicateString group = Assert.Single(Run(builder).Groups);
        Assert.Equal((same, 2), (group.First, group.Count));
    }

    private static NodeIndex Text(HeapBuilder builder, string text, long size, NodeType type = NodeType.String)
    {
        NodeIndex node = builder.Node(type, text, size);
        builder.Element(builder.Root, 1, node);
        return node;
    }

    private static NodeIndex Cut(HeapBuilder builder, string text, string length, string hash)
    {
        NodeIndex node = Text(builder, text, 100);
        foreach ((string edge, string kind, string value) in ((string, string, string)[])[("truncated", "bool", "true"), ("length", "int", length), ("hash", "int", hash)])
        {
            NodeIndex number = builder.Node(NodeType.Number, kind);
            builder.Internal(node, edge, number).Internal(number, "value", builder.Node(NodeType.String, value));
        }

        return node;
    }

    private static DuplicateStrings Run(HeapBuilder builder)
    {
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        return DuplicateStrings.Run(heap, Work.Unwatched);
    }
}
