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
    public static LeakReport Run(IReadOnlyList<string> names, Func<int, Heap> open, Work work) =>
        names.Count == 1 ? RunOne(open, work) : SnapshotSeries.Use(names, open, series => Run(series, work), work);

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

    private static LeakReport Run(SnapshotSeries series, Work work)
    {
        IReadOnlyList<Suspect> suspects = SuspectSearch.Run(series.Last, series.Points, series.Order.IsOneProcess, work);
        LeakPoint[] points = [.. series.Points.Zip(series.Inputs, (p, input) => new LeakPoint(input, p.NodeCount, p.TotalSize, p.Version, p.Labels.All))];
        (Verdict verdict, string reason) = LeakVerdict.Of(points, suspects, series.Order);
        return new LeakReport(verdict, reason, points, suspects);
    }
}
