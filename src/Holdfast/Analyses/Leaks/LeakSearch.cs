using Holdfast.Common;

namespace Holdfast.Analyses.Leaks;

/// <summary>
/// Finds what accumulates over a series of snapshots of one process: objects that are new since an earlier point, by
/// id, still there and not weakly held; grouped by where on their shortest retaining paths their number grows in every
/// interval (<see cref="GrowthTree"/>, <see cref="Frontier"/>); named by what holds them there.
/// </summary>
public static class LeakSearch
{
    /// <summary>The last snapshot's graph is kept while the others, one after another, are loaded and let go.</summary>
    /// <param name="count">How many snapshots there are, at least 2.</param>
    /// <param name="open">Opens the snapshot at a place from 0.</param>
    /// <param name="work">Progress and cancellation.</param>
    public static LeakReport Run(int count, Func<int, Heap> open, Work work)
    {
        using Heap last = open(count - 1);
        var points = new SeriesPoint[count];
        try
        {
            points[^1] = SeriesPoint.Run(last, work);
            for (int place = 0; place < count - 1; place++)
            {
                using Heap heap = open(place);
                heap.ClassifyLike(last.Classes);
                points[place] = SeriesPoint.Run(heap, work);
            }

            IReadOnlyList<Suspect> suspects = SuspectSearch.Run(last, points, work);
            LeakPoint[] shown = [.. points.Select((p, i) => new LeakPoint(i, p.NodeCount, p.TotalSize, p.Version))];
            (Verdict verdict, string reason) = Judge(shown, suspects);
            return new LeakReport(verdict, reason, shown, suspects);
        }
        finally
        {
            foreach (SeriesPoint? point in points) point?.Dispose();
        }
    }

    private static (Verdict, string) Judge(IReadOnlyList<LeakPoint> points, IReadOnlyList<Suspect> suspects)
    {
        if (suspects.Count == 0) return (Verdict.NoLeak, "no place holds more objects after every interval");
        if (points.Count == 2) return (Verdict.Inconclusive, "one interval cannot tell a leak from a cache that is filling: take a third snapshot after the same work");
        return (Verdict.Leak, $"{suspects[0].Holder.Name} holds more after every interval");
    }
}
