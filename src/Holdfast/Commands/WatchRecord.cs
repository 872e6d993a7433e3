using Holdfast.Analyses.Growth;
using Holdfast.Model.Watching;

namespace Holdfast.Commands;

/// <summary>JSON of <c>watch</c>.</summary>
/// <param name="Target">As it was named.</param>
/// <param name="Source">Where the readings came from.</param>
/// <param name="Start">When the first was, in UTC; null where the log does not say.</param>
/// <param name="Seconds">Time from the first to the last.</param>
/// <param name="ReadingCount">How many there were.</param>
/// <param name="Verdict"><c>growing</c>, <c>flat</c>, <c>warming_up</c>, <c>inconclusive</c>.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="End">Why it ended: <c>time</c>, <c>no_more</c> (the process or the log ended), <c>captured</c>, <c>interrupted</c>.</param>
/// <param name="Figures">What was watched.</param>
/// <param name="Comparisons">Counters that should stay together.</param>
/// <param name="Capture">What <c>--capture-when</c> came to; null where it was not given.</param>
public sealed record WatchRecord(
    string Target, string Source, DateTimeOffset? Start, double Seconds, int ReadingCount, string Verdict, string Reason, string End,
    IReadOnlyList<WatchFigureRecord> Figures, IReadOnlyList<WatchComparisonRecord> Comparisons, WatchCaptureRecord? Capture);

/// <summary>A figure: bytes, or a number of things; slopes a second.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Thread">Whose; null where it is the process's.</param>
/// <param name="Unit"><c>bytes</c> or <c>count</c>.</param>
/// <param name="First">The first value.</param>
/// <param name="Last">The last.</param>
/// <param name="Lowest">The least.</param>
/// <param name="Highest">The greatest.</param>
/// <param name="Floor">What stays, at the end: after a collection of garbage, or the least of late.</param>
/// <param name="FloorPoints">How many points tell the floor.</param>
/// <param name="Slope">How fast the floor rises; null where that cannot be told.</param>
/// <param name="SlopeLow">The least it is with 95 % confidence.</param>
/// <param name="SlopeHigh">The most.</param>
/// <param name="Verdict">As of the whole.</param>
/// <param name="Reason">Why.</param>
/// <param name="LimitName">What it would reach: <c>cgroup</c>, <c>v8</c>, <c>machine</c>.</param>
/// <param name="Limit">What that is.</param>
/// <param name="SecondsToLimit">When, from the last reading.</param>
/// <param name="SoonestSecondsToLimit">When at the earliest, with 95 % confidence.</param>
/// <param name="Values">Pairs of seconds and value, with <c>--values</c>.</param>
public sealed record WatchFigureRecord(
    string Name, string? Thread, string Unit, double First, double Last, double Lowest, double Highest, double? Floor, int FloorPoints, double? Slope, double? SlopeLow, double? SlopeHigh,
    string Verdict, string Reason, string? LimitName, double? Limit, double? SecondsToLimit, double? SoonestSecondsToLimit, IReadOnlyList<double[]>? Values)
{
    internal static WatchFigureRecord Of(WatchedGrowth figure, bool withValues)
    {
        IReadOnlyList<Sample> samples = figure.Series.Samples;
        SeriesGrowth growth = figure.Growth;
        return new WatchFigureRecord(
            figure.Series.Name, figure.Series.Thread, figure.Series.Kind == MeasureKind.Count ? "count" : "bytes",
            samples[0].Value, samples[^1].Value, samples.Min(s => s.Value), samples.Max(s => s.Value),
            growth.Floor.Count > 0 ? growth.Floor[^1].Value : null, growth.Floor.Count, Known(growth.Slope, growth.Slope.Value), Known(growth.Slope, growth.Slope.Low), Known(growth.Slope, growth.Slope.High),
            VerdictNames.Of(growth.Verdict), growth.Reason, figure.Limit?.Name, figure.Limit?.Bytes, figure.SecondsToLimit, figure.SoonestSeconds,
            withValues ? [.. samples.Select(s => (double[])[s.Seconds, s.Value])] : null);
    }

    internal static double? Known(Slope slope, double value) => double.IsFinite(slope.Low) && double.IsFinite(slope.High) ? value : null;
}

/// <summary>Two counters that should stay together; slopes a second.</summary>
/// <param name="First">The one.</param>
/// <param name="Second">The other.</param>
/// <param name="IsDiverging">Whether they drift apart.</param>
/// <param name="FirstValue">The one's last value.</param>
/// <param name="SecondValue">The other's.</param>
/// <param name="Difference">First minus second.</param>
/// <param name="Slope">How fast that grows; null where it cannot be told.</param>
/// <param name="SlopeLow">The least, with 95 % confidence.</param>
/// <param name="SlopeHigh">The most.</param>
public sealed record WatchComparisonRecord(string First, string Second, bool IsDiverging, double FirstValue, double SecondValue, double Difference, double? Slope, double? SlopeLow, double? SlopeHigh);

/// <summary>What became of <c>--capture-when</c>.</summary>
/// <param name="When">The condition.</param>
/// <param name="Seconds">When it held, from the first reading; null where it never did.</param>
/// <param name="Files">What was captured: names in the folder of <c>--capture-to</c>.</param>
/// <param name="Error">Why nothing was captured then; null where it was.</param>
public sealed record WatchCaptureRecord(string When, double? Seconds, IReadOnlyList<string> Files, string? Error);
