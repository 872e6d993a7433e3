using Holdfast.Model.Watching;

namespace Holdfast.Analyses.Growth;

/// <summary>Whether a figure grows.</summary>
/// <param name="Verdict">How it moves.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="Slope">How fast its floor rises, a second.</param>
/// <param name="Floor">The points its floor was told by.</param>
public sealed record SeriesGrowth(GrowthVerdict Verdict, string Reason, Slope Slope, IReadOnlyList<Sample> Floor)
{
    /// <summary>Growth of less than this part of what is there, over all the time that was watched, does not matter.</summary>
    public const double LeastShare = 0.005;

    /// <summary>Nor does growth of fewer bytes.</summary>
    public const double LeastBytes = 1 << 20;

    /// <summary>Nor of fewer things.</summary>
    public const double LeastCount = 3;

    /// <summary>V8's largest factor (<c>kMaxHeapGrowingFactor</c>, src/heap/heap-controller.h).</summary>
    private const double MostBetweenCollections = 4;

    /// <summary>The first collection may come late: a heap up to this grows without.</summary>
    private const double SmallHeap = 32 << 20;

    /// <summary>Points of the floor that are needed to tell a beginning from what comes after.</summary>
    private const int FewestForWarmUp = 8;

    /// <summary>With fewer, it must have risen for sure by this part of what is there.</summary>
    private const double SureShare = 0.05;

    /// <summary>Growth of the second half at this part of the first half's speed is an end of growth.</summary>
    private const double Slowed = 0.35;

    /// <param name="samples">In order of time.</param>
    /// <param name="kind">What they are.</param>
    public static SeriesGrowth Run(IReadOnlyList<Sample> samples, MeasureKind kind)
    {
        if (samples.Count < Slope.FewestPoints)
            return new SeriesGrowth(GrowthVerdict.Inconclusive, $"{samples.Count} readings are too few, {Slope.FewestPoints} are the fewest", Slope.Unknown, samples);
        double time = samples[^1].Seconds - samples[0].Seconds;
        double level = samples.Average(s => Math.Abs(s.Value));
        double matters = Math.Max(level * LeastShare, kind == MeasureKind.Count ? LeastCount : LeastBytes);
        IReadOnlyList<Sample> floor = kind == MeasureKind.CollectedBytes ? LowerEnvelope.AfterCollections(samples) : LowerEnvelope.Of(samples);
        if (kind == MeasureKind.CollectedBytes && floor.Count < Slope.FewestPoints)
        {
            // V8 collects before a heap is four times what was left the last time: a heap that has grown more has kept it.
            bool isBeyondCollections = samples[^1].Value >= MostBetweenCollections * Math.Max(samples[0].Value, SmallHeap);
            if (isBeyondCollections || samples.Max(s => s.Value) - samples.Min(s => s.Value) < matters) floor = LowerEnvelope.Of(samples);
            else return new SeriesGrowth(GrowthVerdict.Inconclusive, $"{floor.Count} collections of garbage were seen, {Slope.FewestPoints} are the fewest to tell what stays", Slope.Unknown, floor);
        }

        return Judge(floor, Slope.Of(floor), time, matters, level);
    }

    /// <summary>When a limit would be reached, in seconds from the last reading; null where that is not to be expected.</summary>
    public double? SecondsTo(double limit, double now) => Verdict == GrowthVerdict.Growing && Slope.Value > 0 ? Math.Max(0, limit - now) / Slope.Value : null;

    private static SeriesGrowth Judge(IReadOnlyList<Sample> floor, Slope slope, double time, double matters, double level)
    {
        if (slope.Low <= 0) return new SeriesGrowth(GrowthVerdict.Flat, "its floor may as well not rise", slope, floor);
        if (slope.Value * time < matters) return new SeriesGrowth(GrowthVerdict.Flat, "its floor rises by less than matters", slope, floor);
        if (floor.Count >= FewestForWarmUp)
        {
            int half = floor.Count / 2;
            Slope first = Slope.Of([.. floor.Take(half)]), second = Slope.Of([.. floor.Skip(half)]);
            if (second.Value < first.Value * Slowed && second.High < slope.Value)
                return new SeriesGrowth(GrowthVerdict.WarmingUp, "its floor rises less and less", slope, floor);
        }
        else if (slope.Low * time < level * SureShare)
        {
            return new SeriesGrowth(GrowthVerdict.Inconclusive, $"its floor rises a little, by {floor.Count} points: {FewestForWarmUp} are the fewest to tell growth from a beginning; watch longer", slope, floor);
        }

        return new SeriesGrowth(GrowthVerdict.Growing, "its floor rises", slope, floor);
    }
}
