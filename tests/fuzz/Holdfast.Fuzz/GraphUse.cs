using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.Snapshot;

namespace Holdfast.Fuzz;

/// <summary>Computes all there is from a graph, writes it and reads it back.</summary>
internal static class GraphUse
{
    /// <returns>What there is in it. The graph is disposed.</returns>
    public static string Run(HeapGraph graph, Work work)
    {
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
