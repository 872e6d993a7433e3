using Holdfast.Common;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>
/// Goes through every page from object to object. Where there is none (the unused part of a buffer that a thread allocates
/// from, or something this version's table does not know), it looks for the next place where one follows another.
/// </summary>
internal sealed unsafe class HeapWalker
{
    private const int FewBytes = 64;
    private const int MostMoves = 16;

    private readonly V8Heap _heap;
    private readonly ObjectSizes _sizes;
    private readonly Work _work;
    private readonly Dictionary<ulong, ulong> _buffers;
    private readonly Dictionary<ulong, ulong> _unused;

    private HeapWalker(V8Heap heap, Dictionary<ulong, ulong> buffers, Dictionary<ulong, ulong> unused, Work work)
    {
        _heap = heap;
        _sizes = new ObjectSizes(heap.Layout);
        _work = work;
        _buffers = buffers;
        _unused = unused;
    }

    /// <summary>Bytes of objects.</summary>
    public long ParsedBytes { get; private set; }

    /// <summary>Bytes that were no objects, outside buffers.</summary>
    public long UnparsedBytes { get; private set; }

    /// <summary>Bytes inside buffers that threads allocate from, and empty memory.</summary>
    public long BufferBytes { get; private set; }

    /// <summary>Pages of heaps in the middle of a garbage collection.</summary>
    public int CollectingPages { get; private set; }

    /// <summary>Objects the garbage collector was moving.</summary>
    public int ForwardedObjects { get; private set; }

    /// <summary>What came before bytes that could not be read: names of types.</summary>
    public Dictionary<string, long> UnparsedAfter { get; } = [];

    /// <summary>Finds all objects of the heap.</summary>
    /// <param name="heap">Its table of objects is filled.</param>
    /// <param name="buffers">Where buffers that threads allocate from begin, and where they end.</param>
    /// <param name="unused">Where memory begins that no object is in whatever it looks like, and where it ends.</param>
    /// <param name="isCollecting">Whether a heap is in the middle of a collection, so that what is emptied may not be empty yet.</param>
    /// <param name="work">Progress and cancellation.</param>
    public static HeapWalker Run(
        V8Heap heap, Dictionary<ulong, ulong> buffers, Dictionary<ulong, ulong> unused, Predicate<ulong> isCollecting, Work work)
    {
        var walker = new HeapWalker(heap, buffers, unused, work);
        IReadOnlyList<HeapPage> pages = heap.Pages.All;
        for (int i = 0; i < pages.Count; i++)
        {
            if ((i & 15) == 0)
            {
                work.ThrowIfCancelled();
                work.Report("finding objects", (double)i / pages.Count);
            }

            pages[i].FirstObject = heap.Objects.Count;
            bool collecting = isCollecting(pages[i].Heap);
            walker.CollectingPages += collecting ? 1 : 0;
            if (!pages[i].IsEvacuated || collecting) walker.Walk(pages[i], collecting);
            pages[i].EndObject = heap.Objects.Count;
        }

        heap.Objects.Complete();
        return walker;
    }

    private void Walk(HeapPage page, bool isCollecting)
    {
        byte* data = (byte*)page.Data;
        ulong length = page.End - page.Start, at = 0;
        string before = "(page start)";
        int forwarded = ForwardedObjects;
        while (at + 8 <= length && (at == 0 || !page.IsLarge))
        {
            if (_unused.Count > 0 && _unused.TryGetValue(page.Start + at, out ulong end) && end <= page.End)
            {
                BufferBytes += (long)(end - page.Start - at);
                at = end - page.Start;
                continue;
            }

            MapInfo? map = _heap.FindMap(*(ulong*)(data + at));
            long size = map is null ? 0 : _sizes.SizeOf(map, data + at, length - at, _heap);
            if (map is not null && size >= 8 && (ulong)size <= length - at)
            {
                if (map.Traits.Kind != ObjectKind.Filler) _heap.Objects.Add(page, page.Start + at, map.Number, size >> 3);
                ParsedBytes += size;
                at += (ulong)size;
                before = map.Traits.Name;
                continue;
            }

            if (map is null && IsForwarded(page, at, out ulong target, out long moved))
            {
                _heap.Objects.Forward(page.Start + at, target);
                ForwardedObjects++;
                ParsedBytes += moved;
                at += (ulong)moved;
                continue;
            }

            ulong next = FindNext(page, at, isCollecting);
            Count(page, at, next, map?.Traits.Name ?? before, isUnused: isCollecting || page.IsYoung || !page.IsListed || ForwardedObjects > forwarded || PointsToHeap(page, at));
            at = next;
        }
    }

    /// <summary>
    /// During a collection an object that was moved has its new address where its map was. So it is in pages that were
    /// emptied and are kept for later use; there one move may lead to another.
    /// </summary>
    private bool IsForwarded(HeapPage page, ulong at, out ulong target, out long size)
    {
        size = 0;
        target = *(ulong*)((byte*)page.Data + at);
        for (int moves = 0; moves < MostMoves; moves++)
        {
            if (target == 0 || (target & 7) != 0 || _heap.Pages.Of(target) is not { } there || target < there.Start || target + 16 > there.End) return false;
            byte* moved = (byte*)there.Data + (target - there.Start);
            if (_heap.FindMap(*(ulong*)moved) is not { } map)
            {
                target = *(ulong*)moved;
                continue;
            }

            size = _sizes.SizeOf(map, moved, there.End - target, _heap);
            return size >= 8 && (ulong)size <= page.End - page.Start - at;
        }

        return false;
    }

    /// <summary>
    /// The next place after <paramref name="at"/> where an object is followed by another, or the page's end. During a collection
    /// an object that is gone may have a map that is gone too, and what follows it may have moved.
    /// </summary>
    private ulong FindNext(HeapPage page, ulong at, bool isCollecting)
    {
        ulong length = page.End - page.Start;

        // One object is all there is in such a page.
        if (page.IsLarge) return length;
        if (_buffers.TryGetValue(page.Start + at, out ulong limit) && limit <= page.End && StartsObject(page, limit - page.Start)) return limit - page.Start;
        for (ulong next = at + 8; next + 8 <= length; next += 8)
        {
            if (((next >> 3) & 0xFFFF) == 0) _work.ThrowIfCancelled();
            if (StartsObject(page, next) || (isCollecting && StartsForwarded(page, next))) return next;
        }

        return length;
    }

    /// <summary>Whether an object was here that has moved, and another or a moved one follows.</summary>
    private bool StartsForwarded(HeapPage page, ulong at)
    {
        if (!IsForwarded(page, at, out _, out long size)) return false;
        ulong next = at + (ulong)size;
        return next + 8 > page.End - page.Start || IsForwarded(page, next, out _, out _) || StartsObject(page, next);
    }

    private bool StartsObject(HeapPage page, ulong at)
    {
        byte* data = (byte*)page.Data;
        ulong length = page.End - page.Start;
        if (at == length) return true;
        if (at + 8 > length || _heap.FindMap(*(ulong*)(data + at)) is not { } map) return false;
        if (map.Traits.Body == ObjectBody.Filler) return true;
        long size = _sizes.SizeOf(map, data + at, length - at, _heap);
        if (size < 8 || (ulong)size > length - at) return false;
        ulong end = at + (ulong)size;
        return end + 8 > length || _heap.FindMap(*(ulong*)(data + end)) is not null || *(ulong*)(data + end) == 0 || _buffers.ContainsKey(page.Start + end);
    }

    /// <summary>Whether a word is an address of the heap without a tag, as objects that were moved leave behind.</summary>
    private bool PointsToHeap(HeapPage page, ulong at)
    {
        ulong word = *(ulong*)((byte*)page.Data + at);
        return word != 0 && (word & 7) == 0 && _heap.Pages.Of(word) is { } there && word >= there.Start && word < there.End;
    }

    /// <param name="page">The page.</param>
    /// <param name="from">The first byte that is no object.</param>
    /// <param name="to">The next object.</param>
    /// <param name="before">The object before it.</param>
    /// <param name="isUnused">Whether it is in a page where memory that nothing uses is expected: a young one, one that is or was emptied.</param>
    private void Count(HeapPage page, ulong from, ulong to, string before, bool isUnused)
    {
        byte* data = (byte*)page.Data;
        long bytes = (long)(to - from);
        var gap = new ReadOnlySpan<byte>(data + from, (int)Math.Min(bytes, int.MaxValue));
        bool isBuffer = isUnused || _buffers.ContainsKey(page.Start + from) || gap[..Math.Min(gap.Length, FewBytes)].IndexOfAnyExcept((byte)0) < 0;
        if (isBuffer)
        {
            BufferBytes += bytes;
            return;
        }

        UnparsedBytes += bytes;
        if (UnparsedAfter.Count < 100 || UnparsedAfter.ContainsKey(before))
            UnparsedAfter[before] = UnparsedAfter.GetValueOrDefault(before) + bytes;
    }
}
