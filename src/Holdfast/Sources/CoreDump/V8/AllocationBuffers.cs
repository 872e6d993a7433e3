using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>
/// Where threads were about to allocate: V8 keeps the top and the limit of each buffer side by side, in the isolate and in the
/// spaces that own pages. Between the two is anything.
/// </summary>
internal static class AllocationBuffers
{
    private const ulong BeforeHeap = 0x14000;
    private const ulong AfterHeap = 0x4000;
    private const ulong SpaceBytes = 0x400;

    /// <summary>Limits by tops.</summary>
    public static Dictionary<ulong, ulong> Find(AddressSpace memory, HeapPages pages)
    {
        var buffers = new Dictionary<ulong, ulong>();
        foreach (ulong heap in pages.All.Select(p => p.Heap).Where(h => h != 0).Distinct().Take(1024))
            Scan(memory, pages, heap - Math.Min(heap, BeforeHeap), BeforeHeap + AfterHeap, buffers);
        foreach (ulong space in pages.All.Select(p => p.Owner).Where(o => o != 0).Distinct().Take(16 * 1024))
            Scan(memory, pages, space, SpaceBytes, buffers);
        return buffers;
    }

    private static void Scan(AddressSpace memory, HeapPages pages, ulong from, ulong bytes, Dictionary<ulong, ulong> buffers)
    {
        var words = new byte[bytes];
        memory.Copy(from, words);
        ReadOnlySpan<ulong> all = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, ulong>(words);
        for (int i = 0; i + 1 < all.Length; i++)
        {
            ulong top = all[i], limit = all[i + 1];
            if (top == 0 || (top & 7) != 0 || (limit & 7) != 0 || limit < top) continue;
            if (pages.Of(top) is { } page && top >= page.Start && limit <= page.End && limit > top)
                buffers[top] = Math.Max(limit, buffers.GetValueOrDefault(top));
        }
    }
}
