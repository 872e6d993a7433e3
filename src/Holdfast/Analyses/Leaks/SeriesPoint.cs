using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>What a series keeps of one of its snapshots once its graph is gone.</summary>
internal sealed class SeriesPoint : IDisposable
{
    /// <summary>Containers with fewer entries are not kept.</summary>
    public const int LeastContainer = 3;

    private SeriesPoint(Heap heap, Work work)
    {
        NodeCount = heap.Graph.NodeCount;
        TotalSize = SizeOf(heap.Graph);
        Version = NodeVersion.Find(heap.Graph);
        Origin = heap.Graph.Origin;
        Identities = ObjectIdentities.Run(heap.Graph, work);
        Labels = LabelCounts.Run(heap, work);
        Counters = Counters.Run(heap.Graph, work);
        List<Container> containers = Analyses.Containers.Run(heap, LeastContainer, work);
        Containers = ContainerSizes.Of(heap.Graph, containers);
        Listeners = (int)Math.Min(int.MaxValue, containers.Where(c => c.Kind == ContainerKind.Listeners).Sum(c => (long)c.Size));
    }

    public int NodeCount { get; }

    /// <summary>Bytes of all nodes and what the producer counts outside the graph: what the root retains.</summary>
    public long TotalSize { get; }

    /// <summary>Version of Node, or null where it is not known.</summary>
    public string? Version { get; }

    /// <summary>The process it was read from, where its ids are addresses.</summary>
    public HeapOrigin? Origin { get; }

    public ObjectIdentities Identities { get; }

    public LabelCounts Labels { get; }

    public ContainerSizes Containers { get; }

    /// <summary>Listeners of all emitters and event targets that are kept.</summary>
    public int Listeners { get; }

    /// <summary>Counters that belong together, where values of numbers are in the snapshot.</summary>
    public Counters Counters { get; }

    /// <summary>Gives back what ids need, once ages are known from them.</summary>
    public void ReleaseIdentities() => Identities.Dispose();

    public static SeriesPoint Run(Heap heap, Work work) => new(heap, work);

    public void Dispose()
    {
        Identities.Dispose();
        Containers.Dispose();
    }

    private static long SizeOf(HeapGraph graph)
    {
        long sum = graph.ExtraNativeBytes;
        if (graph.SelfSizes.IsWide)
        {
            for (int node = 0; node < graph.NodeCount; node++) sum += (long)graph.SelfSizes[node];
            return sum;
        }

        foreach (uint size in graph.SelfSizes.Low.Span) sum += size;
        return sum;
    }
}
