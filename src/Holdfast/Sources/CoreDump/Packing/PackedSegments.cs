using Holdfast.Common;
using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.CoreDump.Packing;

/// <summary>The segments of a packed core: memory without the pages that are zero, which are only said to be there.</summary>
internal static class PackedSegments
{
    /// <summary>Fewer zero pages than this stay: a segment of its own takes room too.</summary>
    private const ulong ShortZeros = 16 * TouchedMemory.PageBytes;

    /// <param name="ranges">The memory, in order.</param>
    /// <param name="wholes">Parts of it that keep all their pages, in order.</param>
    /// <param name="memory">What flags memory has.</param>
    /// <param name="source">What is in it.</param>
    /// <param name="work">Progress and cancellation.</param>
    public static List<Segment> Plan(
        List<(ulong Start, ulong End)> ranges, List<(ulong Start, ulong End)> wholes, AddressSpace memory, MemorySource source, Work work)
    {
        var segments = new List<Segment>();
        var page = new byte[TouchedMemory.PageBytes];
        int whole = 0;
        foreach ((ulong start, ulong end) in ranges)
        {
            work.ThrowIfCancelled();
            var open = new Segment(Segment.Load, FlagsOf(memory, start), 0, start, 0, 0);
            for (ulong at = start; at < end; at += TouchedMemory.PageBytes)
            {
                while (whole < wholes.Count && wholes[whole].End <= at) whole++;
                bool isWhole = whole < wholes.Count && wholes[whole].Start <= at;
                uint flags = FlagsOf(memory, at);
                bool isZero = !isWhole && IsZero(at, page, source);
                ulong zeros = open.MemorySize - open.FileSize;
                if (flags != open.Flags || (!isZero && zeros > 0 && (zeros >= ShortZeros || open.FileSize == 0)))
                {
                    if (open.MemorySize > 0) segments.Add(open);
                    open = new Segment(Segment.Load, flags, 0, at, 0, 0);
                }

                ulong size = at + TouchedMemory.PageBytes - open.Address;
                open = open with { MemorySize = size, FileSize = isZero ? open.FileSize : size };
            }

            segments.Add(open);
        }

        return segments;
    }

    private static bool IsZero(ulong at, byte[] page, MemorySource source)
    {
        Array.Clear(page);
        source(at, page);
        return page.AsSpan().IndexOfAnyExcept((byte)0) < 0;
    }

    private static uint FlagsOf(AddressSpace memory, ulong at)
    {
        MemoryRange range = memory.Find(at);
        return range.DataSize > 0 ? range.Flags : MemoryRange.Readable;
    }
}
