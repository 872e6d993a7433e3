using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>Containers that are asked for by owner and property, with their sizes in each snapshot.</summary>
internal static class WantedHolders
{
    /// <returns>Sizes by holder; of several containers with one name the sum. Names that no container has are left out.</returns>
    public static IReadOnlyDictionary<HolderKey, IReadOnlyList<int>> Find(
        Heap heap, IReadOnlyList<SeriesPoint> points, IReadOnlySet<HolderKey> wanted, ContainerNames names, PathSearch search, Work work)
    {
        var sizes = new Dictionary<HolderKey, IReadOnlyList<int>>();
        HashSet<string> edges = [.. wanted.Select(w => w.Edge).Where(e => e.Length > 0)];
        if (edges.Count == 0) return sizes;
        foreach (Container container in Containers.Run(heap, 1, work))
        {
            if (!search.IsReached(container.Node) || search.IsRoot(container.Node) || !edges.Contains(EdgeTo(heap.Graph, search, container.Node))) continue;
            HolderName name = names.Of(container.Node);
            var key = new HolderKey(name.Owner, name.Edge);
            if (!wanted.Contains(key)) continue;
            ulong id = heap.Graph.Ids[(int)container.Node];
            int[] here = [.. points.Select((p, i) => i == points.Count - 1 ? container.Size : p.Containers.Find(id, container.Kind).Size)];
            sizes[key] = sizes.TryGetValue(key, out IReadOnlyList<int>? before) ? [.. before.Zip(here, (a, b) => a + b)] : here;
        }

        return sizes;
    }

    private static string EdgeTo(HeapGraph graph, PathSearch search, NodeIndex node) => graph.EdgeName(search.ParentEdge(node));
}
