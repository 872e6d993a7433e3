using Holdfast.Common;
using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>V8's pages in the order of their addresses, the page of an address, and each page's bytes in one piece.</summary>
internal sealed unsafe class HeapPages : IDisposable
{
    private readonly List<Column<byte>> _copies = [];
    private readonly ulong[] _keys;
    private readonly int[] _values;
    private readonly int _shift;
    private readonly long _mostCopied;
    private long _copied;

    /// <param name="pages">The pages.</param>
    /// <param name="memory">The process's memory.</param>
    /// <param name="mostCopied">Bytes of pages in several pieces that are copied; of the others only the first piece is read.</param>
    public HeapPages(List<HeapPage> pages, AddressSpace memory, long mostCopied = Limits.MaxCopiedPageBytes)
    {
        All = pages;
        _mostCopied = mostCopied;
        int bits = 4;
        while (1 << bits < pages.Count * 4) bits++;
        _shift = 64 - bits;
        _keys = new ulong[1 << bits];
        _values = new int[1 << bits];
        for (int i = 0; i < pages.Count; i++)
        {
            pages[i].Number = i;
            Insert(pages[i].Base >> HeapPage.Shift, i);
            Attach(pages[i], memory);
        }
    }

    public IReadOnlyList<HeapPage> All { get; }

    /// <summary>The number of the page that begins at most 256 KiB before this address, or -1.</summary>
    public int NumberOf(ulong address)
    {
        ulong key = address >> HeapPage.Shift;
        for (int slot = Slot(key); ; slot = (slot + 1) & (_keys.Length - 1))
        {
            // Nothing is at the first addresses, so that 0 is a free slot.
            if (_keys[slot] == 0) return -1;
            if (_keys[slot] == key) return _values[slot];
        }
    }

    public HeapPage? Of(ulong address) => NumberOf(address) is >= 0 and var number ? All[number] : null;

    /// <summary>The bytes at an address within a page's objects, or null where fewer than <paramref name="bytes"/> follow it.</summary>
    public byte* At(ulong address, int bytes)
    {
        int number = NumberOf(address);
        if (number < 0) return null;
        HeapPage page = All[number];
        if (address < page.Start || address + (ulong)bytes > page.End) return null;
        return (byte*)page.Data + (address - page.Start);
    }

    public void Dispose()
    {
        foreach (Column<byte> copy in _copies) copy.Dispose();
        _copies.Clear();
    }

    private int Slot(ulong key) => (int)((key * 0x9E3779B97F4A7C15UL) >> _shift);

    private void Insert(ulong key, int value)
    {
        int slot = Slot(key);
        while (_keys[slot] != 0) slot = (slot + 1) & (_keys.Length - 1);
        _keys[slot] = key;
        _values[slot] = value;
    }

    private void Attach(HeapPage page, AddressSpace memory)
    {
        ulong bytes = page.End - page.Start;
        MemoryRange range = memory.Find(page.Start);
        if (range.DataSize > 0 && page.End <= range.DataEnd)
        {
            page.Data = (IntPtr)(range.Data + (page.Start - range.Start));
            return;
        }

        // A page in several pieces: with parts the process could not read itself, or cut.
        if ((_copied += (long)bytes) > _mostCopied)
        {
            bytes = range.DataSize > 0 ? range.DataEnd - page.Start : 0;
            page.MissingBytes = (long)(page.End - page.Start - bytes);
            page.Data = (IntPtr)(range.Data + (page.Start - range.Start));
            page.End = page.Start + (bytes & ~7UL);
            return;
        }

        var copy = new Column<byte>((long)bytes);
        page.MissingBytes = (long)bytes - memory.Copy(page.Start, copy.Span);
        _copies.Add(copy);
        fixed (byte* data = copy.Span) page.Data = (IntPtr)data;
    }
}
