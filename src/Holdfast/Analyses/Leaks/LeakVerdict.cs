namespace Holdfast.Analyses.Leaks;

/// <summary>Whether what was found is a leak, and why.</summary>
internal static class LeakVerdict
{
    /// <summary>The heap must grow by this share in every interval for growth without a suspect to be worth a word.</summary>
    private const double Notable = 0.05;

    public static (Verdict Verdict, string Reason) Of(IReadOnlyList<LeakPoint> points, IReadOnlyList<Suspect> suspects, SeriesOrder order)
    {
        if (order.Same is not null) return (Verdict.Inconclusive, "two of the snapshots are the same, so nothing can be seen between them");
        string? first = suspects.Count == 0 ? null : $"{suspects[0].Constructor} at {suspects[0].Holder.Name}";
        if (!order.IsOneProcess)
        {
            return (Verdict.Inconclusive, first is null
                ? "the snapshots are of different processes, and no class has more objects in each"
                : $"the snapshots are of different processes; each has more {first}");
        }

        if (points.Count == 2)
        {
            return first is null
                ? (Verdict.NoLeak, "nothing accumulated between the two snapshots")
                : (Verdict.Inconclusive, $"there are more {first}, but one interval cannot tell a leak from a cache that fills: take a third snapshot after the same work");
        }

        if (first is not null) return (Verdict.Leak, $"there are more {first} after every interval, and they stay");
        return Grows(points)
            ? (Verdict.Inconclusive, "the heap grows in every interval, but nowhere do objects accumulate: code, V8's own or memory outside the heap")
            : (Verdict.NoLeak, "nowhere are there more objects after every interval");
    }

    private static bool Grows(IReadOnlyList<LeakPoint> points)
    {
        for (int i = 1; i < points.Count; i++)
        {
            if (points[i].TotalSize < points[i - 1].TotalSize * (1 + Notable)) return false;
        }

        return true;
    }
}
