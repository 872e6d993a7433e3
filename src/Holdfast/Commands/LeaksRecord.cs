using Holdfast.Analyses.Leaks;

namespace Holdfast.Commands;

/// <summary>The answer of <c>leaks</c>. Sizes are bytes; lists have one value a snapshot, or one an interval where said so.</summary>
/// <param name="Verdict">leak, no_leak or inconclusive.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Snapshots">What was looked at, in order.</param>
/// <param name="Suspects">Leak candidates, the largest first.</param>
/// <param name="SuspectCount">How many there are in all.</param>
/// <param name="Budget">What was checked, where a budget was given.</param>
public sealed record LeaksRecord(
    string Verdict, string Reason, IReadOnlyList<SeriesSnapshotRecord> Snapshots, IReadOnlyList<SuspectRecord> Suspects, int SuspectCount,
    IReadOnlyList<BudgetCheck>? Budget)
{
    public static LeaksRecord From(LeakReport report, IReadOnlyList<string> paths, int limit, IReadOnlyList<BudgetCheck>? budget) => new(
        VerdictNames.Of(report.Verdict), report.Reason, SeriesSnapshotRecord.From(report.Points, paths),
        [.. report.Suspects.Take(limit).Select(SuspectRecord.From)], report.Suspects.Count, budget);
}

/// <summary>A snapshot of a series.</summary>
/// <param name="Path">Its file.</param>
/// <param name="NodeCount">Nodes in its graph.</param>
/// <param name="TotalSize">What its root retains, and the producer's extra native bytes.</param>
/// <param name="NodeVersion">The version of Node that wrote it, where it says so.</param>
public sealed record SeriesSnapshotRecord(string Path, int NodeCount, long TotalSize, string? NodeVersion)
{
    public static IReadOnlyList<SeriesSnapshotRecord> From(IReadOnlyList<LeakPoint> points, IReadOnlyList<string> paths) =>
        [.. points.Select(p => new SeriesSnapshotRecord(paths[p.Input], p.NodeCount, p.TotalSize, p.Version))];
}

/// <summary>A leak candidate.</summary>
/// <param name="Rank">Its place, from 1.</param>
/// <param name="Constructor">What grows.</param>
/// <param name="Kind">How it is held: the recogniser's name.</param>
/// <param name="Counts">Objects with this constructor in each snapshot.</param>
/// <param name="Growth">Of those held here, how many each interval left behind.</param>
/// <param name="GrowthPerInterval">The same on average.</param>
/// <param name="Trend">steady, rising, slowing, or once where there is one interval.</param>
/// <param name="RetainedGrowth">Bytes, new since the first snapshot, that only these objects keep.</param>
/// <param name="ReachedGrowth">Bytes, new since the first snapshot, found below them, also where other suspects keep them too.</param>
/// <param name="Holder">What keeps them.</param>
/// <param name="Path">From the root to one of them; rounds of the same steps are one, with how often.</param>
/// <param name="HolderStep">The place in the path of the step that leads to the holder.</param>
/// <param name="Location">Where the constructor, or the function that keeps it, stands.</param>
/// <param name="AllocatedBy">Functions on the stack when one of them was allocated, where that was tracked.</param>
/// <param name="Classes">What else stays behind with them.</param>
/// <param name="AlsoHeldBy">What else holds most of these objects, where something does.</param>
/// <param name="Explanation">Two sentences.</param>
/// <param name="Notes">What is known of objects of this kind.</param>
public sealed record SuspectRecord(
    int Rank, string Constructor, string Kind, IReadOnlyList<int> Counts, IReadOnlyList<int> Growth, double GrowthPerInterval, string Trend,
    long RetainedGrowth, long ReachedGrowth, HolderRecord Holder, IReadOnlyList<PathStepRecord> Path, int HolderStep, LocationRecord? Location,
    IReadOnlyList<FrameRecord>? AllocatedBy, IReadOnlyList<SuspectClassRecord> Classes, string? AlsoHeldBy, string Explanation,
    IReadOnlyList<SuspectNoteRecord> Notes)
{
    public static SuspectRecord From(Suspect s) => new(
        s.Rank, s.Constructor, s.Kind, s.Counts, s.Born, s.GrowthPerInterval, VerdictNames.Of(s.Trend), s.RetainedGrowth, s.ReachedGrowth,
        HolderRecord.From(s.Holder), [.. s.Path.Select(Step)], s.HolderStep, LocationRecord.From(s.Location),
        s.AllocatedBy.Count == 0 ? null : [.. s.AllocatedBy.Select(FrameRecord.From)],
        [.. s.Classes.Select(c => new SuspectClassRecord(c.Name, c.Count, c.Bytes))], s.AlsoHeldBy, s.Explanation,
        [.. s.Notes.Select(n => new SuspectNoteRecord(n.Kind, n.Text))]);

    private static PathStepRecord Step(SuspectStep s) =>
        new(s.EdgeType, s.Edge, s.NodeType, s.Node, s.Id, LocationRecord.From(s.Location), s.Repeat);
}

/// <summary>What keeps a suspect's objects; sizes are entries in each snapshot, where they can be counted.</summary>
public sealed record HolderRecord(ulong NodeId, string Name, string Edge, string Owner, IReadOnlyList<int>? Sizes)
{
    public static HolderRecord From(Holder h) => new(h.NodeId, h.Name, h.Edge, h.Owner, h.Sizes);
}

/// <summary>What a recogniser of objects says.</summary>
public sealed record SuspectNoteRecord(string Kind, string Text);

/// <summary>Objects that stay behind together with a suspect's.</summary>
public sealed record SuspectClassRecord(string Name, int Count, long Bytes);
