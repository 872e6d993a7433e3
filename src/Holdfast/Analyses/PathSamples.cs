using System.Runtime.InteropServices;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>Single paths out of merged ones: first one of each branch that ends in objects, those with most first, then any.</summary>
internal static class PathSamples
{
    public static IReadOnlyList<PathSample> Run(
        Heap heap, NodeSet objects, PathSearch search, int reached, PathMerge merge, PathTotal[] totals, int limit)
    {
        if (limit == 0) return [];
        var chosen = new List<NodeIndex>();
        chosen.AddRange(totals.Where(t => t.Own > 0).OrderByDescending(t => t.Own).Take(limit).Select(t => t.OwnExample));
        var known = new HashSet<NodeIndex>(chosen);
        ReadOnlySpan<NodeIndex> order = search.Order[..reached];
        for (int i = 0; i < order.Length && chosen.Count < limit; i++)
        {
            if (objects.Contains(order[i]) && known.Add(order[i])) chosen.Add(order[i]);
        }

        return [.. chosen.Select(node => Describe(heap.Graph, search, merge, node))];
    }

    /// <summary>The way to one node, with rounds of steps that repeat folded.</summary>
    public static PathSample Describe(HeapGraph graph, PathSearch search, PathMerge merge, NodeIndex node)
    {
        List<NodeIndex> path = search.PathTo(node);
        var numbers = new List<int>(path.Count);
        for (int i = 1; i < path.Count; i++) numbers.Add(merge.StepNumber(path[i]));
        var steps = new List<PathStep>();
        foreach (StepFolding.Step step in StepFolding.Fold(CollectionsMarshal.AsSpan(numbers)))
        {
            NodeIndex at = path[step.Last + 1];
            int edge = (int)search.ParentEdge(at);
            int label = merge.EdgeLabels.Of(search.Parent(at), edge);
            string name = EdgeLabels.IsOwn(label) || step.Repeat > 1 ? merge.EdgeLabels.Text(label) : graph.EdgeName((EdgeIndex)edge);
            steps.Add(new PathStep(name, graph.EdgeTypeName((EdgeIndex)edge), 1, merge.NodeLabels.Text(at), at, step.Repeat));
        }

        return new PathSample(node, steps);
    }
}
