using Holdfast.Common;
using Holdfast.Model.Residency;
using Holdfast.Sources.Live;
using Holdfast.Sources.Live.Residency;

namespace Holdfast.Tests.Sources.Live.Residency;

/// <summary>What ranges of addresses are for, and what is free in malloc's heaps.</summary>
public sealed class MemoryRegionsTests
{
    private const ulong Heap = 0x10_0000, Arena = 0x7000_0000_0000, Large = 0x7100_0000_0000;

    [Fact]
    public void Each_range_is_of_one_kind()
    {
        const string Smaps = """
            00400000-00500000 r-xp 00000000 fe:00 1 /usr/bin/node
            Rss: 100 kB
            00500000-00510000 rw-p 00100000 fe:00 1 /usr/bin/node
            Rss: 10 kB
            01000000-01100000 rw-p 00000000 00:00 0 [heap]
            Rss: 200 kB
            100000040000-1000000c0000 rw-p 00000000 00:00 0
            Rss: 512 kB
            7e0000000000-7e0000001000 ---p 00000000 00:00 0
            Rss: 0 kB
            7e0000001000-7e0000801000 rw-p 00000000 00:00 0
            Rss: 12 kB
            7e1000000000-7e1000010000 rw-p 00000000 00:00 0
            Rss: 40 kB
            7e2000000000-7e2000010000 r-xp 00000000 00:00 0
            Rss: 50 kB
            7f0000000000-7f0000010000 r--p 00000000 fe:00 2 /data/words.db
            Rss: 60 kB
            7f1000000000-7f1000010000 rw-s 00000000 00:05 3 /dev/shm/ring
            Rss: 70 kB
            7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0 [stack]
            Rss: 8 kB
            7ffc00030000-7ffc00032000 r-xp 00000000 00:00 0 [vdso]
            Rss: 4 kB
            """;
        LivePage[] pages = [Page(0x100000040000), Page(0x100000080000)];
        List<MemoryPart> parts = new MemoryRegions(MemoryMapping.Parse(Smaps), pages, [0x7e0000800f00], null, (start, end) => (long)(end - start)).Run(Work.Unwatched);
        (string, long)[] expected =
        [
            (MemoryKind.V8Heap, 512), (MemoryKind.MallocMain, 200), (MemoryKind.Other, 40), (MemoryKind.Stacks, 20), (MemoryKind.Code, 164), (MemoryKind.MappedFiles, 60), (MemoryKind.Shared, 70),
        ];
        Assert.Equal(expected, parts.Select(p => (p.Kind, p.Resident / 1024)));
        Assert.All(parts, p => Assert.Null(p.Free));
    }

    [Fact]
    public void What_is_beside_pages_of_V8_in_one_range_is_not_V8s()
    {
        List<MemoryMapping> mappings = MemoryMapping.Parse("100000040000-1000000c0000 rw-p 0 0:0 0\nRss: 512 kB\n");
        List<MemoryPart> parts = new MemoryRegions(mappings, [Page(0x100000040000)], [], null, (start, end) => (long)(end - start)).Run(Work.Unwatched);
        Assert.Equal([(MemoryKind.V8Heap, 256L << 10), (MemoryKind.Other, 256L << 10)], parts.Select(p => (p.Kind, p.Resident)));
    }

    [Fact]
    public void Free_blocks_of_the_main_heap_are_counted_and_its_end_is_free()
    {
        var memory = new Blocks(Heap, 0x10000);
        memory.Add(0x100).Add(0x200, isFree: true).Add(0x30).Add(0x8000, isFree: true).Add(0x40).AddRest();
        MallocWalk.Found found = memory.Walk().Main(Heap, Heap + 0x10000)!.Value;

        // Of what is larger than two pages only whole pages count: the others are resident for what is beside them.
        Assert.Equal(6, found.Blocks);
        Assert.Equal(0x200 + 0x7000 + Rounded(0x100 + 0x200 + 0x30 + 0x8000 + 0x40, 0x10000), found.Free);
    }

    [Fact]
    public void A_part_of_the_heap_that_two_fences_close_is_followed_by_the_next()
    {
        var memory = new Blocks(Heap, 0x3000);
        memory.Add(0xFE0).Add(0x10).Add(0x10).Add(0x1000).AddRest();
        Assert.Equal(3, memory.Walk().Main(Heap, Heap + 0x3000)!.Value.Blocks);
    }

    [Fact]
    public void Blocks_with_memory_of_their_own_are_counted_one_by_one()
    {
        var memory = new Blocks(Large, 0x9000);
        memory.AddMapped(0x4000).AddMapped(0x5000);
        MallocWalk.Found found = memory.Walk().Main(Large, Large + 0x9000)!.Value;
        Assert.Equal((0, 2, 0x9000L), (found.Blocks, found.LargeBlocks, found.LargeBytes));
        Assert.Equal((2, Large + 0x9000), memory.Walk().Mapped(Large, Large + 0xA000));
    }

    [Theory]
    [InlineData(0x20UL)]
    [InlineData(0x30UL)]
    public void An_arena_says_how_large_it_is_and_blocks_come_after_its_state(ulong headerBytes)
    {
        var memory = new Blocks(Arena, 0x21000);
        memory.Word(0, Arena + headerBytes).Word(16, 0x21000).From(headerBytes + 0x890).Add(0x100).Add(0x100, isFree: true).Add(0x100).AddRest();
        Assert.Equal(4, memory.Walk().Arena(Arena, Arena + 0x21000)!.Value.Blocks);
        Assert.Null(memory.Walk().Arena(Arena + 0x1000, Arena + 0x21000));
    }

    [Fact]
    public void Memory_of_another_malloc_is_not_walked()
    {
        var random = new Random(3);
        for (int i = 0; i < 200; i++)
        {
            var memory = new Blocks(Heap, 0x4000);
            random.NextBytes(memory.Bytes);
            Assert.Null(memory.Walk().Main(Heap, Heap + 0x4000));
            Assert.Null(memory.Walk().Arena(Heap, Heap + 0x4000));
        }

        Assert.Null(new Blocks(Heap, 0x4000).Walk().Main(Heap, Heap + 0x4000));
        Assert.Null(new Blocks(Heap, 0x4000).Walk().Main(Heap + 0x10000, Heap + 0x20000));
    }

    private static long Rounded(long start, long end) => (end & ~0xFFF) - ((start + 0x10 + 0xFFF) & ~0xFFF);

    private static LivePage Page(ulong at) => new(at, 256 << 10, 1, LivePage.Old, 1000, true);

    /// <summary>Memory as glibc's malloc lays it out: before each block its size, with a bit that says whether the one before is used.</summary>
    private sealed class Blocks(ulong start, int size)
    {
        private ulong _at;
        private bool _isFree;

        public byte[] Bytes { get; } = new byte[size];

        public Blocks Word(ulong at, ulong value)
        {
            BitConverter.TryWriteBytes(Bytes.AsSpan((int)at), value);
            return this;
        }

        public Blocks From(ulong at)
        {
            _at = at;
            return this;
        }

        public Blocks Add(ulong bytes, bool isFree = false)
        {
            Word(_at + 8, bytes | (_isFree ? 0UL : 1UL));
            (_at, _isFree) = (_at + bytes, isFree);
            return this;
        }

        public Blocks AddMapped(ulong bytes)
        {
            Word(_at + 8, bytes | 2);
            _at += bytes;
            return this;
        }

        public void AddRest() => Add((ulong)Bytes.Length - _at);

        public MallocWalk Walk() => new(Read, (from, to) => (long)(to - from));

        private int Read(ulong address, Span<byte> into)
        {
            if (address < start || address >= start + (ulong)Bytes.Length) return 0;
            ReadOnlySpan<byte> there = Bytes.AsSpan((int)(address - start));
            there = there[..Math.Min(there.Length, into.Length)];
            there.CopyTo(into);
            return there.Length;
        }
    }
}
