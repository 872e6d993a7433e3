using Holdfast.Common;
using Holdfast.Sources.CoreDump.Debugging.Node;
using Holdfast.Sources.CoreDump.Debugging.Values;
using Holdfast.Sources.CoreDump.Elf;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Packing;

/// <summary>
/// The parts of a process's memory that answers need: V8's pages with their headers, what was looked at while the heaps were read,
/// isolates, stacks, what objects have outside the heap.
/// </summary>
internal sealed class PackedContents
{
    /// <summary>V8's Heap object and what follows it in the isolate.</summary>
    private const ulong HeapBytes = 64 << 10;
    private const ulong MostStackBytes = 8 << 20;

    /// <summary>A C++ object that an object of a program belongs to.</summary>
    private const ulong NativeObjectBytes = 1024;

    private readonly CoreImage _image;
    private readonly V8Heap _heap;
    private readonly PageRanges _ranges = new();

    /// <param name="image">The core.</param>
    /// <param name="heap">Its heap.</param>
    /// <param name="isolates">Its isolates.</param>
    /// <param name="touched">What was looked at.</param>
    /// <param name="withBuffers">Whether what array buffers hold is to be there.</param>
    /// <param name="work">Cancellation.</param>
    public PackedContents(CoreImage image, V8Heap heap, IReadOnlyList<IsolateInfo> isolates, TouchedMemory touched, bool withBuffers, Work work)
    {
        _image = image;
        _heap = heap;
        AddPages(touched);
        foreach (ulong page in touched.Pages) _ranges.Add(page, TouchedMemory.PageBytes);
        foreach (IsolateInfo isolate in isolates)
        {
            ulong start = isolate.IsKnown ? isolate.Address : isolate.Heap;
            _ranges.Add(start, isolate.Heap + HeapBytes - start);
        }

        AddStacks();
        AddOutside(withBuffers, work);
        if (image.Symbols.TryGetValue(ProcessReader.StartTime, out ulong started)) _ranges.Add(started, 8);
        Ranges = _ranges.Within(image.Memory);
    }

    /// <summary>All of it, in whole pages and in order.</summary>
    public List<(ulong Start, ulong End)> Ranges { get; }

    /// <summary>V8's pages.</summary>
    public List<HeapPage> Pages { get; } = [];

    /// <summary>The used parts of threads' stacks.</summary>
    public List<(ulong Start, ulong End)> Stacks { get; } = [];

    /// <summary>Contents of array buffers.</summary>
    public List<(ulong Start, ulong End)> Buffers { get; } = [];

    /// <summary>External strings: index of the object, and where its characters are.</summary>
    public List<(int Text, ulong Start, ulong End)> Texts { get; } = [];

    private void AddPages(TouchedMemory touched)
    {
        foreach (HeapPage page in _heap.Pages.All)
        {
            // The empty half of a young generation holds what is elsewhere now; during a collection it says where.
            if (page.IsEvacuated && page.FirstObject == page.EndObject && !_heap.Objects.HasForwarded) continue;
            Pages.Add(page);
            _ranges.Add(page.Base, page.Bytes);
            touched.Read(page.Header, PageFinder.HeaderWords * 8);
        }
    }

    private void AddStacks()
    {
        foreach (CoreThread thread in _image.Notes.Threads)
        {
            ulong stackEnd = _image.Memory.EndOf(thread.StackPointer);
            if (stackEnd == thread.StackPointer) continue;
            ulong start = thread.StackPointer & ~7UL, end = Math.Min(stackEnd, start + MostStackBytes);
            Stacks.Add((start, end));
            _ranges.Add(start, end - start);
        }
    }

    private void AddOutside(bool withBuffers, Work work)
    {
        var strings = new HeapStrings(_heap);
        for (int i = 0; i < _heap.Count; i++)
        {
            work.ThrowIfCancelled(i);
            switch (_heap.KindOf(i))
            {
                case ObjectKind.String when HeapStrings.Shape(_heap[i]) == StringShape.External:
                    AddText(_heap[i], strings);
                    break;
                case ObjectKind.ArrayBuffer:
                    AddBuffer(_heap[i], withBuffers);
                    break;
                case >= ObjectKind.Object:
                    AddNatives(_heap[i]);
                    break;
            }
        }
    }

    private void AddText(HeapObject text, HeapStrings strings)
    {
        ulong start = strings.ExternalData(text);
        ulong bytes = (ulong)Math.Max(0, HeapStrings.Length(text)) << (HeapStrings.IsOneByte(text) ? 0 : 1);
        if (bytes == 0 || _image.Memory.Find(start).DataSize == 0) return;
        Texts.Add((text.Index, start, start + bytes));
        _ranges.Add(start, bytes);
    }

    private void AddBuffer(HeapObject buffer, bool withContents)
    {
        AddDescription(buffer);
        ulong start = buffer[_heap.Layout.BufferBackingStore], bytes = buffer[_heap.Layout.BufferByteLength];
        if (bytes == 0 || start + bytes < start || _image.Memory.Find(start).DataSize == 0) return;
        Buffers.Add((start, start + bytes));
        if (withContents) _ranges.Add(start, bytes);
    }

    /// <summary>The length of memory that threads share, and that may grow, is in what describes it.</summary>
    private void AddDescription(HeapObject buffer)
    {
        const ulong DescriptionBytes = 64;
        ulong extension = buffer[_heap.Layout.BufferBackingStore + 8];
        if (!ObjectFields.IsShared(buffer, _heap.Layout) || _image.Memory.Find(extension).DataSize == 0) return;
        _ranges.Add(extension, DescriptionBytes);
        for (ulong at = 0; at < ObjectFields.ExtensionWords * 8; at += 8)
        {
            ulong shared = _image.Memory.PeekWord(extension + at);
            if (_image.Memory.Find(shared).DataSize > 0) _ranges.Add(shared, DescriptionBytes);
        }
    }

    /// <summary>Handles, requests and the like have a part in C++, which a field of the object leads to.</summary>
    private void AddNatives(HeapObject owner)
    {
        int start = _heap.Layout.EmbedderFields(owner);
        if (start >= 0 && LibuvHandle.Find(_image.Memory, owner[start + 8]) is { } handle)
        {
            _ranges.Add(handle.Address, NativeObjectBytes);
            if (_image.Memory.Find(handle.Loop).DataSize > 0) _ranges.Add(handle.Loop, LibuvHandle.LoopBytes);
        }

        for (int at = start; at >= 0 && at < owner.Map.InObjectStart * 8; at += 8)
        {
            ulong word = owner[at];
            if ((word & 7) == 0 && _heap.Pages.NumberOf(word) < 0 && _image.Memory.Find(word).DataSize > 0) _ranges.Add(word, NativeObjectBytes);
        }
    }
}
