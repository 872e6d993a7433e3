using Holdfast.Common;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>Finds words in all objects of an isolate: a reference, a small integer, the bits of a number.</summary>
internal static class WordSearch
{
    /// <summary>How many words the processor compares at once before a table is quicker.</summary>
    private const int MostAtOnce = 5;

    /// <summary>Where one of the words is: the object, and the offset in it, in the order of addresses.</summary>
    public static unsafe List<(int Object, int Offset)> Find(CoreSession core, IReadOnlyCollection<ulong> words, Work work)
    {
        V8Heap heap = core.Heap;
        BitColumn counted = core.Counted(work);
        ulong[] few = [.. words];
        var many = words.Count > MostAtOnce ? words.ToHashSet() : null;
        var found = new List<(int, int)>();
        foreach (HeapPage page in heap.Pages.All)
        {
            work.ThrowIfCancelled();
            if (page.Heap != core.Isolate.Heap || page.FirstObject == page.EndObject) continue;
            ReadOnlySpan<ulong> addresses = heap.Objects.Addresses.Span;
            ulong end = addresses[page.EndObject - 1] + (8UL * heap.Objects.Sizes.Span[page.EndObject - 1]);
            ulong bytes = Math.Min(end - page.Start, page.End - page.Start);
            var all = new ReadOnlySpan<ulong>((void*)page.Data, (int)Math.Min(bytes / 8, int.MaxValue));
            int owner = page.FirstObject;
            for (int at = 0, next; at < all.Length && (next = IndexOf(all[at..], few, many)) >= 0; at++)
            {
                at += next;
                ulong address = page.Start + ((ulong)at * 8);
                owner = OwnerOf(addresses, owner, page.EndObject, address);
                int offset = (int)Math.Min(address - addresses[owner], int.MaxValue);
                if (counted[owner] && IsInside(heap[owner], offset, all[at], heap.Layout)) found.Add((owner, offset));
            }
        }

        return found;
    }

    private static int IndexOf(ReadOnlySpan<ulong> all, ulong[] few, HashSet<ulong>? many)
    {
        if (many is null) return all.IndexOfAny(few);
        for (int i = 0; i < all.Length; i++)
        {
            if (many.Contains(all[i])) return i;
        }

        return -1;
    }

    /// <summary>The last object that begins at or before an address, from one that does.</summary>
    private static int OwnerOf(ReadOnlySpan<ulong> addresses, int first, int end, ulong address)
    {
        int found = addresses[first..end].BinarySearch(address);
        return first + (found >= 0 ? found : ~found - 1);
    }

    /// <summary>Whether a word is a value of the object, and not part of a text or of code.</summary>
    private static bool IsInside(HeapObject of, int offset, ulong word, V8Layout layout)
    {
        if (offset < 8 || offset + 8 > of.Size) return false;
        if (of.Traits.Body == ObjectBody.Doubles) return offset >= V8Layout.ArrayData;
        (int from, int end) = References.Range(of, layout);
        return offset >= from && offset + 8 <= end && (word != 0 || of.Traits.IsReceiver);
    }
}
