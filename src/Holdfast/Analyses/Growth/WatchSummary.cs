using Holdfast.Model.Watching;

namespace Holdfast.Analyses.Growth;

/// <summary>A figure with what became of it.</summary>
/// <param name="Series">Its values.</param>
/// <param name="Growth">Whether it grows.</param>
/// <param name="Limit">The limit it would reach first, or null.</param>
/// <param name="SecondsToLimit">In how many seconds from the last reading; null where it does not grow.</param>
/// <param name="SoonestSeconds">The same at the fastest growth that is likely.</param>
public sealed record WatchedGrowth(WatchedSeries Series, SeriesGrowth Growth, MemoryLimit? Limit, double? SecondsToLimit, double? SoonestSeconds);

/// <summary>What was seen of a process.</summary>
/// <param name="Verdict">Whether its memory grows.</param>
/// <param name="Leading">The figure that says so: a thread's heap or what is outside of it, whichever moves most; else what those are part of.</param>
/// <param name="Figures">All figures.</param>
public sealed record WatchSummary(GrowthVerdict Verdict, WatchedGrowth? Leading, IReadOnlyList<WatchedGrowth> Figures)
{
    /// <summary>What all else is the sum of, or a part of.</summary>
    private static readonly string[] Causes = [MeasureNames.HeapUsed, MeasureNames.External, MeasureNames.ArrayBuffers, MeasureNames.OutsideHeap];

    /// <summary>What they are part of, from the inside out.</summary>
    private static readonly string[] Wholes = [MeasureNames.HeapResident, MeasureNames.HeapTotal, MeasureNames.RssAnonymous, MeasureNames.Rss];

    /// <summary>What stands for all where nothing grows.</summary>
    private static readonly string[] MainFigures = [MeasureNames.HeapUsed, "old_space", MeasureNames.Rss, MeasureNames.HeapTotal];

    public static WatchSummary Run(WatchedProcess process)
    {
        WatchedGrowth[] figures = [.. process.Series.Select(s => Judge(s, process.Limits))];
        WatchedGrowth[] memory = [.. figures.Where(f => f.Series.Kind != MeasureKind.Count)];
        WatchedGrowth? Most(GrowthVerdict verdict, bool causesOnly) =>
            memory.Where(f => f.Growth.Verdict == verdict && (!causesOnly || Rank(f) == 0)).OrderBy(Rank).ThenByDescending(f => f.Growth.Slope.Value).FirstOrDefault();

        // V8 takes more pages than it needs before it has found its size: where the heap and what is outside are known, what they are part of does not decide.
        WatchedGrowth[] heaps = [.. memory.Where(f => f.Series.Name == MeasureNames.HeapUsed)];
        if (Most(GrowthVerdict.Growing, causesOnly: heaps.Length > 0 && process.Find(MeasureNames.OutsideHeap) is not null) is { } growing) return new WatchSummary(GrowthVerdict.Growing, growing, figures);
        if (!heaps.Any(h => h.Growth.Verdict == GrowthVerdict.Inconclusive)
            && (Most(GrowthVerdict.WarmingUp, false) ?? Most(GrowthVerdict.Growing, false)) is { } warming) return new WatchSummary(GrowthVerdict.WarmingUp, warming, figures);
        WatchedSeries? main = Main(process);
        WatchedGrowth? leading = figures.FirstOrDefault(f => f.Series == main);
        return new WatchSummary(leading?.Growth.Verdict ?? GrowthVerdict.Inconclusive, leading, figures);
    }

    /// <summary>The figure that stands for a process's memory; null where there is none.</summary>
    public static WatchedSeries? Main(WatchedProcess process) =>
        MainFigures.Select(name => process.Find(name)).FirstOrDefault(s => s is not null) ?? (process.Series.Count > 0 ? process.Series[0] : null);

    private static int Rank(WatchedGrowth figure)
    {
        if (Causes.Contains(figure.Series.Name)) return 0;
        int rank = Array.IndexOf(Wholes, figure.Series.Name);
        return rank < 0 ? 1 : 2 + rank;
    }

    private static WatchedGrowth Judge(WatchedSeries series, IReadOnlyList<MemoryLimit> limits)
    {
        SeriesGrowth growth = SeriesGrowth.Run(series.Samples, series.Kind);
        MemoryLimit[] own = [.. limits.Where(l => l.Measure == series.Name && (l.Thread is null || l.Thread == series.Thread)).OrderBy(l => l.Bytes)];
        if (own.Length == 0) return new WatchedGrowth(series, growth, null, null, null);
        double now = growth.Floor.Count > 0 ? growth.Floor[^1].Value : series.Last;
        double? soonest = growth.Verdict == GrowthVerdict.Growing && growth.Slope.High > 0 ? Math.Max(0, own[0].Bytes - now) / growth.Slope.High : null;
        return new WatchedGrowth(series, growth, own[0], growth.SecondsTo(own[0].Bytes, now), soonest);
    }
}
