namespace Holdfast.Analyses.Leaks;

/// <summary>Whether a series of snapshots shows a leak.</summary>
public enum Verdict
{
    Leak,
    NoLeak,
    Inconclusive,
}

/// <summary>One snapshot of a series.</summary>
/// <param name="Input">Its place among the inputs as they were given.</param>
/// <param name="NodeCount">Nodes in its graph.</param>
/// <param name="TotalSize">Bytes of everything its root retains, and the producer's extra native bytes.</param>
/// <param name="Version">The version of Node that wrote it, or null where it does not say.</param>
/// <param name="Listeners">Listeners of all emitters and event targets that have at least 3.</param>
/// <param name="Labels">Objects by constructor, functions by name and <c>()</c>.</param>
public sealed record LeakPoint(int Input, int NodeCount, long TotalSize, string? Version, int Listeners, IReadOnlyDictionary<string, LabelCount> Labels)
{
    internal static IReadOnlyList<LeakPoint> Of(SnapshotSeries series) =>
        [.. series.Points.Zip(series.Inputs, (p, input) => new LeakPoint(input, p.NodeCount, p.TotalSize, p.Version, p.Listeners, p.Labels.All))];
}

/// <summary>What a series of snapshots says about leaks.</summary>
/// <param name="Verdict">Whether there is one.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Points">The snapshots, in order.</param>
/// <param name="Suspects">What accumulates, most bytes first.</param>
/// <param name="HolderSizes">Entries in each snapshot of the containers that were asked for by name, suspects or not.</param>
public sealed record LeakReport(
    Verdict Verdict, string Reason, IReadOnlyList<LeakPoint> Points, IReadOnlyList<Suspect> Suspects, IReadOnlyDictionary<HolderKey, IReadOnlyList<int>> HolderSizes)
{
    /// <summary>Whether the snapshots are different ones of one process; else nothing can be concluded from them.</summary>
    public bool FitTogether { get; init; } = true;
}

/// <summary>What names a holder in every process: a property of a class, a variable of a file.</summary>
public readonly record struct HolderKey(string Owner, string Edge);
