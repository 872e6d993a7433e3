using System.Buffers.Binary;

namespace Holdfast.Sources.Live.Residency;

/// <summary>
/// What of a heap of glibc's malloc is free: its blocks are walked from one to the next by the sizes before them. Small blocks that are kept for
/// the same thread look used. Another malloc's memory does not look like this, and then nothing is said. Source: glibc, malloc/malloc.c, arena.c.
/// </summary>
internal sealed class MallocWalk(MemoryReader memory, ResidentBytes resident)
{
    /// <summary>Where heaps of arenas begin, and as large as they can be.</summary>
    public const ulong ArenaBytes = 64 << 20;

    private const ulong FlagBits = 7;
    private const ulong PreviousInUse = 1;
    private const ulong IsMapped = 2;
    private const ulong LeastBlock = 32;
    private const ulong Fence = 16;
    private const ulong Page = 4096;
    private const int HeaderBytes = 16;

    /// <summary>The state of an arena has about this size in all versions, rounded.</summary>
    private const ulong LeastState = 0x800;
    private const ulong MostState = 0xA00;

    private readonly byte[] _buffer = new byte[256 << 10];
    private ulong _bufferStart;
    private int _bufferLength;

    /// <summary>What was found; sizes in bytes.</summary>
    /// <param name="Blocks">Blocks, free ones too.</param>
    /// <param name="Free">Resident memory of free ones.</param>
    /// <param name="LargeBlocks">Blocks that have memory of their own, of which the kernel made one range with what is beside them.</param>
    /// <param name="LargeBytes">Resident memory of those.</param>
    public readonly record struct Found(int Blocks, long Free, int LargeBlocks, long LargeBytes);

    /// <summary>
    /// The heap that grows after the program, or a part of it that is elsewhere because there was no room; null where it is not one of glibc's,
    /// or changes too much under the eyes.
    /// </summary>
    public Found? Main(ulong start, ulong end) => Walk(start, end);

    /// <summary>One of an arena's heaps; null where it is none.</summary>
    public Found? Arena(ulong start, ulong end)
    {
        if (start % ArenaBytes != 0 || end - start > ArenaBytes || !TryWord(start, out ulong arena) || !TryWord(start + 16, out ulong size)) return null;
        if (size < Page || size > ArenaBytes || size % Page != 0 || start + size > end + ArenaBytes) return null;
        end = Math.Min(end, start + size);
        bool isFirst = arena > start && arena < start + 0x100;
        ulong from = isFirst ? arena + LeastState : start + 0x20, to = isFirst ? arena + MostState : start + 0x40;
        for (ulong at = (from + 15) & ~15UL; at <= to; at += 16)
        {
            if (Walk(at, end) is { } found) return found;
        }

        return null;
    }

    /// <summary>How many blocks with memory of their own follow each other from an address to the end, and where they end.</summary>
    public (int Blocks, ulong End) Mapped(ulong start, ulong end)
    {
        int blocks = 0;
        ulong at = start;
        while (at + HeaderBytes <= end && TryWord(at + 8, out ulong word) && TryWord(at, out ulong before))
        {
            ulong size = word & ~FlagBits;
            if ((word & FlagBits) != IsMapped || size < Page || size % Page != 0 || before >= Page || size > end - at) break;
            at += size;
            blocks++;
        }

        return (blocks, at);
    }

    private Found? Walk(ulong start, ulong end)
    {
        int blocks = 0, large = 0;
        long free = 0, largeBytes = 0;
        for (ulong at = start; at + HeaderBytes <= end;)
        {
            if (!TryWord(at + 8, out ulong word)) return null;
            ulong size = word & ~FlagBits, next = at + size;
            if (size == Fence && blocks > 0)
            {
                // Two of these close a part of the main heap; what follows begins with a page.
                at = (next + Page - 1) & ~(Page - 1);
                continue;
            }

            if (size < LeastBlock || size % 16 != 0 || size > end - at) return null;
            if ((word & FlagBits) == IsMapped && size % Page == 0 && at % Page == 0)
            {
                large++;
                largeBytes += resident(at, next);
            }
            else
            {
                blocks++;

                // The last block is what the heap has not given out yet.
                bool isLast = next + HeaderBytes > end;
                ulong after = 0;
                if (!isLast && !TryWord(next + 8, out after)) return null;
                if (isLast || (after & PreviousInUse) == 0) free += size < 2 * Page ? (long)size : resident((at + HeaderBytes + Page - 1) & ~(Page - 1), next & ~(Page - 1));
            }

            at = next;
        }

        return new Found(blocks, free, large, largeBytes);
    }

    private bool TryWord(ulong address, out ulong word)
    {
        if (address < _bufferStart || address + 8 > _bufferStart + (ulong)_bufferLength)
        {
            _bufferStart = address & ~(Page - 1);
            _bufferLength = memory(_bufferStart, _buffer);
        }

        bool isThere = address >= _bufferStart && address + 8 <= _bufferStart + (ulong)_bufferLength;
        word = isThere ? BinaryPrimitives.ReadUInt64LittleEndian(_buffer.AsSpan((int)(address - _bufferStart))) : 0;
        return isThere;
    }
}
