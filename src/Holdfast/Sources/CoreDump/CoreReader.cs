using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.CoreDump.Graph;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump;

/// <summary>Reads a core dump as a graph: one isolate's heap, as V8's own snapshot of it would be.</summary>
internal static class CoreReader
{
    /// <param name="file">The open core; closed when done.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="options">The binary, the thread, whether garbage counts.</param>
    /// <param name="work">Progress, warnings and cancellation.</param>
    /// <exception cref="InputException">It is no core dump, or has no heap that can be read.</exception>
    public static HeapGraph Read(FileStream file, string name, CoreOptions options, Work work)
    {
        using CoreSession core = CoreSession.Open(file, name, options, work);
        return core.BuildGraph(work);
    }

    /// <summary>The graph of one isolate's heap.</summary>
    public static HeapGraph Build(
        CoreImage image, V8Heap heap, IReadOnlyList<IsolateInfo> isolates, IsolateInfo isolate, bool includeGarbage, Work work)
    {
        heap.CodeTable = CodeTable.Of(heap, isolate);
        List<RootEdge> roots = RootFinder.Run(image, heap, isolate, work);
        using Reachability reached = Reachability.Run(heap, isolate.Heap, roots.Where(r => !r.IsWeak).Select(r => r.Object), work);
        using BitColumn garbage = GarbageOf(heap, isolate, reached.Marked, out int count, out long bytes);
        var origin = new HeapOrigin(
            heap.Version.ToString(), image.ProcessKey, isolate.Name, [.. isolates.Select(i => i.Name)], count, bytes, heap.UnparsedBytes);
        return CoreGraph.Build(heap, roots, includeGarbage ? garbage : reached.Marked, reached.Marked, origin, work);
    }

    /// <summary>The objects that are reached and those of the isolate that are not; of the latter their number and bytes.</summary>
    private static BitColumn GarbageOf(V8Heap heap, IsolateInfo isolate, BitColumn reached, out int count, out long bytes)
    {
        var all = new BitColumn(reached.Length);
        reached.Words.CopyTo(all.Words);
        (count, bytes) = (0, 0);
        foreach (HeapPage page in heap.Pages.All)
        {
            if (page.Heap != isolate.Heap) continue;
            for (int i = page.FirstObject; i < page.EndObject; i++)
            {
                if (reached[i]) continue;
                all[i] = true;
                count++;
                bytes += 8L * heap.Objects.Sizes.Span[i];
            }
        }

        return all;
    }

    /// <summary>The isolate of a thread that was asked for, else the main one.</summary>
    public static IsolateInfo Choose(IReadOnlyList<IsolateInfo> isolates, string name, string? thread, Work work)
    {
        if (isolates.Count == 0)
        {
            throw new InputException($"{name}: there are V8's read-only pages in this core, and no heap of any thread. "
                + "A core must have the process's private memory (bit 0 of /proc/PID/coredump_filter; the usual 0x33 has it).");
        }

        if (thread is not null)
        {
            return isolates.FirstOrDefault(i => i.Name == thread || i.Number.ToString(System.Globalization.CultureInfo.InvariantCulture) == thread)
                ?? throw new InputException($"{name}: no thread {thread}. There are: {string.Join(", ", isolates.Select(i => i.Name))}.");
        }

        if (isolates.Count > 1)
            work.Warn($"{name}: this is the main thread's heap only. There are {isolates.Count - 1} more: {string.Join(", ", isolates.Skip(1).Select(i => i.Name))}; choose one with --thread.");
        return isolates[0];
    }
}
