using System.Runtime.InteropServices;
using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>
/// The unused ends of buffers that the garbage collector moves objects into. They are in a collector's own memory, on a stack
/// or beside the isolate's, and what is in a page there is from an earlier time: it looks like objects, and the last of them is
/// cut by the next buffer. Since V8 12 a buffer is found by its words alone: its owner points at it from just before it.
/// Source: V8, src/heap/main-allocator.h (MainAllocator::allocation_info_) and linear-allocation-area.h.
/// </summary>
internal static class CollectorBuffers
{
    private const ulong MostBytes = 256UL << 20;

    /// <summary>Where unused ends begin, and where they end. Only in the middle of a collection are there any.</summary>
    public static Dictionary<ulong, ulong> Find(CoreImage image, HeapPages pages)
    {
        var ends = new Dictionary<ulong, ulong>();
        var places = new HashSet<ulong>();
        IEnumerable<ulong> from = image.Notes.Threads.Select(t => t.StackPointer)
            .Concat(pages.All.Select(p => p.Heap).Where(h => h != 0).Distinct().Select(h => image.Memory.Find(h).Start));
        foreach (ulong start in from)
        {
            if (places.Add(start)) Scan(image.Memory, pages, start & ~7UL, ends);
        }

        return ends;
    }

    private static void Scan(AddressSpace memory, HeapPages pages, ulong from, Dictionary<ulong, ulong> ends)
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(memory.From(from, MostBytes));
        for (int i = 0; i + 3 < words.Length; i++)
        {
            if (words[i] != from + ((ulong)(i + 1) * 8)) continue;
            (ulong start, ulong top, ulong limit) = (words[i + 1], words[i + 2], words[i + 3]);
            if (start == 0 || start > top || top >= limit || ((start | top | limit) & 7) != 0) continue;
            if (pages.Of(start) is { } page && start >= page.Start && limit <= page.End) ends[top] = limit;
        }
    }
}
