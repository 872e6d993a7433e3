using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>Finds the isolates of a process from their heaps, and the threads they ran on.</summary>
internal static class IsolateFinder
{
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
        int number = 1;
        return [.. found.OrderBy(i => i != main).ThenBy(i => i.Thread < 0 ? int.MaxValue : image.Notes.Threads[i.Thread].Id).ThenBy(i => i.Address)
            .Select(i => i with { Number = number, Name = number++ == 1 ? "main" : NameOf(image, heap, i, number - 1) })];
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

    /// <summary>The thread whose stack V8's frames are on, or that has this isolate as its current one.</summary>
    private static int ThreadOf(CoreImage image, V8Heap heap, ulong isolate)
    {
        V8Layout layout = heap.Layout;
        ulong top = isolate + (ulong)layout.Offset("Isolate.thread_local_top", 0);
        IReadOnlyList<CoreThread> threads = image.Notes.Threads;
        if (image.Symbols.TryGetValue("_ZN2v88internal18g_current_isolate_E", out ulong variable) && image.ThreadLocalBytes > 0)
        {
            for (int i = 0; i < threads.Count; i++)
            {
                if (OwnsStackWord(image, threads[i], heap.Memory.Word(top + (ulong)layout.Offset("ThreadLocalTop.js_entry_sp", 0)))) return i;
            }

            ulong below = (image.ThreadLocalBytes + 7) & ~7UL;
            for (int i = 0; i < threads.Count; i++)
            {
                for (ulong align = 8; align <= 64; align *= 2)
                {
                    ulong start = (below + align - 1) & ~(align - 1);
                    if (heap.Memory.Word(threads[i].ThreadPointer - start + variable) == isolate) return i;
                }
            }
        }

        foreach (string field in (string[])["js_entry_sp", "c_entry_fp", "handler", "try_catch"])
        {
            ulong pointer = heap.Memory.Word(top + (ulong)layout.Offset("ThreadLocalTop." + field, 0));
            for (int i = 0; pointer != 0 && i < threads.Count; i++)
            {
                if (OwnsStackWord(image, threads[i], pointer)) return i;
            }
        }

        return -1;
    }

    /// <summary>Whether an address is on the used part of a thread's stack.</summary>
    private static bool OwnsStackWord(CoreImage image, CoreThread thread, ulong address) =>
        address >= thread.StackPointer && image.Memory.Find(thread.StackPointer) is { DataSize: > 0 } range && address < range.DataEnd;

    private static string NameOf(CoreImage image, V8Heap heap, IsolateInfo isolate, int number) =>
        WorkerNames.Find(image, heap, isolate) ?? $"worker-{number - 1}";
}
