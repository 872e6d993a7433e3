using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.CoreDump.Packing;

/// <summary>Parts of a process's memory to take along, in whole pages.</summary>
internal sealed class PageRanges
{
    private const ulong Mask = TouchedMemory.PageBytes - 1;

    private readonly List<(ulong Start, ulong End)> _added = [];

    /// <summary>Adds the pages that the bytes are in.</summary>
    public void Add(ulong start, ulong bytes)
    {
        ulong end = start + bytes;
        if (bytes > 0 && end > start && end <= ~Mask) _added.Add((start & ~Mask, (end + Mask) & ~Mask));
    }

    /// <summary>
    /// What was added and a file has bytes of, in order. Each is of one range of memory: where a stack ends is told by that.
    /// </summary>
    public List<(ulong Start, ulong End)> Within(AddressSpace memory)
    {
        var found = new List<(ulong Start, ulong End)>();
        int range = 0;
        foreach ((ulong start, ulong end) in Joined())
        {
            while (range < memory.Ranges.Count && memory.Ranges[range].DataEnd <= start) range++;
            for (int i = range; i < memory.Ranges.Count && memory.Ranges[i].Start < end; i++)
            {
                ulong from = Math.Max(start, memory.Ranges[i].Start & ~Mask), to = Math.Min(end, (memory.Ranges[i].DataEnd + Mask) & ~Mask);

                // Two ranges may have parts of one page.
                if (found.Count > 0) from = Math.Max(from, found[^1].End);
                if (from < to) found.Add((from, to));
            }
        }

        return found;
    }

    private IEnumerable<(ulong Start, ulong End)> Joined()
    {
        _added.Sort();
        (ulong Start, ulong End) open = default;
        foreach ((ulong start, ulong end) in _added)
        {
            if (start <= open.End && open.End > 0)
            {
                open.End = Math.Max(open.End, end);
                continue;
            }

            if (open.End > 0) yield return open;
            open = (start, end);
        }

        if (open.End > 0) yield return open;
    }
}
