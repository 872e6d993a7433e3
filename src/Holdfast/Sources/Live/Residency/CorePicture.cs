using Holdfast.Common;
using Holdfast.Model.Residency;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.Live.Residency;

/// <summary>
/// Where a dead process's memory was, from its core: the file's bytes stand for what was resident, holes in it for what was not.
/// </summary>
internal static class CorePicture
{
    private const ulong Page = 4096;

    /// <summary>How far from the program's end the heap behind it may begin: the kernel moves it by chance.</summary>
    private const ulong MostHeapOffset = 1UL << 35;

    public static MemoryPicture Take(CoreSession core, Work work)
    {
        CoreImage image = core.Image;
        ResidentBytes resident = (start, end) => Stored(image, start, end);
        MemoryReader memory = (address, into) => Read(image.Memory, address, into);
        List<MemoryMapping> mappings = Mappings(image, work);
        HashSet<ulong> before11 = [.. core.Heap.Pages.All.Where(p => p is { IsReadOnly: false, IsYoung: false, IsListed: true } && LivePage.NumberOf(p, image.Memory) == 1).Select(p => p.Heap)];
        LivePage[] pages = [.. core.Heap.Pages.All.Select(p => LivePage.Of(p, image.Memory, before11.Contains(p.Heap)))];
        var names = core.Isolates.ToDictionary(i => i.Heap, i => i.Name);
        ulong[] stacks = [.. image.Notes.Threads.Select(t => t.StackPointer)];
        MallocWalk? malloc = image.Notes.Packed is null ? new MallocWalk(memory, resident) : null;
        List<MemoryPart> parts = new MemoryRegions(mappings, pages, stacks, malloc, resident).Run(work);
        return new MemoryPicture(
            default, mappings.Sum(m => m.Rss), parts, HeapPictures.Of(pages, names, memory, core.Heap.Table, resident),
            image.Notes.Threads.Count, null, 0);
    }

    /// <summary>The core's own ranges; those of the binary, which the image adds, are no memory of the process that was dumped.</summary>
    private static List<MemoryMapping> Mappings(CoreImage image, Work work)
    {
        var found = new List<MemoryMapping>();
        foreach (Segment segment in image.Header.Segments.Where(s => s.Type == Segment.Load && s.FileSize > 0).OrderBy(s => s.Address))
        {
            work.ThrowIfCancelled();
            ulong end = segment.Address + segment.FileSize;
            CoreFile file = image.Notes.MappedFiles.FirstOrDefault(f => f.Start < end && segment.Address < f.End);
            string permissions = $"{((segment.Flags & 4) != 0 ? 'r' : '-')}{((segment.Flags & 2) != 0 ? 'w' : '-')}{((segment.Flags & 1) != 0 ? 'x' : '-')}p";
            found.Add(new MemoryMapping(segment.Address, end, permissions, file.Path is null ? 0UL : 1UL, file.Path ?? "") { Rss = Stored(image, segment.Address, end) });
        }

        NameHeap(image, found);
        return found;
    }

    /// <summary>The first range behind the program that is of no file is where malloc's main heap is.</summary>
    private static void NameHeap(CoreImage image, List<MemoryMapping> mappings)
    {
        string? program = image.Notes.AuxiliaryVector.TryGetValue(9, out ulong entry) ? image.Notes.MappedFiles.FirstOrDefault(f => f.Start <= entry && entry < f.End).Path : null;
        if (program is null) return;
        ulong end = image.Notes.MappedFiles.Where(f => f.Path == program && f.Start < entry + MostHeapOffset).Max(f => f.End);
        int at = mappings.FindIndex(m => m.Start > end && m.Start - end < MostHeapOffset && m.IsAnonymous && m.IsWritable && !m.IsExecutable);
        if (at >= 0) mappings[at] = mappings[at] with { Path = "[heap]" };
    }

    private static int Read(AddressSpace memory, ulong address, Span<byte> into)
    {
        int done = 0;
        while (done < into.Length && memory.Peek(address + (ulong)done, (ulong)(into.Length - done)) is { Length: > 0 } part)
        {
            part.CopyTo(into[done..]);
            done += part.Length;
        }

        return done;
    }

    private static unsafe long Stored(CoreImage image, ulong start, ulong end)
    {
        long bytes = 0;
        for (ulong at = start & ~(Page - 1); at < end; at += Page)
        {
            MemoryRange range = image.Memory.Find(at);
            if (range.DataSize > 0 && !image.IsHole((IntPtr)(range.Data + (at - range.Start)))) bytes += (long)Page;
        }

        return bytes;
    }
}
