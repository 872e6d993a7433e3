using System.Runtime.InteropServices;
using Holdfast.Sources.CoreDump.Elf;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Packing;

/// <summary>
/// Writes V8's pages object by object (<see cref="ObjectRedactor"/>). What is between objects was something once, and is left out but
/// for what says where objects begin: fillers, and where objects were moved to.
/// </summary>
internal sealed unsafe class PageRedactor(AddressSpace memory, V8Heap heap, ObjectRedactor objects)
{
    /// <param name="page">The page.</param>
    /// <param name="into">As many zero bytes.</param>
    public void Write(HeapPage page, Span<byte> into)
    {
        memory.Copy(page.Base, into[..(int)(page.Start - page.Base)]);
        ulong at = page.Start;
        for (int i = page.FirstObject; i < page.EndObject; i++)
        {
            HeapObject next = heap[i];
            ulong address = next.Address - 1;
            WriteGap(page, at, address, into);
            objects.Write(next, into.Slice((int)(address - page.Base), (int)next.Size));
            at = address + (ulong)next.Size;
        }

        WriteGap(page, at, page.End, into);
    }

    private void WriteGap(HeapPage page, ulong from, ulong to, Span<byte> into)
    {
        byte* data = (byte*)page.Data;
        for (ulong at = from; at + 8 <= to; at += 8)
        {
            byte* here = data + (at - page.Start);
            ulong word = *(ulong*)here;
            Span<byte> there = into[(int)(at - page.Base)..];
            if (word != 0 && heap.FindMap(word) is { } map)
            {
                MemoryMarshal.Write(there, word);
                if (map.InstanceSize == 0 && to - at >= 16) CopyLength(map, here, there);
            }
            else if (word != 0 && (word & 7) == 0 && heap.Pages.NumberOf(word) >= 0)
            {
                MemoryMarshal.Write(there, word);
            }
        }
    }

    /// <summary>What says how long an object is that was here once; of a text not its hash.</summary>
    private static void CopyLength(MapInfo map, byte* from, Span<byte> into)
    {
        int skipped = map.Traits.IsString ? 12 : 8;
        if (map.Traits.Body is not (ObjectBody.Filler or ObjectBody.Hole or ObjectBody.OneWord)) new ReadOnlySpan<byte>(from + skipped, 16 - skipped).CopyTo(into[skipped..]);
    }
}
