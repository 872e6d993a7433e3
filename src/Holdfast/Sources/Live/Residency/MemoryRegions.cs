using Holdfast.Common;
using Holdfast.Model.Residency;

namespace Holdfast.Sources.Live.Residency;

/// <summary>Tells what each range of a process's addresses is for.</summary>
/// <param name="mappings">The ranges, with what of each is resident.</param>
/// <param name="pages">V8's pages.</param>
/// <param name="stackPointers">Of its threads, as far as they are known.</param>
/// <param name="malloc">Reads malloc's heaps; null where memory is not at hand.</param>
/// <param name="resident">How much of a range is resident.</param>
internal sealed class MemoryRegions(IReadOnlyList<MemoryMapping> mappings, IReadOnlyList<LivePage> pages, IReadOnlyList<ulong> stackPointers, MallocWalk? malloc, ResidentBytes resident)
{
    private readonly Dictionary<string, (int Count, long Virtual, long Resident, long Free, bool IsFreeKnown)> _parts = [];

    /// <summary>Files of which something is run.</summary>
    private readonly HashSet<string> _programs = [.. mappings.Where(m => m.IsExecutable && m.Inode != 0).Select(m => m.Path)];

    private readonly ulong[] _pageBases = [.. pages.Select(p => p.Base)];

    /// <summary>By kind, in the order they are shown.</summary>
    public List<MemoryPart> Run(Work work)
    {
        foreach (MemoryMapping mapping in mappings)
        {
            work.ThrowIfCancelled();
            Sort(mapping);
        }

        return [.. MemoryKind.All.Where(_parts.ContainsKey).Select(kind => (Kind: kind, Part: _parts[kind]))
            .Select(p => new MemoryPart(p.Kind, p.Part.Count, p.Part.Virtual, p.Part.Resident, p.Part.IsFreeKnown ? p.Part.Free : null))];
    }

    private void Sort(MemoryMapping mapping)
    {
        if (mapping.Path == "[heap]") AddMalloc(MemoryKind.MallocMain, mapping, malloc is null || mapping.Swap > 0 ? null : malloc.Main(mapping.Start, mapping.End));
        else if (mapping.Path.StartsWith("[stack", StringComparison.Ordinal)) Add(MemoryKind.Stacks, mapping);
        else if (!mapping.IsAnonymous) Add(KindOfFile(mapping), mapping);
        else if (V8Bytes(mapping) is var (addresses, bytes) && addresses > 0) AddV8(mapping, addresses, bytes);
        else if (stackPointers.Any(sp => mapping.Start <= sp && sp < mapping.End)) Add(MemoryKind.Stacks, mapping);
        else if (mapping.IsExecutable) Add(MemoryKind.Code, mapping);
        else if (mapping.IsWritable && mapping.Rss > 0 && malloc is not null && mapping.Swap == 0) SortWritable(mapping, malloc);
        else if (mapping.Rss > 0) Add(MemoryKind.Other, mapping);
    }

    private string KindOfFile(MemoryMapping mapping) => mapping switch
    {
        _ when mapping.Permissions.EndsWith('s') || mapping.Path.StartsWith("/dev/shm/", StringComparison.Ordinal) || mapping.Path.StartsWith("/memfd:", StringComparison.Ordinal) || mapping.Path.StartsWith("/SYSV", StringComparison.Ordinal) => MemoryKind.Shared,
        { Inode: 0 } => MemoryKind.Code,
        _ => _programs.Contains(mapping.Path) ? MemoryKind.Code : MemoryKind.MappedFiles,
    };

    private void SortWritable(MemoryMapping mapping, MallocWalk walk)
    {
        if (walk.Arena(mapping.Start, mapping.End) is { } arena)
        {
            AddMalloc(MemoryKind.MallocArenas, mapping, arena);
            return;
        }

        if (walk.Main(mapping.Start, mapping.End) is { } found)
        {
            AddMalloc(MemoryKind.MallocMain, mapping, found);
            return;
        }

        (int blocks, ulong end) = walk.Mapped(mapping.Start, mapping.End);
        if (blocks == 0)
        {
            Add(MemoryKind.Other, mapping);
            return;
        }

        long large = end == mapping.End ? mapping.Rss : resident(mapping.Start, end);
        Add(MemoryKind.MallocLarge, blocks, (long)(end - mapping.Start), large, 0);
        if (end < mapping.End) Add(MemoryKind.Other, 1, (long)(mapping.End - end), Math.Max(0, mapping.Rss - large), null);
    }

    private void AddMalloc(string kind, MemoryMapping mapping, MallocWalk.Found? walked)
    {
        if (walked is not { } found)
        {
            Add(kind, mapping);
            return;
        }

        long large = Math.Min(found.LargeBytes, mapping.Rss), rest = mapping.Rss - large;
        if (found.LargeBlocks > 0) Add(MemoryKind.MallocLarge, found.LargeBlocks, found.Blocks == 0 ? mapping.Size : large, large, 0);
        if (found.Blocks > 0) Add(kind, 1, found.LargeBlocks == 0 ? mapping.Size : mapping.Size - large, rest, Math.Min(found.Free, rest));
    }

    private void AddV8(MemoryMapping mapping, long addresses, long bytes)
    {
        Add(MemoryKind.V8Heap, 1, addresses, bytes, null);

        // The kernel joins ranges that touch: what is beside V8's pages is somebody else's.
        if (mapping.Rss > bytes) Add(MemoryKind.Other, 1, mapping.Size - addresses, mapping.Rss - bytes, null);
    }

    private (long Addresses, long Resident) V8Bytes(MemoryMapping mapping)
    {
        int from = Array.BinarySearch(_pageBases, mapping.Start);
        long addresses = 0, bytes = 0;
        for (int i = Math.Max(0, from >= 0 ? from : ~from - 1); i < pages.Count && pages[i].Base < mapping.End; i++)
        {
            ulong start = Math.Max(pages[i].Base, mapping.Start), end = Math.Min(pages[i].Base + (ulong)pages[i].Bytes, mapping.End);
            if (start >= end) continue;
            addresses += (long)(end - start);
            bytes += resident(start, end);
        }

        return (addresses, Math.Min(bytes, mapping.Rss));
    }

    private void Add(string kind, MemoryMapping mapping) => Add(kind, 1, mapping.Size, mapping.Rss, null);

    private void Add(string kind, int count, long addresses, long bytes, long? free)
    {
        var part = _parts.GetValueOrDefault(kind);
        _parts[kind] = (part.Count + count, part.Virtual + addresses, part.Resident + bytes, part.Free + (free ?? 0), (part.Count == 0 || part.IsFreeKnown) && free is not null);
    }
}
