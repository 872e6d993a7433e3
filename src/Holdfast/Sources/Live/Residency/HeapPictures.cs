using Holdfast.Model.Residency;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.Live.Residency;

/// <summary>V8's heaps by thread and space, from their pages.</summary>
internal static class HeapPictures
{
    public const string Shared = "shared";

    /// <param name="pages">Pages of all heaps.</param>
    /// <param name="names">Threads by their heaps' addresses.</param>
    /// <param name="memory">The process's memory.</param>
    /// <param name="table">Offsets of its version of V8; null where it is not known.</param>
    /// <param name="resident">How much of a range is resident.</param>
    public static List<HeapPicture> Of(IReadOnlyList<LivePage> pages, IReadOnlyDictionary<ulong, string> names, MemoryReader memory, VersionTable? table, ResidentBytes resident)
    {
        var found = new List<HeapPicture>();
        foreach (IGrouping<ulong, LivePage> heap in pages.GroupBy(p => p.Heap).OrderBy(h => h.Key == 0).ThenBy(h => names.GetValueOrDefault(h.Key) != LiveHeap.MainThread).ThenBy(h => names.GetValueOrDefault(h.Key), StringComparer.Ordinal))
        {
            SpacePicture[] spaces = [.. heap.Where(p => p.IsListed).GroupBy(p => p.Space).OrderByDescending(s => s.Sum(p => p.Bytes))
                .Select(s => new SpacePicture(s.Key, s.Sum(p => p.Bytes), s.Sum(Resident), s.Sum(p => p.Allocated)))];
            (long? external, long? buffers) = heap.Key == 0 ? (null, null) : External(heap.Key, memory, table);
            found.Add(new HeapPicture(heap.Key == 0 ? Shared : names.GetValueOrDefault(heap.Key, "?"), spaces, heap.Where(p => !p.IsListed).Sum(Resident), external, buffers));
        }

        return found;
        long Resident(LivePage page) => resident(page.Base, page.Base + (ulong)page.Bytes);
    }

    /// <summary>What a heap counts as held outside by its objects (<c>process.memoryUsage().external</c>, <c>arrayBuffers</c>); nothing where that is not to be believed.</summary>
    public static (long? External, long? ArrayBuffers) External(ulong heap, MemoryReader memory, VersionTable? table)
    {
        if (table is null || !table.Constants.TryGetValue("Heap.external_bytes", out int externalAt) || !table.Constants.TryGetValue("Heap.array_buffer_bytes", out int buffersAt)) return (null, null);
        Span<byte> word = stackalloc byte[8];
        if (memory(heap + (ulong)externalAt, word) < 8) return (null, null);
        long external = BitConverter.ToInt64(word);
        if (memory(heap + (ulong)buffersAt, word) < 8) return (null, null);
        long buffers = BitConverter.ToInt64(word);
        if (table.Constants.GetValueOrDefault("Heap.external_is_without_buffers") != 0) external += buffers;
        return external is >= 0 and < 1L << 46 && buffers >= 0 && buffers <= external ? (external, buffers) : (null, null);
    }

    /// <summary>What the old generation and large objects may be at most, in bytes; null where that is not to be believed.</summary>
    public static long? MaxOldBytes(ulong heap, MemoryReader memory, VersionTable? table)
    {
        if (table is null) return null;
        Span<byte> word = stackalloc byte[8];
        ulong at = heap;
        string owner = "Heap";
        if (table.Constants.TryGetValue("Heap.limits", out int limits))
        {
            // Since V8 14 they are beside the heap.
            if (memory(heap + (ulong)limits, word) < 8) return null;
            (at, owner) = (BitConverter.ToUInt64(word), "HeapLimits");
        }

        if (!table.Constants.TryGetValue($"{owner}.max_old_bytes", out int offset) || memory(at + (ulong)offset, word) < 8) return null;
        return BitConverter.ToInt64(word) is >= 1 << 20 and < 1L << 44 and var bytes ? bytes : null;
    }

    /// <summary>The table of a Node's version of V8; null of a version that is not known.</summary>
    public static VersionTable? TableOf(string? nodeVersion)
    {
        string? major = nodeVersion?.Split('.')[0];
        return VersionTable.Known.FirstOrDefault(v => v.Node == major && major is not null) is { IsKnown: true } version ? VersionTable.Nearest(version) : null;
    }
}
