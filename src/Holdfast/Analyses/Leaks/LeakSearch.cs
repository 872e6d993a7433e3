using Holdfast.Common;

namespace Holdfast.Analyses.Leaks;

/// <summary>
/// Finds what accumulates over a series of snapshots of one process: objects that are new since an earlier point, by
/// id, still there and not weakly held; grouped by where on their shortest retaining paths their number grows in every
/// interval (<see cref="GrowthTree"/>, <see cref="Frontier"/>); named by what holds them there (<see cref="RecogniserList"/>).
/// </summary>
public static class LeakSearch
{
    /// <param name="names">What the snapshots are called in messages, oldest first.</param>
    /// <param name="open">Opens the snapshot at a place from 0.</param>
    /// <param name="work">Progress, cancellation, and warnings about snapshots that do not fit together.</param>
    /// <param name="holders">Holders whose sizes are wanted in any case.</param>
    public static LeakReport Run(IReadOnlyList<string> names, Func<int, Heap> open, Work work, IReadOnlySet<HolderKey>? holders = null) =>
        names.Count == 1 ? RunOne(open, work) : SnapshotSeries.Use(names, open, series => Run(series, holders ?? new HashSet<HolderKey>(), work), work);

    private static LeakReport RunOne(Func<int, Heap> open, Work work)
    {
        using Heap heap = open(0);
        heap.Prepare();
        LabelCounts labels = LabelCounts.Run(heap, work);
        IReadOnlyList<Suspect> suspects = AccumulationPoints.Run(heap, labels, work);
        string found = suspects.Count == 0 ? "nothing in it stands out" : $"most is at {suspects[0].Holder.Name}";
        return new LeakReport(
            Verdict.Inconclusive, $"one snapshot shows what is there, not what grows; {found}: take two more after the same work",
            [new LeakPoint(0, heap.Graph.NodeCount, heap.TotalSize, NodeVersion.Find(heap.Graph), 0, labels.All)], suspects,
            new Dictionary<HolderKey, IReadOnlyList<int>>());
    }

    private static LeakReport Run(SnapshotSeries series, IReadOnlySet<HolderKey> holders, Work work)
    {
        (IReadOnlyList<Suspect> suspects, IReadOnlyDictionary<HolderKey, IReadOnlyList<int>> sizes) =
            SuspectSearch.Run(series.Last, series.Points, series.Order, holders, work);
        IReadOnlyList<LeakPoint> points = LeakPoint.Of(series);
        (Verdict verdict, string reason) = LeakVerdict.Of(points, suspects, series.Order);
        return new LeakReport(verdict, reason, points, suspects, sizes) { FitTogether = series.Order.IsOneProcess && series.Order.Same is null };
    }
}
