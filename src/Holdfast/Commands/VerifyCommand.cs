using System.Text.Json.Serialization.Metadata;
using Holdfast.Analyses.Leaks;
using Holdfast.Common;
using Holdfast.Reports;

namespace Holdfast.Commands;

/// <summary>Did the fix work.</summary>
public sealed class VerifyCommand : Command
{
    public override string Name => "verify";

    public override string Summary => "did the fix work: the suspects of before in the snapshots of after, slopes, counts, exit code";

    public override string Description =>
        "Takes two series of snapshots, from before and from after a fix, each of one process and oldest first, taken under the same work. "
        + "Suspects of before are looked for after by their holder (the property or variable that keeps them), since ids and paths differ "
        + "between processes: fixed if they grow no more, not fixed, or worse. Also told: how the whole heap grows, listeners, timers, "
        + "streams and promise reactions that are kept, and what grows only after. Exit code 0 means fixed, 1 anything else.";

    public override string Example =>
        "holdfast verify --before samples/leaky-t0.heapsnapshot.zst samples/leaky-t1.heapsnapshot.zst samples/leaky-t2.heapsnapshot.zst "
        + "--after samples/fixed-t0.heapsnapshot.zst samples/fixed-t1.heapsnapshot.zst samples/fixed-t2.heapsnapshot.zst";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        new("before", ParameterKind.Text, "two or more snapshots from before the fix, oldest first") { IsInput = true, AtLeast = 2, AtMost = LeaksCommand.MostSnapshots },
        new("after", ParameterKind.Text, "two or more snapshots from after the fix, oldest first") { IsInput = true, AtLeast = 2, AtMost = LeaksCommand.MostSnapshots },
        Parameter.Limit(10),
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.VerifyRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        IReadOnlyList<string> before = Series(arguments, "before"), after = Series(arguments, "after");
        SeriesInputs.Check([.. before, .. after]);
        LeakReport was = LeakSearch.Run(before, place => context.Open(before[place]), context.Work);
        HashSet<HolderKey> holders = [.. was.Suspects.Select(s => new HolderKey(s.Holder.Owner, s.Holder.Edge))];
        LeakReport now = LeakSearch.Run(after, place => context.Open(after[place]), context.Work, holders);
        VerificationReport report = Verification.Run(was, now);
        VerifyRecord record = VerifyRecord.From(report, before, after, arguments.Limit());
        return new CommandResult(record, BuildReport(record)) { Found = report.Verdict != FixVerdict.Fixed };
    }

    private static IReadOnlyList<string> Series(Arguments arguments, string name)
    {
        IReadOnlyList<string> paths = arguments.Texts(name);
        return paths.Count >= 2 ? paths : throw new InputException($"--{name}: {paths.Count} given, expected two or more snapshots: --before A B C --after A B C.");
    }

    private static Report BuildReport(VerifyRecord record)
    {
        var blocks = new List<ReportBlock>
        {
            new TextBlock(record.Verdict.Replace('_', ' ').ToUpperInvariant(), char.ToUpperInvariant(record.Reason[0]) + record.Reason[1..] + "."),
            new TableBlock("Growth in an interval", ["", "before", "after"],
            [
                [Cell.Text("whole heap"), Cell.BytesChange((long)record.TotalSlopeBefore), Cell.BytesChange((long)record.TotalSlopeAfter)],
                .. record.Resources.Select(r => (Cell[])[Cell.Text(r.Name), Cell.CountChange(Slope(r.Before)), Cell.CountChange(Slope(r.After))]),
            ]),
        };
        if (record.Suspects.Count > 0)
        {
            blocks.Add(new TableBlock("Suspects", ["", "constructor", "held by", "interval before", "interval after", "entries before", "entries after"],
                [.. record.Suspects.Select(Cells)], Leftovers.Of(record.SuspectCount - record.Suspects.Count, "suspects")));
        }

        if (record.NewSuspects.Count > 0)
        {
            blocks.Add(new TableBlock("New after the fix", ["constructor", "held by", "an interval", "keeps"],
                [.. record.NewSuspects.Select(s => (Cell[])[Cell.Name(s.Constructor), Cell.Name(s.Holder.Name), Cell.CountChange((long)s.GrowthPerInterval), Cell.BytesChange(s.RetainedGrowth)])],
                Leftovers.Of(record.NewSuspectCount - record.NewSuspects.Count, "suspects")));
        }

        return new Report(blocks);
    }

    private static long Slope(IReadOnlyList<int> counts) => (counts[^1] - counts[0]) / Math.Max(1, counts.Count - 1);

    private static Cell[] Cells(VerifiedSuspectRecord s) =>
    [
        Cell.Text(s.Status.Replace('_', ' ')), Cell.Name(s.Constructor), Cell.Name(s.Holder.Name),
        Cell.CountChange((long)Math.Round(s.GrowthPerIntervalBefore)), Cell.CountChange((long)Math.Round(s.GrowthPerIntervalAfter)),
        Entries(s.Holder.Sizes), Entries(s.SizesAfter),
    ];

    private static Cell Entries(IReadOnlyList<int>? sizes) => sizes is null ? Cell.Empty : Cell.Count(sizes[^1]);
}
