using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.Snapshot;

namespace Holdfast.Fuzz;

/// <summary>Reads bytes as a snapshot and computes all there is from the graph.</summary>
internal static class SnapshotTarget
{
    /// <returns>What came of it: a graph, or the error a user would see.</returns>
    /// <exception cref="Exception">Anything but an <see cref="InputException"/> is a bug.</exception>
    public static string Run(byte[] text)
    {
        // One thread: a fuzzer wants the same way through the code for the same bytes.
        var work = new Work(threads: 1);
        HeapGraph graph;
        try
        {
            graph = SnapshotReader.Read(new MemoryStream(text), "fuzzed", text.Length, work);
        }
        catch (InputException e)
        {
            return e.Message;
        }

        using var heap = new Heap(graph, work);
        int classes = ClassTable.Run(heap, work).Count;
        _ = HeapStatistics.Run(heap, work);
        _ = NativeContextSizes.Run(heap, work);
        _ = DominatorList.Biggest(heap, graph.Root, 10, work);
        _ = heap.Retainers;
        for (int node = 0; node < Math.Min(1000, graph.NodeCount); node++) _ = heap.Names[(NodeIndex)node];
        CheckWriting(graph, work);
        return $"{graph.NodeCount} nodes, {graph.EdgeCount} edges, {classes} classes, {heap.TotalSize} bytes";
    }

    /// <summary>What is written reads back, and is written the same again.</summary>
    private static void CheckWriting(HeapGraph graph, Work work)
    {
        byte[] first = Write(graph, work);
        using HeapGraph back = SnapshotReader.Read(new MemoryStream(first), "written", first.Length, work);
        if (!Write(back, work).AsSpan().SequenceEqual(first)) throw new InvalidOperationException("what was written reads back as another graph");
    }

    private static byte[] Write(HeapGraph graph, Work work)
    {
        using var text = new MemoryStream();
        SnapshotWriter.Write(graph, text, work);
        return text.ToArray();
    }
}
