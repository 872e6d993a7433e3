using Holdfast.Common;

namespace Holdfast.Analyses.Leaks;

/// <summary>
/// Finds what accumulates over a series of snapshots of one process: objects that are new since an earlier point, by
/// id, still there and not weakly held; grouped by where on their shortest retaining paths their number grows in every
/// interval (<see cref="GrowthTree"/>, <see cref="Frontier"/>); named by what holds them there (<see cref="RecogniserList"/>).
/// </summary>
public static class LeakSearch
{
    /// <summary>The last snapshot's graph is kept while the others, one after another, are loaded and let go.</summary>
    /// <param name="names">What the snapshots are called in messages, oldest first.</param>
    /// <param name="open">Opens the snapshot at a place from 0.</param>
    /// <param name="work">Progress, cancellation, and warnings about snapshots that do not fit together.</param>
    public static LeakReport Run(IReadOnlyList<string> names, Func<int, Heap> open, Work work)
    {
        if (names.Count == 1) return RunOne(open, work);
        return Run(names, open, [.. Enumerable.Range(0, names.Count)], work);
    }

    private static LeakReport RunOne(Func<int, Heap> open, Work work)
    {
        using Heap heap = open(0);
        heap.Prepare();
        LabelCounts labels = LabelCounts.Run(heap, work);
        IReadOnlyList<Suspect> suspects = AccumulationPoints.Run(heap, labels, work);
        string found = suspects.Count == 0 ? "nothing in it stands out" : $"most is at {suspects[0].Holder.Name}";
        return new LeakReport(
            Verdict.Inconclusive, $"one snapshot shows what is there, not what grows; {found}: take two more after the same work",
            [new LeakPoint(0, heap.Graph.NodeCount, heap.TotalSize, NodeVersion.Find(heap.Graph), labels.All)], suspects);
    }

    private static LeakReport Run(IReadOnlyList<string> names, Func<int, Heap> open, IReadOnlyList<int> inputs, Work work)
    {
        var points = new SeriesPoint?[inputs.Count];
        try
        {
            using (Heap last = open(inputs[^1]))
            {
                for (int place = 0; place < inputs.Count - 1; place++)
                {
                    using Heap heap = open(inputs[place]);
                    heap.ClassifyLike(last.Classes);
                    points[place] = SeriesPoint.Run(heap, work);
                }

                points[^1] = SeriesPoint.Run(last, work);
                SeriesPoint[] series = [.. points.OfType<SeriesPoint>()];
                SeriesOrder order = SeriesOrder.Run(series);
                if (!order.IsOneProcess || order.IsInOrder)
                {
                    Warn(names, inputs, series, order, work);
                    IReadOnlyList<Suspect> suspects = SuspectSearch.Run(last, series, order.IsOneProcess, work);
                    LeakPoint[] shown = [.. series.Zip(inputs, (p, input) => new LeakPoint(input, p.NodeCount, p.TotalSize, p.Version, p.Labels.All))];
                    (Verdict verdict, string reason) = LeakVerdict.Of(shown, suspects, order);
                    return new LeakReport(verdict, reason, shown, suspects);
                }

                inputs = [.. order.Order.Select(place => inputs[place])];
            }
        }
        finally
        {
            foreach (SeriesPoint? point in points) point?.Dispose();
        }

        work.Warn($"by their object ids the snapshots were taken in another order; they are used in this one: {string.Join(", ", inputs.Select(i => names[i]))}.");
        return Run(names, open, inputs, work);
    }

    private static void Warn(IReadOnlyList<string> names, IReadOnlyList<int> inputs, SeriesPoint[] points, SeriesOrder order, Work work)
    {
        string[] versions = [.. points.Select(p => p.Version).OfType<string>().Distinct()];
        if (versions.Length > 1) work.Warn($"the snapshots were written by different versions of Node: {string.Join(", ", points.Select(p => p.Version ?? "unknown"))}.");
        if (order.Same is { } same) work.Warn($"{names[inputs[same.First]]} and {names[inputs[same.Second]]} hold the same objects: the same snapshot twice?");
        if (!order.IsOneProcess)
        {
            work.Warn("the snapshots come from different processes: objects cannot be told apart by id, so classes and their holders are compared "
                + "by number. What differs may be what the processes were doing.");
        }
    }
}
