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
        using CoreImage image = CoreImage.Open(file, name, options.Program, work);
        using V8Heap heap = HeapReader.Read(image, options.Force, work);
        IReadOnlyList<IsolateInfo> isolates = IsolateFinder.Find(image, heap);
        IsolateInfo isolate = Choose(isolates, name, options.Thread, work);
        heap.CodeTable = CodeTable.Of(heap, isolate);
        VersionTable table = VersionTable.Nearest(image.Version);
        List<RootEdge> roots = RootFinder.Run(image, heap, isolate, table, work);
        using Reachability reached = Reachability.Run(heap, roots.Where(r => !r.IsWeak).Select(r => r.Object), work);
        return CoreGraph.Build(heap, roots, reached.Marked, reached.Marked, work);
    }

    private static IsolateInfo Choose(IReadOnlyList<IsolateInfo> isolates, string name, string? thread, Work work)
    {
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
