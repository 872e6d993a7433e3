using System.Runtime.InteropServices;
using Holdfast.Common;
using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>
/// The unused ends of buffers that the garbage collector moves objects into. What is in a page there is from an earlier time: it
/// looks like objects, and the last of them is cut by the next buffer. Buffers are in collectors' own memory, on a stack or
/// wherever the process allocates. Since V8 12 one is found by its words alone: its owner points at it from just before it.
/// Source: V8, src/heap/main-allocator.h (MainAllocator::allocation_info_) and linear-allocation-area.h.
/// </summary>
internal static unsafe class CollectorBuffers
{
    private const int Step = 4096;
    private const int AreaWords = 4;
    private const uint Writable = 2;

    /// <summary>Memory in a larger piece is no allocator's: an array buffer's, or WebAssembly's.</summary>
    private const ulong MostBytes = 1UL << 30;

    /// <summary>Where unused ends begin, and where they end. Only in the middle of a collection are there any.</summary>
    public static Dictionary<ulong, ulong> Find(AddressSpace memory, HeapPages pages, Predicate<IntPtr> isHole, Work work)
    {
        var ends = new Dictionary<ulong, ulong>();
        foreach (MemoryRange range in memory.Ranges.Where(r => (r.Flags & Writable) != 0 && r.DataSize <= MostBytes))
        {
            work.ThrowIfCancelled();
            for (ulong at = (range.Start + 7) & ~7UL, next; at < range.DataEnd; at = next)
            {
                next = (at & ~(ulong)(Step - 1)) + Step;
                if (pages.NumberOf(at) < 0 && !isHole((IntPtr)(range.Data + (at - range.Start)))) Scan(memory, pages, at, next, ends);
            }
        }

        return ends;
    }

    private static void Scan(AddressSpace memory, HeapPages pages, ulong from, ulong to, Dictionary<ulong, ulong> ends)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(memory.Peek(from, to - from + ((AreaWords - 1) * 8)));
        for (int i = 0; i + AreaWords <= words.Length; i++)
        {
            ulong area = from + ((ulong)(i + 1) * 8);
            if (words[i] != area) continue;
            (ulong start, ulong top, ulong limit) = (words[i + 1], words[i + 2], words[i + 3]);
            if (start == 0 || start > top || top >= limit || ((start | top | limit) & 7) != 0) continue;
            if (pages.Of(start) is not { } page || start < page.Start || limit > page.End) continue;
            ends[top] = limit;
            memory.Exactly(area - 8, AreaWords * 8);
        }
    }
}
