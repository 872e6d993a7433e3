using System.Runtime.InteropServices;
using CsCheck;
using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Tests.Sources.CoreDump.Elf;

public sealed unsafe class AddressSpaceTests : IDisposable
{
    private const int Size = 1 << 12;
    private readonly byte* _bytes = (byte*)NativeMemory.AllocZeroed(Size);

    private static readonly Gen<(ulong Start, ulong Bytes)[]> Ranges = Gen.Select(Gen.Int[0, 120], Gen.Int[0, 30]).Select((a, b) => ((ulong)a, (ulong)b)).Array[0, 8];

    public AddressSpaceTests()
    {
        for (int i = 0; i < Size; i++) _bytes[i] = (byte)(i * 37);
    }

    public void Dispose() => NativeMemory.Free(_bytes);

    [Fact]
    public void What_comes_first_stays_where_ranges_overlap_and_every_way_of_reading_says_the_same() =>
        Gen.Select(Ranges, Ranges).Sample((first, second) =>
        {
            var space = new AddressSpace();
            var expected = new Dictionary<ulong, byte>();
            int used = 0;
            foreach ((ulong Start, ulong Bytes)[] group in new[] { first, second })
            {
                var ranges = new List<MemoryRange>();
                foreach ((ulong start, ulong bytes) in group)
                {
                    ranges.Add(new MemoryRange(start, bytes, _bytes + used, 6));
                    used += (int)bytes;
                }

                space.Add(ranges);

                // Of one group the range that begins first counts.
                foreach (MemoryRange range in ranges.OrderBy(r => r.Start))
                {
                    for (ulong i = 0; i < range.DataSize; i++) expected.TryAdd(range.Start + i, range.Data[i]);
                }
            }

            Assert.Equal(expected.Count, space.Bytes);
            AssertReads(space, expected);
        });

    [Fact]
    public void A_word_across_two_ranges_is_none_but_a_copy_has_it()
    {
        var space = new AddressSpace();
        space.Add([new MemoryRange(100, 12, _bytes, 4), new MemoryRange(112, 8, _bytes + 12, 4), new MemoryRange(130, 8, _bytes + 30, 4)]);

        Assert.False(space.TryWord(108, out ulong word));
        Assert.Equal(0UL, word);
        Assert.True(space.TryWord(104, out word));
        Assert.Equal(BitConverter.ToUInt64(new ReadOnlySpan<byte>(_bytes + 4, 8)), word);

        var copy = new byte[40];
        copy.AsSpan().Fill(0xEE);
        Assert.Equal(28, space.Copy(99, copy));
        Assert.Equal(0xEE, copy[0]);
        Assert.Equal(new ReadOnlySpan<byte>(_bytes, 20).ToArray(), copy[1..21]);
        Assert.All(copy[21..31], b => Assert.Equal(0xEE, b));
        Assert.Equal(new ReadOnlySpan<byte>(_bytes + 30, 8).ToArray(), copy[31..39]);
    }

    [Fact]
    public void The_ends_of_the_address_space_are_addresses_like_others()
    {
        var space = new AddressSpace();
        space.Add(
        [
            new MemoryRange(0, 16, _bytes, 4),
            new MemoryRange(ulong.MaxValue - 31, 24, _bytes + 100, 4),

            // Past the end: left out.
            new MemoryRange(ulong.MaxValue - 3, 16, _bytes, 4),
        ]);

        Assert.Equal(2, space.Ranges.Count);
        Assert.Equal(8, space.From(8, ulong.MaxValue).Length);
        Assert.Equal(8, space.Exactly(ulong.MaxValue - 15, 8).Length);
        Assert.True(space.From(ulong.MaxValue - 7, 8).IsEmpty);
        Assert.Equal(0, space.Copy(ulong.MaxValue - 7, new byte[64]));
        Assert.False(space.TryWord(ulong.MaxValue - 2, out _));
    }

    [Fact]
    public void Nothing_is_at_any_address_of_an_empty_space()
    {
        var space = new AddressSpace();
        Assert.True(space.From(0, 10).IsEmpty);
        Assert.Equal(0UL, space.Word(1234));
        Assert.Equal(0, space.Int32(1234));
        Assert.Equal(0UL, space.Find(5).DataSize);
        Assert.Equal(0, space.Copy(0, new byte[8]));
    }

    private static void AssertReads(AddressSpace space, Dictionary<ulong, byte> expected)
    {
        for (ulong address = 0; address < 160; address++)
        {
            bool has = expected.TryGetValue(address, out byte value);
            ReadOnlySpan<byte> from = space.From(address, 5);
            Assert.Equal(has, from.Length > 0);
            for (int i = 0; i < from.Length; i++) Assert.Equal(expected[address + (ulong)i], from[i]);
            Assert.Equal(has, space.Find(address).DataSize > 0);
            Assert.Equal(has, space.Exactly(address, 1).Length == 1);

            var copy = new byte[9];
            long count = space.Copy(address, copy);
            Assert.Equal(Enumerable.Range(0, 9).Count(i => expected.ContainsKey(address + (ulong)i)), count);
            for (int i = 0; i < 9; i++) Assert.Equal(expected.GetValueOrDefault(address + (ulong)i), copy[i]);
            if (has) Assert.Equal(value, copy[0]);
        }
    }
}
