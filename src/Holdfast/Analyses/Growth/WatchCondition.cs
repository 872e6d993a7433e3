using System.Globalization;
using System.Text.RegularExpressions;
using Holdfast.Common;
using Holdfast.Model.Watching;

namespace Holdfast.Analyses.Growth;

/// <summary>
/// When something is to be done: comparisons joined by <c>and</c> and <c>or</c>. <c>slope&gt;1MiB/min</c>, <c>slope(rss)&gt;2MiB/h</c>,
/// <c>rss&gt;1.5GiB</c>, <c>heap_used&gt;85%</c> (of its limit), <c>limit&gt;85%</c> (of any), <c>time_to_limit&lt;10min</c>.
/// </summary>
public sealed partial class WatchCondition
{
    private const string AnyLimit = "limit";
    private const string TimeToLimit = "time_to_limit";

    private readonly IReadOnlyList<IReadOnlyList<Comparison>> _anyOfAll;

    private WatchCondition(string text, IReadOnlyList<IReadOnlyList<Comparison>> anyOfAll) => (Text, _anyOfAll) = (text, anyOfAll);

    /// <summary>As it was typed.</summary>
    public string Text { get; }

    private readonly record struct Comparison(string Figure, bool IsSlope, string Operator, double Number, bool IsShare);

    /// <exception cref="InputException">It is no such condition.</exception>
    public static WatchCondition Parse(string text)
    {
        var any = new List<IReadOnlyList<Comparison>>();
        foreach (string alternative in Or().Split(text)) any.Add([.. And().Split(alternative).Select(part => ParseOne(text, part))]);
        return new WatchCondition(text, any);
    }

    /// <summary>Whether it holds for what was seen so far; what cannot be told yet does not hold.</summary>
    public bool Holds(WatchedProcess process) => _anyOfAll.Any(all => all.All(c => Holds(c, process)));

    private static Comparison ParseOne(string whole, string part)
    {
        Match match = Form().Match(part);
        if (!match.Success) throw Wrong(whole, part, "a figure, a sign and a number, as in slope>1MiB/min, rss>1.5GiB, heap_used>85%, time_to_limit<10min");
        string figure = match.Groups["slope"].Success ? match.Groups["of"].Value : match.Groups["name"].Value;
        bool isSlope = match.Groups["slope"].Success;
        double number = double.Parse(match.Groups["number"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
        string unit = match.Groups["unit"].Value, per = match.Groups["per"].Value;
        if (isSlope != per.Length > 0) throw Wrong(whole, part, isSlope ? "a speed: 1MiB/min, 5/h" : "a size: only a slope has a time below it");
        if (figure == TimeToLimit) return new Comparison(figure, false, match.Groups["sign"].Value, number * Seconds(unit, whole, part), false);
        if (figure == AnyLimit && unit != "%") throw Wrong(whole, part, "a share of the limit, as in limit>85%");
        if (isSlope && unit == "%") throw Wrong(whole, part, "a speed in bytes or things");
        double factor = unit == "%" ? 0.01 : Sizes.TryGetValue(unit, out double size) ? size : throw Wrong(whole, part, "B, KiB, MiB, GiB, KB, MB, GB or %");
        return new Comparison(figure, isSlope, match.Groups["sign"].Value, number * factor / (isSlope ? Seconds(per, whole, part) : 1), unit == "%");
    }

    private static readonly Dictionary<string, double> Sizes = new(StringComparer.OrdinalIgnoreCase)
    {
        [""] = 1,
        ["B"] = 1,
        ["KiB"] = 1 << 10,
        ["MiB"] = 1 << 20,
        ["GiB"] = 1 << 30,
        ["KB"] = 1e3,
        ["MB"] = 1e6,
        ["GB"] = 1e9,
    };

    private static double Seconds(string unit, string whole, string part) => unit switch
    {
        "s" => 1,
        "m" or "min" => 60,
        "h" => 3600,
        "d" => 86400,
        _ => throw Wrong(whole, part, "a time in s, min, h or d"),
    };

    private static InputException Wrong(string whole, string part, string expected) => new($"'{whole}': at '{part.Trim()}': expected {expected}.");

    private static bool Holds(Comparison comparison, WatchedProcess process)
    {
        double? value = comparison.Figure switch
        {
            AnyLimit => process.Limits.Select(l => Share(process, l)).Max(),
            TimeToLimit => process.Limits.Select(l => TimeTo(process, l)).Min(),
            _ => Figure(comparison, process),
        };
        return value is { } known && comparison.Operator switch
        {
            ">" => known > comparison.Number,
            ">=" => known >= comparison.Number,
            "<" => known < comparison.Number,
            _ => known <= comparison.Number,
        };
    }

    private static double? Figure(Comparison comparison, WatchedProcess process)
    {
        WatchedSeries? series = comparison.Figure.Length == 0 ? WatchSummary.Main(process) : process.Find(comparison.Figure);
        if (series is null || series.Samples.Count == 0) return null;
        if (comparison.IsShare) return process.Limits.Where(l => l.Measure == series.Name && (l.Thread is null || l.Thread == series.Thread)).Select(l => Share(process, l)).Max();
        if (!comparison.IsSlope) return series.Last;

        // Noise is no slope: it counts once it is above zero for sure.
        Slope slope = SeriesGrowth.Run(series.Samples, series.Kind).Slope;
        return slope.Low > 0 ? slope.Value : slope.High < double.PositiveInfinity ? Math.Min(0, slope.Value) : null;
    }

    private static double? Share(WatchedProcess process, MemoryLimit limit) =>
        process.Find(limit.Measure, limit.Thread) is { Samples.Count: > 0 } series && limit.Bytes > 0 ? series.Last / limit.Bytes : null;

    private static double? TimeTo(WatchedProcess process, MemoryLimit limit) =>
        process.Find(limit.Measure, limit.Thread) is { Samples.Count: > 0 } series ? SeriesGrowth.Run(series.Samples, series.Kind).SecondsTo(limit.Bytes, series.Last) : null;

    [GeneratedRegex(@"\s*(?:\|\||\bor\b)\s*")]
    private static partial Regex Or();

    [GeneratedRegex(@"\s*(?:&&|\band\b)\s*")]
    private static partial Regex And();

    [GeneratedRegex(@"^\s*(?:(?<slope>slope)(?:\(\s*(?<of>[^)]*?)\s*\))?|(?<name>[A-Za-z_][\w.:]*))\s*(?<sign>>=|<=|>|<)\s*(?<number>\d+(?:\.\d+)?)\s*(?<unit>%|[A-Za-z]*)(?:/(?<per>[a-z]+))?\s*$")]
    private static partial Regex Form();
}
