namespace Holdfast.Analyses.Leaks;

/// <summary>What became of a suspect.</summary>
public enum SuspectFate
{
    /// <summary>It does not grow any more.</summary>
    Fixed,

    /// <summary>It still grows.</summary>
    NotFixed,

    /// <summary>It grows faster than before.</summary>
    Worse,
}

/// <summary>Whether a fix worked.</summary>
public enum FixVerdict
{
    Fixed,
    NotFixed,
    Worse,

    /// <summary>There was no leak to fix, or the snapshots do not fit together.</summary>
    Inconclusive,
}

/// <summary>A suspect of the snapshots before, in those after.</summary>
/// <param name="Before">The suspect.</param>
/// <param name="After">The suspect at the same holder after, or null.</param>
/// <param name="CountsAfter">Objects with its constructor in each snapshot after.</param>
/// <param name="SizesAfter">Entries of the container with the same name in each snapshot after, or null where there is none.</param>
/// <param name="SlopeBefore">Objects left behind an interval before.</param>
/// <param name="SlopeAfter">Objects left behind an interval after, at the same holder; where nothing is left there, as its constructor grows.</param>
/// <param name="Fate">What became of it.</param>
public sealed record VerifiedSuspect(
    Suspect Before, Suspect? After, IReadOnlyList<int> CountsAfter, IReadOnlyList<int>? SizesAfter, double SlopeBefore, double SlopeAfter, SuspectFate Fate);

/// <summary>Things that a program should not keep more and more of, in each snapshot.</summary>
public sealed record KeptResource(string Name, IReadOnlyList<int> Before, IReadOnlyList<int> After);

/// <summary>What two series of snapshots say about a fix.</summary>
/// <param name="Verdict">Whether it worked.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Before">The series before.</param>
/// <param name="After">The series after.</param>
/// <param name="Suspects">The suspects before, and what became of them.</param>
/// <param name="NewSuspects">Suspects after that were none before.</param>
/// <param name="Resources">Listeners, timers, streams and the like.</param>
public sealed record VerificationReport(
    FixVerdict Verdict, string Reason, LeakReport Before, LeakReport After,
    IReadOnlyList<VerifiedSuspect> Suspects, IReadOnlyList<Suspect> NewSuspects, IReadOnlyList<KeptResource> Resources)
{
    /// <summary>Bytes the heap grew by in an interval, on average.</summary>
    public static double TotalSlope(LeakReport report) =>
        report.Points.Count < 2 ? 0 : (double)(report.Points[^1].TotalSize - report.Points[0].TotalSize) / (report.Points.Count - 1);
}

/// <summary>
/// Compares snapshots from before a fix with some from after it, taken under the same work. The processes are different ones, so
/// suspects are matched by their holders' names, not by paths or ids.
/// </summary>
public static class Verification
{
    /// <summary>A suspect is fixed if no more than this share of its growth is left, or so few objects that they count for nothing.</summary>
    private const double FixedShare = 0.1;

    /// <summary>More than this share of the growth before, and it is worse.</summary>
    private const double WorseShare = 1.2;

    /// <param name="before">Suspects and points before; at least two snapshots.</param>
    /// <param name="after">Suspects and points after; at least two snapshots.</param>
    public static VerificationReport Run(LeakReport before, LeakReport after)
    {
        var taken = new HashSet<Suspect>();
        var suspects = new List<VerifiedSuspect>();
        foreach (Suspect suspect in before.Suspects)
        {
            Suspect? match = after.Suspects.FirstOrDefault(s => !taken.Contains(s) && IsSameHolder(suspect, s));
            if (match is not null) taken.Add(match);
            suspects.Add(Compare(suspect, match, after));
        }

        Suspect[] fresh = [.. after.Suspects.Where(s => !taken.Contains(s))];
        (FixVerdict verdict, string reason) = Judge(before, after, suspects, fresh);
        return new VerificationReport(verdict, reason, before, after, suspects, fresh, Resources(before, after));
    }

    /// <summary>The same property or variable of the same owner; of native handles and the like, the same kind with the same constructor.</summary>
    private static bool IsSameHolder(Suspect a, Suspect b) => a.Holder.Edge.Length > 0
        ? a.Holder.Edge == b.Holder.Edge && a.Holder.Owner == b.Holder.Owner
        : a.Kind == b.Kind && a.Constructor == b.Constructor;

    private static VerifiedSuspect Compare(Suspect suspect, Suspect? match, LeakReport after)
    {
        int[] counts = [.. after.Points.Select(p => p.Labels.GetValueOrDefault(suspect.Label).Count)];
        double slopeBefore = suspect.GrowthPerInterval;
        IReadOnlyList<int>? sizes = match?.Holder.Sizes ?? after.HolderSizes.GetValueOrDefault(new HolderKey(suspect.Holder.Owner, suspect.Holder.Edge));
        double slopeAfter = match?.GrowthPerInterval ?? SlopeOf(suspect, counts, sizes);
        bool hasEnded = match is null && (slopeAfter <= FixedShare * slopeBefore || slopeAfter < GrowthRules.Few);
        SuspectFate fate = hasEnded ? SuspectFate.Fixed : slopeAfter > WorseShare * slopeBefore ? SuspectFate.Worse : SuspectFate.NotFixed;
        return new VerifiedSuspect(suspect, match, counts, sizes, slopeBefore, hasEnded ? 0 : slopeAfter, fate);
    }

    /// <summary>
    /// Growth in an interval where no suspect is at the holder any more: by the container's size where there is one, else by the
    /// number of objects of the class; 0 unless every interval adds to it. There are strings and functions everywhere, so
    /// their number says nothing.
    /// </summary>
    private static double SlopeOf(Suspect suspect, int[] counts, IReadOnlyList<int>? sizes)
    {
        bool isClass = !HolderNames.IsBuiltin(suspect.Label) && suspect.Label == suspect.Constructor;
        IReadOnlyList<int>? steps = sizes ?? (isClass ? counts : null);
        if (steps is null || steps.Zip(steps.Skip(1)).Any(s => s.Second <= s.First)) return 0;
        return (double)(steps[^1] - steps[0]) / Math.Max(1, steps.Count - 1);
    }

    private static (FixVerdict, string) Judge(LeakReport before, LeakReport after, List<VerifiedSuspect> suspects, Suspect[] fresh)
    {
        if (!before.FitTogether) return (FixVerdict.Inconclusive, $"of the snapshots before, {before.Reason}");
        if (!after.FitTogether) return (FixVerdict.Inconclusive, $"of the snapshots after, {after.Reason}");
        if (suspects.Count == 0) return (FixVerdict.Inconclusive, $"the snapshots before show no leak to fix: {before.Reason}");
        VerifiedSuspect[] worse = [.. suspects.Where(s => s.Fate == SuspectFate.Worse)];
        VerifiedSuspect[] left = [.. suspects.Where(s => s.Fate == SuspectFate.NotFixed)];
        if (worse.Length > 0) return (FixVerdict.Worse, $"{Describe(worse[0].Before)} grows faster than before");
        if (left.Length == suspects.Count) return (FixVerdict.NotFixed, $"{Describe(left[0].Before)} still grows");
        if (left.Length > 0) return (FixVerdict.NotFixed, $"{suspects.Count - left.Length} of {suspects.Count} suspects do not grow any more, but {Describe(left[0].Before)} does");
        if (fresh.Length > 0 && after.Points.Count > 2) return (FixVerdict.NotFixed, $"what grew before does not grow any more, but now {Describe(fresh[0])} does");
        if (fresh.Length > 0) return (FixVerdict.Fixed, "what grew before does not grow any more; what is new after may be a cache that fills: a third snapshot would tell");
        return (FixVerdict.Fixed, "what grew before does not grow any more, and nothing else does");
    }

    private static string Describe(Suspect s) => $"{s.Constructor} at {s.Holder.Name}";

    private static List<KeptResource> Resources(LeakReport before, LeakReport after)
    {
        (string Name, Func<LeakPoint, int> Count)[] all =
        [
            ("listeners", p => p.Listeners),
            ("timers", p => Count(p, "Timeout") + Count(p, "Immediate")),
            ("streams", p => Math.Max(Count(p, "ReadableState"), Count(p, "WritableState"))),
            ("promise reactions", p => Count(p, "system / PromiseReaction")),
        ];
        return [.. all.Select(r => new KeptResource(r.Name, [.. before.Points.Select(r.Count)], [.. after.Points.Select(r.Count)]))];

        static int Count(LeakPoint point, string label) => point.Labels.GetValueOrDefault(label).Count;
    }
}
