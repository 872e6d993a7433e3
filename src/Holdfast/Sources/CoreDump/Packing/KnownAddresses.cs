using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.CoreDump.Packing;

/// <summary>Which words are addresses: of memory, of mapped files, of what was mapped and is not in the core.</summary>
internal sealed class KnownAddresses
{
    private readonly List<ulong> _starts = [];
    private readonly List<ulong> _ends = [];

    public KnownAddresses(CoreImage image)
    {
        var all = image.Header.Segments.Where(s => s.Type == Segment.Load).Select(s => (Start: s.Address, End: s.Address + s.MemorySize))
            .Concat(image.Notes.MappedFiles.Select(f => (f.Start, f.End)));
        foreach (MemoryRange range in image.Memory.Ranges) all = all.Append((range.Start, range.DataEnd));
        foreach ((ulong start, ulong end) in all.Where(r => r.End > r.Start).Order())
        {
            if (_ends.Count > 0 && start <= _ends[^1])
            {
                _ends[^1] = Math.Max(_ends[^1], end);
                continue;
            }

            _starts.Add(start);
            _ends.Add(end);
        }
    }

    public bool Contains(ulong word)
    {
        int found = _starts.BinarySearch(word);
        if (found < 0) found = ~found - 1;
        return found >= 0 && word < _ends[found];
    }
}
