using System.Runtime.InteropServices;
using Holdfast.Common;
using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>
/// Finds V8's pages by their headers, which say of themselves what they are; no symbol is needed. Three forms of header
/// are known: all in the page (V8 to 11), flags first (12), and most of it elsewhere (13 and later).
/// Source: V8, src/heap/memory-chunk-layout.h and memory-chunk-metadata.h.
/// </summary>
internal static class PageFinder
{
    /// <summary>Words of a header that are looked at, in the page and elsewhere.</summary>
    public const int HeaderWords = 16;
    private const ulong FirstObjectWithin = 0x4000;
    private const ulong SystemPage = 0x1000;
    private const ulong MostBytes = 1UL << 36;

    /// <param name="memory">The process's memory.</param>
    /// <param name="name">What to call the core in messages.</param>
    /// <param name="isHole">Whether a file has nothing at an address: no page begins there.</param>
    /// <param name="work">Cancellation.</param>
    /// <param name="most">Pages there may be.</param>
    public static List<HeapPage> Find(AddressSpace memory, string name, Predicate<IntPtr> isHole, Work work, int most = Limits.MaxHeapPages)
    {
        var pages = new List<HeapPage>();
        ulong last = 0;
        foreach (MemoryRange range in memory.Ranges)
        {
            work.ThrowIfCancelled();
            ulong first = (range.Start + HeapPage.Size - 1) & ~(ulong)(HeapPage.Size - 1);
            if (first < range.Start) break;
            for (ulong at = Math.Max(Math.Max(first, last), HeapPage.Size); at >= first && at + SystemPage <= range.DataEnd; at += HeapPage.Size)
            {
                if (isHole(AddressIn(range, at)) || Read(memory, at) is not { } page) continue;
                if (pages.Count >= most)
                    throw new InputException($"{name}: found more than {most} pages that look like V8's (limit {nameof(Limits.MaxHeapPages)}), expected the heap of one process. The core is damaged, or of another program.");
                pages.Add(page);

                // What is inside a large object is no page, whatever it looks like.
                last = page.Base + ((page.Bytes + HeapPage.Size - 1) & ~(ulong)(HeapPage.Size - 1));
                at = last - HeapPage.Size;
            }
        }

        return pages;
    }

    private static unsafe IntPtr AddressIn(MemoryRange range, ulong at) => (IntPtr)(range.Data + (at - range.Start));

    private static HeapPage? Read(AddressSpace memory, ulong at)
    {
        ReadOnlySpan<ulong> words = Words(memory, at, HeaderWords);
        if (words.IsEmpty) return null;
        if (Fits(at, words[0], words[3], words[4]))
            return Make(at, at, size: words[0], flags: words[1], heap: words[2], start: words[3], end: words[4], owner: words[8]);
        if (words[1] == at && Fits(at, words[2], words[4], words[5]))
            return Make(at, at, size: words[2], flags: words[0], heap: words[3], start: words[4], end: words[5], owner: words[9]);
        if (words[1] == 0 || (words[1] & 7) != 0) return null;
        ReadOnlySpan<ulong> elsewhere = Words(memory, words[1], 12);
        if (elsewhere.IsEmpty || !Fits(at, elsewhere[6], elsewhere[9], elsewhere[7])) return null;
        return Make(at, words[1], size: elsewhere[6], flags: words[0], heap: elsewhere[8], start: elsewhere[9], end: elsewhere[7], owner: elsewhere[10]);
    }

    private static bool Fits(ulong at, ulong size, ulong start, ulong end) =>
        size is >= SystemPage and < MostBytes && size % SystemPage == 0
        && start >= at + 0x10 && start <= at + FirstObjectWithin && start % 8 == 0
        && end > start && end <= at + size;

    private static HeapPage Make(ulong at, ulong header, ulong size, ulong flags, ulong heap, ulong start, ulong end, ulong owner) => new()
    {
        Base = at,
        Header = header,
        Bytes = size,
        Flags = flags,
        Heap = heap,
        Start = start,
        End = end & ~7UL,
        Owner = owner,
    };

    private static ReadOnlySpan<ulong> Words(AddressSpace memory, ulong address, int count) =>
        memory.Peek(address, (ulong)count * 8) is var found && found.Length == count * 8 ? MemoryMarshal.Cast<byte, ulong>(found) : [];
}
