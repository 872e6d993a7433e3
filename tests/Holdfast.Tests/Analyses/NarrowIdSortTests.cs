using CsCheck;
using Holdfast.Analyses;
using Holdfast.Common;

namespace Holdfast.Tests.Analyses;

/// <summary>The fast order of ids below 2^32 is the plain one.</summary>
public sealed class NarrowIdSortTests
{
    [Fact]
    public void Ids_of_32_bits_are_ordered_as_all_ids_are() => Gen.UInt.Array[0, 3000].Sample(numbers =>
    {
        ulong[] plain = [.. numbers.Select(n => (ulong)n)], narrow = [.. plain];
        int[] plainNodes = [.. Enumerable.Range(0, plain.Length)], narrowNodes = [.. plainNodes];
        ObjectIds.Sort(plain, plainNodes, Work.Unwatched);
        ObjectIds.SortNarrow(narrow, narrowNodes, Work.Unwatched);
        Assert.Equal(plain, narrow);
        Assert.Equal(plainNodes, narrowNodes);
    });
}
