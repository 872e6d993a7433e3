using System.Runtime.InteropServices;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>
/// Suspects of a single snapshot, as Eclipse MAT finds them: going down the dominator tree from every large object, always to
/// the largest below, the accumulation point is where the size is spread over many. What is most of it is the suspect.
/// Also classes that are large together though no one object holds them.
/// </summary>
internal static class AccumulationPoints
{
    /// <summary>Share of the heap that makes an object, or all objects of a class below the roots, a suspect.</summary>
    private const double LargeShare = 0.05;

    /// <summary>As long as the largest object below keeps this share of the size, the way goes on to it.</summary>
    private const double FollowShare = 0.7;

    /// <summary>Fewer objects of a class do not accumulate.</summary>
    private const int LeastObjects = 10;

    private const int MostSuspects = 10;

    /// <summary>Objects of one label right below one dominator.</summary>
    private record struct Heaped(int Count, long Bytes, NodeIndex Example);

    public static IReadOnlyList<Suspect> Run(Heap heap, LabelCounts labels, Work work)
    {
        ReadOnlySpan<NodeIndex> order = heap.Dominators.Order;
        ReadOnlySpan<int> parents = heap.Dominators.Parents;
        long large = (long)(heap.TotalSize * LargeShare);
        var program = new ProgramNodes(heap.Graph);
        int[] points = FindPoints(heap, order, parents, large);
        Dictionary<(int Point, long Label), Heaped> heaped = Collect(heap, order, parents, points, program, work);

        using V8Noise noise = V8Noise.Run(heap.Graph, work);
        using PathSearch search = PathSearch.Run(heap, noise, work);
        using var none = new NodeSet(new BitColumn(heap.Graph.NodeCount), "");
        using PathMerge merge = PathMerge.Run(heap, none, search, search.ReachedWithoutNoise, PathMerge.FoldedNames, work);
        var locations = new SourceLocations(heap.Graph, work);
        var holders = new UnitHolders(heap, search, merge, locations, work);
        var describer = new SuspectDescriber(heap, merge, locations);
        var ranks = new NameRanks(heap);
        var suspects = new List<Suspect>();
        foreach (var point in heaped.Where(h => h.Value.Bytes >= large && h.Value.Count >= LeastObjects
                && ranks[h.Value.Example] >= NameRank.Kind && search.IsReached(h.Value.Example))
            .OrderByDescending(h => h.Value.Bytes).Take(MostSuspects))
        {
            Heaped here = point.Value;
            long label = point.Key.Label;
            var unit = new GrowingUnit(-1, label, [here.Count], [here.Bytes], here.Example);
            HeldUnit held = holders.Find(unit, new UnitContent(label, ranks[here.Example], here.Example), n => merge.NodeLabels.Of(n) == label);
            if (held.Recogniser.IsBounded) continue;
            var figures = new SuspectFigures([labels[merge.NodeLabels.Text(here.Example)]], [], here.Bytes, here.Bytes, null, []);
            suspects.Add(describer.Describe(held, figures, null, suspects.Count + 1));
        }

        return suspects;
    }

    /// <summary>Places, in the dominator tree's order, of accumulation points; the root's is one.</summary>
    private static int[] FindPoints(Heap heap, ReadOnlySpan<NodeIndex> order, ReadOnlySpan<int> parents, long large)
    {
        var largest = new int[order.Length];
        for (int place = 1; place < order.Length; place++)
        {
            ref int best = ref largest[parents[place]];
            if (best == 0 || heap.Retained[order[place]] > heap.Retained[order[best]]) best = place;
        }

        var points = new HashSet<int> { 0 };
        for (int place = 1; place < order.Length; place++)
        {
            if (heap.Retained[order[place]] < large) continue;
            int at = place;
            while (largest[at] != 0 && heap.Retained[order[largest[at]]] >= FollowShare * heap.Retained[order[at]]) at = largest[at];
            points.Add(at);
        }

        return [.. points.Order()];
    }

    private static Dictionary<(int Point, long Label), Heaped> Collect(
        Heap heap, ReadOnlySpan<NodeIndex> order, ReadOnlySpan<int> parents, int[] points, ProgramNodes program, Work work)
    {
        var labels = new NodeLabels(heap);
        var isPoint = new HashSet<int>(points);
        var heaped = new Dictionary<(int, long), Heaped>();
        for (int place = 1; place < order.Length; place++)
        {
            work.ThrowIfCancelled(place);
            if (!isPoint.Contains(parents[place]) || !program.CanAccumulate(order[place])) continue;
            NodeIndex node = order[place];
            ref Heaped here = ref CollectionsMarshal.GetValueRefOrAddDefault(heaped, (parents[place], labels.Of(node)), out bool known);
            here = new Heaped(here.Count + 1, here.Bytes + heap.Retained[node], known ? here.Example : node);
        }

        return heaped;
    }
}
