using Holdfast.Analyses.Growth;
using Holdfast.Model.Watching;
using Holdfast.Reports;

namespace Holdfast.Commands;

/// <summary>What <c>watch</c> shows, while it goes on and at its end.</summary>
internal static class WatchReport
{
    private const double Minute = 60;
    private const int ChartRows = 8;

    /// <param name="record">What was seen.</param>
    /// <param name="summary">The same with its values.</param>
    public static Report Build(WatchRecord record, WatchSummary summary)
    {
        var blocks = new List<ReportBlock> { new TextBlock(record.Verdict.Replace('_', ' ').ToUpperInvariant(), record.Reason) };
        if (summary.Leading is { } leading) blocks.Add(Chart(leading, record.Seconds));
        bool hasThreads = record.Figures.Any(f => f.Thread is not null);
        string[] titles = ["figure", .. hasThreads ? ["thread"] : (string[])[], "now", "floor", "a minute", "at least", "at most", "verdict", "limit", "reached in"];
        blocks.Add(new TableBlock(null, titles, [.. record.Figures.Select(f => Cells(f, hasThreads))]));
        if (record.Comparisons.Count > 0)
        {
            blocks.Add(new TableBlock("Counters that should stay together", ["", "", "first", "second", "apart", "a minute", "verdict"],
                [.. record.Comparisons.Select(c => (Cell[])[
                    Cell.Name(c.First), Cell.Name(c.Second), Cell.Count((long)c.FirstValue), Cell.Count((long)c.SecondValue), Cell.CountChange((long)c.Difference),
                    c.Slope is { } slope ? Cell.CountChange((long)Math.Round(slope * Minute)) : Cell.Empty, Cell.Text(c.IsDiverging ? "diverging" : "together")])]));
        }

        blocks.Add(new FactsBlock(null,
        [
            new("from", Cell.Text(record.Source)),
            new("readings", Cell.Text($"{record.ReadingCount} in {Durations.Show(record.Seconds)}")),
            .. record.Capture is { } capture ? [new Fact("capture", Cell.Text(Describe(capture)))] : (Fact[])[],
        ]));
        return new Report(blocks);
    }

    /// <summary>Why the verdict is what it is, in a sentence.</summary>
    public static string Explain(WatchSummary summary, IReadOnlyList<WatchComparisonRecord> comparisons)
    {
        string drift = comparisons.Any(c => c.IsDiverging) ? " " + string.Join(" ", comparisons.Where(c => c.IsDiverging).Select(c => $"{c.First} and {c.Second} drift apart.")) : "";
        if (summary.Leading is not { } leading) return "There were no readings." + drift;
        string name = leading.Series.Thread is { } thread ? $"{leading.Series.Name} of {thread}" : leading.Series.Name;
        string reason = $"{name}: {leading.Growth.Reason}";
        if (leading.Series.Kind == MeasureKind.CollectedBytes && leading.Growth.Verdict is GrowthVerdict.Growing or GrowthVerdict.WarmingUp) reason += " (what is left after garbage is collected)";
        if (leading.SecondsToLimit is { } seconds && leading.Limit is { } limit) reason += $"; it reaches the limit ({limit.Name}) in {Durations.Show(seconds)}, {Durations.Show(leading.SoonestSeconds ?? seconds)} at the earliest";
        if (summary.Verdict == GrowthVerdict.WarmingUp && leading.Growth.Verdict == GrowthVerdict.Growing) reason += ", and neither what stays in the heap nor what is outside of it does: V8 takes more pages until it has found its size";
        return reason + "." + drift;
    }

    private static string Describe(WatchCaptureRecord capture) => capture switch
    {
        { Seconds: null } => $"{capture.When} did not hold",
        { Error: { } error } => $"{capture.When} held after {Durations.Show(capture.Seconds.Value)}, and nothing was captured: {error}",
        _ => $"{string.Join(", ", capture.Files)} after {Durations.Show(capture.Seconds.Value)}, when {capture.When}",
    };

    private static ChartBlock Chart(WatchedGrowth figure, double seconds)
    {
        bool isCount = figure.Series.Kind == MeasureKind.Count;
        double low = figure.Series.Samples.Min(s => s.Value), high = figure.Series.Samples.Max(s => s.Value);
        Cell Value(double value) => isCount ? Cell.Count((long)value) : Cell.Bytes((long)value);
        string thread = figure.Series.Thread is { } name ? $" of {name}" : "";
        return new ChartBlock($"{figure.Series.Name}{thread}", [.. figure.Series.Samples.Select(s => new ChartPoint(s.Seconds, s.Value))], Value(low), Value(high), $"{Durations.Show(seconds)}", ChartRows);
    }

    private static Cell[] Cells(WatchFigureRecord f, bool hasThreads)
    {
        bool isCount = f.Unit == "count";
        Cell Value(double? value) => value is not { } known ? Cell.Empty : isCount ? Cell.Count((long)known) : Cell.Bytes((long)known);
        Cell Change(double? value) => value is not { } known ? Cell.Empty : isCount ? Cell.CountChange((long)Math.Round(known * Minute)) : Cell.BytesChange((long)Math.Round(known * Minute));
        return
        [
            Cell.Text(f.Name), .. hasThreads ? [Cell.Text(f.Thread ?? "")] : (Cell[])[], Value(f.Last), Value(f.Floor), Change(f.Slope), Change(f.SlopeLow), Change(f.SlopeHigh),
            Cell.Text(f.Verdict.Replace('_', ' ')), f.Limit is { } limit ? Cell.Text(f.LimitName!) : Cell.Empty, Cell.Text(f.SecondsToLimit is { } seconds ? Durations.Show(seconds) : ""),
        ];
    }
}
