using Holdfast.Sources.CoreDump.Elf;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Packing;

/// <summary>
/// Writes V8's pages object by object (<see cref="ObjectRedactor"/>). What is between objects was something once, and is left out but
/// for what says where objects begin: fillers, and where objects were moved to.
/// </summary>
internal sealed unsafe class PageRedactor(AddressSpace memory, V8Heap heap, ObjectRedactor objects)
{
    private readonly ObjectSizes _sizes = new(heap.Layout);

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
        for (ulong at = from; at + 8 <= to;)
        {
            ulong word = *(ulong*)(data + (at - page.Start));
            long kept = 0, size = 8;
            if (word != 0)
            {
                if (heap.FindMap(word) is { Traits.Kind: ObjectKind.Filler } filler)
                {
                    size = Math.Max(8, _sizes.SizeOf(filler, data + (at - page.Start), to - at, heap));
                    kept = Math.Min(16, size);
                }
                else if ((word & 7) == 0 && heap.Pages.NumberOf(word) >= 0)
                {
                    kept = 8;
                }
            }

            kept = Math.Min(kept, (long)(to - at));
            new ReadOnlySpan<byte>(data + (at - page.Start), (int)kept).CopyTo(into[(int)(at - page.Base)..]);
            at += (ulong)size;
        }
    }
}
