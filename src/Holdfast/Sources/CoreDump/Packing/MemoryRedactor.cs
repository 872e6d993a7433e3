using System.Runtime.InteropServices;
using Holdfast.Common;
using Holdfast.Sources.CoreDump.Elf;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Packing;

/// <summary>
/// A process's memory without what its strings, numbers and buffers hold. Everything is left out but what is known to be needed: of
/// V8's pages see <see cref="PageRedactor"/>; texts outside the heap become fillers; of all other memory only addresses stay, and
/// words that were read when the heaps were.
/// </summary>
internal sealed class MemoryRedactor : IDisposable
{
    /// <summary>Around a heap whose isolate is not known, everything is tried as a reference (<see cref="RootFinder"/>).</summary>
    private const ulong TriedBefore = 0x14000;
    private const ulong TriedAfter = 0x3000;

    private readonly AddressSpace _memory;
    private readonly V8Heap _heap;
    private readonly TouchedMemory _touched;
    private readonly PackedContents _contents;
    private readonly KnownAddresses _known;
    private readonly NeededStrings _needed;
    private readonly BlankedTexts _texts;
    private readonly ObjectRedactor _objects;
    private readonly PageRedactor _pages;
    private readonly FrameSlots _frames;
    private readonly List<(ulong Start, ulong End)> _tried;
    private readonly Dictionary<int, long> _numbers = [];
    private Column<byte> _page = new(0);
    private HeapPage? _written;

    public MemoryRedactor(CoreImage image, V8Heap heap, IReadOnlyList<IsolateInfo> isolates, PackedContents contents, TouchedMemory touched, Work work)
    {
        work.Report("looking for names");
        _memory = image.Memory;
        _heap = heap;
        _touched = touched;
        _contents = contents;
        _known = new KnownAddresses(image);
        _needed = new NeededStrings(heap, work);
        _texts = new BlankedTexts(_needed);
        _objects = new ObjectRedactor(heap, _needed, _texts, _known, work);
        _pages = new PageRedactor(_memory, heap, _objects);
        _frames = new FrameSlots(image, contents.Stacks, _known);
        _tried = [.. contents.Stacks, .. isolates.Where(i => !i.IsKnown).Select(i => (i.Heap - Math.Min(i.Heap, TriedBefore), i.Heap + TriedAfter))];
    }

    public void Dispose()
    {
        _needed.Dispose();
        _texts.Dispose();
        _objects.Dispose();
        _page.Dispose();
    }

    /// <summary>What takes the place of a piece of memory; the buffer is zero at first.</summary>
    public void Fill(ulong address, Span<byte> buffer)
    {
        ulong end = address + (ulong)buffer.Length;
        FillWords(address, buffer);
        foreach ((ulong Start, ulong End) content in _contents.Buffers) ClearBuffer(content.Start, content.End, address, buffer);
        foreach ((int text, ulong start, ulong stop) in _contents.Texts)
        {
            if (start < end && stop > address) FillText(text, start, stop, address, buffer);
        }

        foreach (HeapPage page in _contents.Pages)
        {
            if (page.Base < end && page.Base + page.Bytes > address) FillPage(page, address, buffer);
        }
    }

    private static Span<byte> Overlap(ulong start, ulong stop, ulong address, ulong end, Span<byte> buffer)
    {
        ulong from = Math.Max(start, address), to = Math.Min(stop, end);
        return from < to ? buffer[(int)(from - address)..(int)(to - address)] : [];
    }

    private void FillWords(ulong address, Span<byte> buffer)
    {
        _memory.Copy(address, buffer);
        foreach (ref ulong word in MemoryMarshal.Cast<byte, ulong>(buffer))
        {
            if (word != 0 && !Stays(address, word)) word = 0;
            address += 8;
        }
    }

    private bool Stays(ulong at, ulong word)
    {
        // Memory right above a stack, in one piece with it, counts as the stack: what was read there is not in a frame.
        if (_objects.IsReference(word) || _known.Contains(word) || _touched.WasRead(at)) return true;
        foreach ((ulong start, ulong end) in _tried)
        {
            if (at >= start && at < end) return _frames.Stays(at, word);
        }

        return false;
    }

    /// <summary>
    /// Nothing reads what a buffer holds. What was read there all the same is not the buffer's any more: the buffer is garbage whose
    /// memory was given away, for instance to the table of strings.
    /// </summary>
    private void ClearBuffer(ulong start, ulong stop, ulong address, Span<byte> buffer)
    {
        Span<byte> part = Overlap(start, stop, address, address + (ulong)buffer.Length, buffer);
        ulong at = Math.Max(start, address);
        for (int i = 0; i < part.Length; i++)
        {
            if (!_touched.WasRead(at + (ulong)i)) part[i] = 0;
        }
    }

    private void FillText(int index, ulong start, ulong stop, ulong address, Span<byte> buffer)
    {
        HeapObject text = _heap[index];
        bool isOneByte = HeapStrings.IsOneByte(text);
        if (!_numbers.TryGetValue(index, out long number))
        {
            ReadOnlySpan<byte> all = _memory.Peek(start, stop - start);
            _numbers[index] = number = _needed.IsName(index) || _needed.IsSource(index) ? 0 : _texts.NumberOf(all, isOneByte);
        }

        Span<byte> part = Overlap(start, stop, address, address + (ulong)buffer.Length, buffer);
        ulong from = Math.Max(start, address);
        var original = new byte[part.Length];
        _memory.Copy(from, original);
        _texts.Write(text, number, (int)((from - start) / (isOneByte ? 1UL : 2UL)), original, part);
    }

    private void FillPage(HeapPage page, ulong address, Span<byte> buffer)
    {
        if (_written != page)
        {
            if (_page.Length != (int)page.Bytes)
            {
                _page.Dispose();
                _page = new Column<byte>((long)page.Bytes);
            }

            _page.Span.Clear();
            _pages.Write(page, _page.Span);
            _written = page;
        }

        ulong from = Math.Max(page.Base, address), to = Math.Min(page.Base + page.Bytes, address + (ulong)buffer.Length);
        _page.Span[(int)(from - page.Base)..(int)(to - page.Base)].CopyTo(buffer[(int)(from - address)..]);
    }
}
