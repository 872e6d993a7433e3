using System.Runtime.InteropServices;
using Holdfast.Common;
using Holdfast.Sources.CoreDump.Elf;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.Live;

/// <summary>
/// V8's pages in a running process's memory, told by their headers as in a core (<see cref="PageFinder"/>): headers are copied, a system
/// page each, and nothing stops. What changes meanwhile may be missed or counted although it is gone.
/// </summary>
internal static class LiveHeap
{
    public const string MainThread = "main";

    private const ulong Block = 4096;
    private const ulong SpaceBytes = 0x400;

    /// <param name="memory">The process's memory.</param>
    /// <param name="mappings">Its addresses; where sizes are known, what is not resident is passed over.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="work">Cancellation.</param>
    /// <returns>Pages in use and those that are kept for later (<see cref="HeapPage.IsListed"/>), with what V8 says is allocated on each.</returns>
    public static List<LivePage> Read(ProcessMemory memory, IReadOnlyList<MemoryMapping> mappings, string name, Work work)
    {
        var blocks = new SortedSet<ulong>();
        var buffer = new byte[Block];
        bool knowsRss = mappings.Any(m => m.Rss > 0);
        foreach (MemoryMapping mapping in mappings.Where(m => m.IsAnonymous && m.IsReadable && (m.Rss > 0 || !knowsRss)))
        {
            work.ThrowIfCancelled();
            for (ulong at = (mapping.Start + HeapPage.Size - 1) & ~(ulong)(HeapPage.Size - 1); at >= HeapPage.Size && at + Block <= mapping.End; at += HeapPage.Size)
            {
                if (memory.Read(at, buffer.AsSpan(0, 16)) < 16) continue;
                blocks.Add(at);

                // Since V8 13 most of a header is elsewhere, and this is where.
                ulong elsewhere = BitConverter.ToUInt64(buffer, 8);
                if (elsewhere % 8 == 0 && elsewhere > Block && elsewhere < 1UL << 47) AddBlocks(blocks, elsewhere, SpaceBytes);
                if (blocks.Count > Limits.MaxHeapPages) throw new InputException($"{name}: has more than {Limits.MaxHeapPages} places where pages of V8 may be (limit {nameof(Limits.MaxHeapPages)}). Take a core and give that.");
            }
        }

        return Find(memory, blocks, name, work);
    }

    /// <summary>
    /// Names heaps by the threads they are of. Node makes the main thread's isolate with the main thread's own allocator, in [heap]; a worker's
    /// comes from another arena.
    /// </summary>
    /// <param name="pages">The pages.</param>
    /// <param name="mappings">The process's addresses.</param>
    /// <param name="names">Names by the heaps' addresses; those that are there stay.</param>
    public static void NameThreads(IReadOnlyList<LivePage> pages, IReadOnlyList<MemoryMapping> mappings, Dictionary<ulong, string> names)
    {
        bool IsInMainArena(ulong address) => mappings.Any(m => m.Path == "[heap]" && m.Start <= address && address < m.End);
        ulong[] heaps = [.. pages.Where(p => p.Heap != 0).Select(p => p.Heap).Distinct().OrderByDescending(IsInMainArena).ThenBy(h => h)];
        foreach (ulong heap in heaps)
        {
            if (!names.ContainsKey(heap)) names[heap] = names.Count == 0 ? MainThread : $"worker-{names.Count}";
        }
    }

    private static List<LivePage> Find(ProcessMemory memory, SortedSet<ulong> blocks, string name, Work work)
    {
        if (blocks.Count == 0) return [];
        List<HeapPage> pages;
        using (Column<byte> copy = Copy(memory, blocks, out AddressSpace headers)) pages = PageFinder.Find(headers, name, _ => false, work);
        if (pages.Count == 0) return [];
        blocks.Clear();
        foreach (HeapPage page in pages)
        {
            AddBlocks(blocks, page.Base, SpaceBytes);
            AddBlocks(blocks, page.Header, SpaceBytes);
            if (page.Owner != 0) AddBlocks(blocks, page.Owner, SpaceBytes);
        }

        using Column<byte> all = Copy(memory, blocks, out AddressSpace found);
        PageLists.Mark(found, pages);

        // What is young has flags that say so: another space with number 1 is the old one of V8 10.
        HashSet<ulong> before11 = [.. pages.Where(p => p is { IsReadOnly: false, IsYoung: false, IsListed: true } && LivePage.NumberOf(p, found) == 1).Select(p => p.Heap)];
        return [.. pages.Select(p => LivePage.Of(p, found, before11.Contains(p.Heap)))];
    }

    private static void AddBlocks(SortedSet<ulong> blocks, ulong address, ulong bytes)
    {
        for (ulong at = address & ~(Block - 1); at < address + bytes; at += Block) blocks.Add(at);
    }

    /// <summary>The blocks that can be read, those that follow each other as one range.</summary>
    private static unsafe Column<byte> Copy(ProcessMemory memory, SortedSet<ulong> blocks, out AddressSpace space)
    {
        var copy = new Column<byte>((long)((ulong)blocks.Count * Block));
        space = new AddressSpace();
        var ranges = new List<MemoryRange>();
        fixed (byte* data = copy.Span)
        {
            ulong used = 0, start = 0, from = 0;
            foreach (ulong at in blocks)
            {
                if (memory.Read(at, MemoryMarshal.CreateSpan(ref data[used], (int)Block)) < (int)Block) continue;
                if (used == from || start + (used - from) != at)
                {
                    if (used > from) ranges.Add(new MemoryRange(start, used - from, data + from, MemoryRange.Readable));
                    (start, from) = (at, used);
                }

                used += Block;
            }

            if (used > from) ranges.Add(new MemoryRange(start, used - from, data + from, MemoryRange.Readable));
        }

        space.Add(ranges);
        return copy;
    }
}
