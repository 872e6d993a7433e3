using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>
/// Containers that grow by entries no snapshot shows: numbers in an array, small integers in a Map, a Set or an object
/// used as a map. Only their backing stores tell, which grow in steps: those count that are larger in every snapshot.
/// </summary>
internal static class StoreGrowth
{
    /// <summary>Bytes by which a store must grow in every interval.</summary>
    public const long LeastBytes = 512;

    /// <summary>A larger share of slots that lead to objects, and the objects are what grows.</summary>
    private const double MostShown = 0.25;

    private const int SlotBytes = 8;

    /// <returns>The stores, with slots and bytes by age.</returns>
    public static List<GrowingUnit> Find(Heap heap, IReadOnlyList<SeriesPoint> points, Work work)
    {
        var found = new List<GrowingUnit>();
        foreach (Container container in Containers.Run(heap, int.MaxValue, work))
        {
            if (container.Kind == ContainerKind.WeakMap || Shows(container)) continue;
            ulong id = heap.Graph.Ids[(int)container.Node];
            long[] bytes = [.. points.Select(p => p.Containers.Bytes(id))];
            if (bytes[0] == 0 || !IsRising(bytes) || LargestStore(heap.Graph, container.Node) is not { } store) continue;
            var counts = new int[points.Count];
            var grown = new long[points.Count];
            for (int age = 0; age < bytes.Length; age++)
            {
                grown[age] = age == 0 ? 0 : bytes[age] - bytes[age - 1];
                counts[age] = (int)Math.Min(int.MaxValue, (age == 0 ? bytes[0] : grown[age]) / SlotBytes);
            }

            found.Add(new GrowingUnit(-1, -1, counts, grown, store));
        }

        return found;
    }

    /// <summary>
    /// Whether the snapshot shows what the container holds. A table that shows any entry is not looked at: where entries come
    /// and go, tables grow and shrink with what was deleted.
    /// </summary>
    private static bool Shows(Container container) =>
        container.Kind == ContainerKind.Array ? container.Size * SlotBytes > MostShown * container.Bytes : container.Size > 0;

    private static bool IsRising(long[] bytes)
    {
        for (int i = 1; i < bytes.Length; i++)
        {
            if (bytes[i] - bytes[i - 1] < LeastBytes) return false;
        }

        return true;
    }

    private static NodeIndex? LargestStore(HeapGraph graph, NodeIndex container)
    {
        NodeIndex? largest = null;
        foreach (Edge edge in graph[container].Edges)
        {
            if (edge.Type == EdgeType.Internal && graph.NodeTypes[(int)edge.Target] == NodeType.Array
                && (largest is null || graph[edge.Target].SelfSize > graph[largest.Value].SelfSize)) largest = edge.Target;
        }

        return largest;
    }
}
