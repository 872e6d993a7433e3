using Holdfast.Analyses.Leaks;

namespace Holdfast.Commands;

/// <summary>The answer of <c>verify</c>. Sizes are bytes; lists have one value a snapshot.</summary>
/// <param name="Verdict">fixed, not_fixed, worse or inconclusive.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Before">Snapshots from before.</param>
/// <param name="After">Snapshots from after.</param>
/// <param name="TotalSlopeBefore">Bytes the heap grew by in an interval before.</param>
/// <param name="TotalSlopeAfter">The same after.</param>
/// <param name="Suspects">Suspects of before and what became of them.</param>
/// <param name="SuspectCount">How many there are in all.</param>
/// <param name="NewSuspects">Suspects of after that were none before.</param>
/// <param name="NewSuspectCount">How many there are in all.</param>
/// <param name="Resources">Listeners, timers, streams and the like.</param>
public sealed record VerifyRecord(
    string Verdict, string Reason, IReadOnlyList<SeriesSnapshotRecord> Before, IReadOnlyList<SeriesSnapshotRecord> After,
    double TotalSlopeBefore, double TotalSlopeAfter, IReadOnlyList<VerifiedSuspectRecord> Suspects, int SuspectCount,
    IReadOnlyList<SuspectRecord> NewSuspects, int NewSuspectCount, IReadOnlyList<ResourceRecord> Resources)
{
    public static VerifyRecord From(VerificationReport report, IReadOnlyList<string> before, IReadOnlyList<string> after, int limit) => new(
        VerdictNames.Of(report.Verdict), report.Reason, SeriesSnapshotRecord.From(report.Before.Points, before), SeriesSnapshotRecord.From(report.After.Points, after),
        Math.Round(VerificationReport.TotalSlope(report.Before), 1), Math.Round(VerificationReport.TotalSlope(report.After), 1),
        [.. report.Suspects.Take(limit).Select(VerifiedSuspectRecord.From)], report.Suspects.Count,
        [.. report.NewSuspects.Take(limit).Select(SuspectRecord.From)], report.NewSuspects.Count, [.. report.Resources.Select(r => new ResourceRecord(r.Name, r.Before, r.After))]);
}

/// <summary>A suspect of before, and what became of it.</summary>
/// <param name="Status">fixed, not_fixed or worse.</param>
/// <param name="Constructor">What grew.</param>
/// <param name="Kind">How it was held.</param>
/// <param name="Holder">What kept it.</param>
/// <param name="CountsBefore">Objects with the constructor in each snapshot before.</param>
/// <param name="CountsAfter">The same after.</param>
/// <param name="GrowthPerIntervalBefore">Objects an interval left behind before.</param>
/// <param name="GrowthPerIntervalAfter">The same after.</param>
/// <param name="SizesAfter">Entries of the same container after, where there is one.</param>
/// <param name="After">The suspect at the same holder after, where there is one.</param>
public sealed record VerifiedSuspectRecord(
    string Status, string Constructor, string Kind, HolderRecord Holder, IReadOnlyList<int> CountsBefore, IReadOnlyList<int> CountsAfter,
    double GrowthPerIntervalBefore, double GrowthPerIntervalAfter, IReadOnlyList<int>? SizesAfter, SuspectRecord? After)
{
    public static VerifiedSuspectRecord From(VerifiedSuspect s) => new(
        VerdictNames.Of(s.Fate), s.Before.Constructor, s.Before.Kind, HolderRecord.From(s.Before.Holder), s.Before.Counts, s.CountsAfter,
        s.SlopeBefore, Math.Round(s.SlopeAfter, 1), s.SizesAfter, s.After is null ? null : SuspectRecord.From(s.After));
}

/// <summary>Something a program should not keep more and more of, in each snapshot.</summary>
public sealed record ResourceRecord(string Name, IReadOnlyList<int> Before, IReadOnlyList<int> After);
