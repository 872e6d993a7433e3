using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>Finds the isolates of a process from their heaps, and the threads they ran on.</summary>
internal static class IsolateFinder
{
    /// <summary>More than a program has of its own thread-local variables.</summary>
    private const ulong ThreadLocalBytes = 0x400;

    /// <summary>The isolates, the main thread's first.</summary>
    public static IReadOnlyList<IsolateInfo> Find(CoreImage image, V8Heap heap)
    {
        var found = new List<IsolateInfo>();
        foreach (IGrouping<ulong, HeapPage> pages in heap.Pages.All.Where(p => !p.IsReadOnly).GroupBy(p => p.Heap))
        {
            ulong address = AddressOf(heap, pages.Key);
            found.Add(new IsolateInfo(0, address, pages.Key, "")
            {
                Bytes = pages.Sum(p => heap.Objects.BytesBetween(p.FirstObject, p.EndObject)),
                Thread = address == 0 ? -1 : ThreadOf(image, heap, address),
            });
        }

        // The main thread is the first in the core, and node makes its isolate before any worker's.
        IsolateInfo? main = found.Where(i => i.Thread >= 0).OrderBy(i => image.Notes.Threads[i.Thread].Id).FirstOrDefault(i => IsMain(image, i))
            ?? found.MaxBy(i => i.Bytes);
        Dictionary<ulong, string> names = WorkerNames.Find(heap, found);
        int number = 1;
        return [.. found.OrderBy(i => i != main).ThenBy(i => i.Thread < 0 ? int.MaxValue : image.Notes.Threads[i.Thread].Id).ThenBy(i => i.Address)
            .Select(i => i with { Number = number, Name = number++ == 1 ? "main" : names.GetValueOrDefault(i.Address, $"worker-{number - 2}") })];
    }

    private static bool IsMain(CoreImage image, IsolateInfo isolate) =>
        image.Notes.Threads[isolate.Thread].Id == image.Notes.Threads.Min(t => t.Id);

    /// <summary>The isolate a heap is in, or 0 where what is there is not one of this version.</summary>
    private static ulong AddressOf(V8Heap heap, ulong heapAddress)
    {
        V8Layout layout = heap.Layout;
        int offset = layout.Offset("Isolate.heap", 0);
        if (offset == 0 || heapAddress <= (ulong)offset) return 0;
        ulong isolate = heapAddress - (ulong)offset;
        bool namesItself = heap.Memory.Word(isolate + (ulong)(layout.Offset("Isolate.thread_local_top", 0) + layout.Offset("ThreadLocalTop.isolate", 0))) == isolate;
        ulong roots = isolate + (ulong)layout.Offset("Roots.table", 0);
        bool hasRoots = Enumerable.Range(0, 16).All(i => heap.IndexOf(heap.Memory.Word(roots + ((ulong)i * 8))) >= 0);
        return namesItself && hasRoots ? isolate : 0;
    }

    /// <summary>The thread whose stack V8's frames are on, or that has this isolate as its current one; -1 where none is found.</summary>
    private static int ThreadOf(CoreImage image, V8Heap heap, ulong isolate)
    {
        V8Layout layout = heap.Layout;
        IReadOnlyList<CoreThread> threads = image.Notes.Threads;
        ulong top = isolate + (ulong)layout.Offset("Isolate.thread_local_top", 0);
        ulong entry = heap.Memory.Word(top + (ulong)layout.Offset("ThreadLocalTop.js_entry_sp", 0));
        ulong below = (ulong)layout.Offset("Isolate.current_below_thread_pointer", 0);
        ulong local = heap.Memory.Word(top + (ulong)layout.Offset("ThreadLocalTop.thread_tls_word", 0));
        return First(threads, t => entry != 0 && OwnsStackWord(image, t, entry))
            ?? First(threads, t => below != 0 && heap.Memory.Word(t.ThreadPointer - below) == isolate)
            ?? First(threads, t => below == 0 && local < t.ThreadPointer && t.ThreadPointer - local < ThreadLocalBytes)
            ?? -1;
    }

    private static int? First(IReadOnlyList<CoreThread> threads, Predicate<CoreThread> match)
    {
        for (int i = 0; i < threads.Count; i++)
        {
            if (match(threads[i])) return i;
        }

        return null;
    }

    /// <summary>Whether an address is on the used part of a thread's stack.</summary>
    private static bool OwnsStackWord(CoreImage image, CoreThread thread, ulong address) =>
        address >= thread.StackPointer && address < image.Memory.EndOf(thread.StackPointer);
}
