using System.Runtime.InteropServices;
using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>
/// Which pages are in use: those on the list of the space that owns them. V8 keeps pages it has emptied, and they look like
/// others, but no list leads to them. Lists are followed by what is a page's address, so that no offset is needed.
/// </summary>
internal static class PageLists
{
    private const int SpaceBytes = 0x400;
    private const int HeaderBytes = 0x200;

    /// <summary>What is first in a header is no list, and where a page ends another may begin.</summary>
    private const int FieldBytes = 0x50;

    /// <summary>Marks the pages that no list leads to; none of a space whose list is not found.</summary>
    public static void Mark(AddressSpace memory, IReadOnlyList<HeapPage> pages)
    {
        foreach (IGrouping<ulong, HeapPage> owned in pages.Where(p => p.Owner != 0).GroupBy(p => p.Owner))
        {
            var byHeader = new Dictionary<ulong, HeapPage>();
            foreach (HeapPage page in owned) byHeader[page.Header] = page;
            var listed = new HashSet<HeapPage>();
            var open = new Stack<HeapPage>();
            Follow(memory, owned.Key, SpaceBytes, byHeader, listed, open);
            while (open.TryPop(out HeapPage? page)) Follow(memory, page.Header + FieldBytes, HeaderBytes - FieldBytes, byHeader, listed, open);
            if (listed.Count == 0) continue;
            foreach (HeapPage page in owned) page.IsListed = listed.Contains(page);
        }
    }

    private static void Follow(
        AddressSpace memory, ulong from, int bytes, Dictionary<ulong, HeapPage> byHeader, HashSet<HeapPage> listed, Stack<HeapPage> open)
    {
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(memory.From(from, (ulong)bytes)))
        {
            if (byHeader.TryGetValue(word, out HeapPage? page) && listed.Add(page)) open.Push(page);
        }
    }
}
