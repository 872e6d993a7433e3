using CsCheck;
using Holdfast.Sources.CoreDump.V8;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.CoreDump.V8;

public sealed class ObjectTableTests
{
    [Fact]
    public void Each_object_is_found_by_its_address_and_nothing_else_is() =>
        Gen.Int[1, 9].Array[0, 3000].Sample(
            sizes =>
            {
                var heap = new HeapCoreBuilder();
                var made = new List<ulong>();
                ulong map = heap.MapOf("FIXED_ARRAY");
                for (int i = 0; i < sizes.Length; i++)
                {
                    // Now and then on to another page.
                    if (i % 700 == 699) heap.AddPage(heap.CurrentPage += HeapPage.Size, heap.Heap, owner: 0x77);
                    made.Add(heap.Array(new ulong[sizes[i]]));
                }

                using OpenCore core = OpenCore.Of(heap);
                V8Heap read = core.Heap;
                int first = made.Count == 0 ? 0 : read.IndexOf(made[0]);
                for (int i = 0; i < made.Count; i++)
                {
                    ulong address = made[i] - 1;
                    Assert.Equal(first + i, read.IndexOf(address | 1));
                    Assert.Equal(first + i, read.IndexOf(address | 3));
                    foreach (ulong tag in new ulong[] { 0, 2, 4, 5, 6, 7 }) Assert.Equal(-1, read.IndexOf(address | tag));
                    Assert.Equal(-1, read.IndexOf(made[i] + 8));
                    HeapObject found = read[first + i];
                    Assert.Equal((made[i], 16L + (8 * sizes[i]), first + i, ObjectKind.FixedArray), (found.Address, found.Size, found.Index, found.Kind));

                    // An offset in a page is no address.
                    Assert.Equal(-1, read.IndexOf(made[i] & (HeapPage.Size - 1)));
                }

                Assert.Equal(-1, read.IndexOf(0));
                Assert.Equal(-1, read.IndexOf(ulong.MaxValue));
                Assert.True(read.IndexOf(map) >= 0);
            },
            iter: 40,
            threads: 1);

    [Fact]
    public void A_reference_to_where_an_object_was_is_one_to_where_it_is_now()
    {
        var heap = new HeapCoreBuilder();
        ulong moved = heap.Array(heap.Undefined), stayed = heap.Array(moved);
        ulong now = heap.Array(heap.Undefined);
        heap.SetField(moved, 0, now - 1);
        using OpenCore core = OpenCore.Of(heap);

        Assert.True(core.Heap.IndexOf(now) >= 0);
        Assert.Equal(core.Heap.IndexOf(now), core.Heap.IndexOf(moved));
        Assert.True(core.Heap.TryFollow(core[stayed], 16, out HeapObject found));
        Assert.Equal(now, found.Address);
    }

    [Fact]
    public void Outside_of_an_object_is_nothing()
    {
        var heap = new HeapCoreBuilder();
        ulong list = heap.Array(0x1111, 0x2222);
        using OpenCore core = OpenCore.Of(heap);
        HeapObject read = core[list];

        Assert.Equal((0x1111UL, 0x2222UL, 0UL), (read[16], read[24], read[32]));
        foreach (int offset in new[] { -8, -1, int.MinValue, int.MinValue + 16, int.MaxValue, int.MaxValue - 7, 25, 29, 31 })
        {
            Assert.Equal(0UL, read[offset]);
            if (offset is not 25) Assert.Equal(0, read.Int32(offset));
            if (offset is not (25 or 29)) Assert.Equal(0, read.UInt16(offset));
            Assert.Equal(0, read.Smi(offset));
        }

        Assert.Equal(8, read.Bytes(24, 100).Length);
        Assert.True(read.Bytes(32, 100).IsEmpty && read.Bytes(33, 1).IsEmpty && read.Bytes(int.MaxValue, 1).IsEmpty);
        Assert.True(read.Bytes(-8, 8).IsEmpty && read.Bytes(int.MinValue, long.MaxValue).IsEmpty && read.Bytes(8, -1).IsEmpty);
        Assert.Equal(2, read.WordsFrom(16).Length);
        Assert.True(read.WordsFrom(32).IsEmpty && read.WordsFrom(-8).IsEmpty && read.WordsFrom(int.MinValue).IsEmpty && read.WordsFrom(int.MaxValue).IsEmpty);
    }
}
