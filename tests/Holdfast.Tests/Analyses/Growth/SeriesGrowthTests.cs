using CsCheck;
using Holdfast.Analyses.Growth;
using Holdfast.Common;
using Holdfast.Model.Watching;

namespace Holdfast.Tests.Analyses.Growth;

/// <summary>Whether figures grow.</summary>
public sealed class SeriesGrowthTests
{
    private const double MiB = 1 << 20;

    [Fact]
    public void The_slope_of_a_line_is_that_of_the_line_and_its_range_is_narrow()
    {
        Slope slope = Slope.Of(Samples(30, t => 5 + (3 * t)));
        Assert.Equal((3.0, 3.0, 3.0), (slope.Value, slope.Low, slope.High));
    }

    [Fact]
    public void Odd_values_do_not_move_the_slope_and_the_true_one_is_in_its_range() =>
        Gen.Select(Gen.Double[-10, 10], Gen.Double[-1, 1].Array[40], Gen.Int[0, 39]).Sample((rise, noise, odd) =>
        {
            Slope slope = Slope.Of([.. Enumerable.Range(0, 40).Select(i => new Sample(i, (rise * i) + noise[i] + (i == odd ? 1e6 : 0)))]);
            Assert.True(slope.Low <= slope.Value && slope.Value <= slope.High);
            Assert.InRange(slope.Value, rise - 0.3, rise + 0.3);
            Assert.True(double.IsFinite(slope.Low) && double.IsFinite(slope.High));
        });

    [Fact]
    public void Of_three_points_nothing_is_said() => Assert.Equal(Slope.Unknown, Slope.Of(Samples(3, t => t)));

    [Fact]
    public void A_saw_that_comes_back_to_the_same_floor_is_flat() =>
        Assert.Equal(GrowthVerdict.Flat, Collected(300, t => (20 + (t % 10)) * MiB).Verdict);

    [Fact]
    public void A_saw_with_a_rising_floor_grows_as_fast_as_its_floor()
    {
        SeriesGrowth growth = Collected(600, t => (20 + (t % 10) + (t * 0.01)) * MiB);
        Assert.Equal(GrowthVerdict.Growing, growth.Verdict);
        Assert.InRange(growth.Slope.Value, 0.0099 * MiB, 0.0101 * MiB);
    }

    [Fact]
    public void A_heap_that_only_rises_says_nothing_until_garbage_was_collected()
    {
        Assert.Equal(GrowthVerdict.Growing, Collected(100, t => (20 + (2 * t)) * MiB).Verdict);
        SeriesGrowth growth = Collected(100, t => (20 + t) * MiB);
        Assert.Equal(GrowthVerdict.Inconclusive, growth.Verdict);
        Assert.Contains("collections", growth.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Pages_that_V8_takes_for_a_heap_that_does_not_grow_are_a_warm_up_and_memory_outside_of_it_is_growth()
    {
        GrowthVerdict Of(double outside)
        {
            var process = new WatchedProcess();
            for (int i = 0; i < 200; i++)
            {
                double pages = (50 + (i * 0.2)) * MiB;
                process.Add(new Reading(DateTimeOffset.UnixEpoch.AddSeconds(i),
                    [new("heap_used", null, MeasureKind.CollectedBytes, (20 + (i % 10)) * MiB), new("heap_total", null, MeasureKind.Bytes, pages), new("rss", null, MeasureKind.Bytes, pages + ((60 + (i * outside)) * MiB))], []));
            }

            return WatchSummary.Run(process).Verdict;
        }

        Assert.Equal(GrowthVerdict.WarmingUp, Of(0));
        Assert.Equal(GrowthVerdict.Growing, Of(0.1));
    }

    [Fact]
    public void A_few_points_that_rise_a_little_may_be_a_beginning()
    {
        SeriesGrowth little = Collected(60, t => (20 + (t % 10) + (t * 0.018)) * MiB), much = Collected(60, t => (20 + (t % 10) + (t * 0.2)) * MiB);
        Assert.Equal((GrowthVerdict.Inconclusive, 5), (little.Verdict, little.Floor.Count));
        Assert.Equal((GrowthVerdict.Growing, 5), (much.Verdict, much.Floor.Count));
        Assert.Equal(GrowthVerdict.Growing, Collected(600, t => (20 + (t % 10) + (t * 0.018)) * MiB).Verdict);
    }

    [Fact]
    public void A_heap_that_stands_still_is_flat_without_collections() => Assert.Equal(GrowthVerdict.Flat, Collected(50, t => (20 * MiB) + t).Verdict);

    [Fact]
    public void Growth_that_ends_is_a_warm_up() =>
        Assert.Equal(GrowthVerdict.WarmingUp, SeriesGrowth.Run(Samples(200, t => (50 + (40 * (1 - Math.Exp(-t / 20)))) * MiB), MeasureKind.Bytes).Verdict);

    [Fact]
    public void Growth_of_less_than_half_a_percent_is_flat()
    {
        Assert.Equal(GrowthVerdict.Flat, SeriesGrowth.Run(Samples(100, t => (1000 + (t * 0.01)) * MiB), MeasureKind.Bytes).Verdict);
        Assert.Equal(GrowthVerdict.Growing, SeriesGrowth.Run(Samples(100, t => (1000 + (t * 0.1)) * MiB), MeasureKind.Bytes).Verdict);
    }

    [Fact]
    public void Falling_is_flat() => Assert.Equal(GrowthVerdict.Flat, SeriesGrowth.Run(Samples(100, t => (1000 - t) * MiB), MeasureKind.Bytes).Verdict);

    [Fact]
    public void Time_to_a_limit_is_what_is_left_over_the_slope()
    {
        SeriesGrowth growth = SeriesGrowth.Run(Samples(100, t => t * MiB), MeasureKind.Bytes);
        Assert.Equal(100, growth.SecondsTo(199 * MiB, 99 * MiB)!.Value, 6);
        Assert.Null(SeriesGrowth.Run(Samples(100, t => MiB), MeasureKind.Bytes).SecondsTo(199 * MiB, MiB));
    }

    [Fact]
    public void Random_walks_without_drift_are_rarely_called_growing()
    {
        // Noise about a level, as a busy server's memory: one in forty may be taken for growth at 95 %.
        int growing = 0;
        for (uint seed = 1; seed <= 100; seed++)
        {
            var random = new Random((int)seed);
            if (SeriesGrowth.Run(Samples(120, _ => (100 + (random.NextDouble() * 5)) * MiB), MeasureKind.Bytes).Verdict == GrowthVerdict.Growing) growing++;
        }

        Assert.InRange(growing, 0, 6);
    }

    [Fact]
    public void Counters_that_differ_by_what_is_open_are_together_and_by_more_and_more_are_not()
    {
        var random = new Random(5);
        IReadOnlyList<Sample> opened = Samples(200, t => t * 7), closed = Samples(200, t => (t * 7) - random.Next(0, 20)), leaking = Samples(200, t => (t * 7) - random.Next(0, 20) - (t * 0.5));
        Assert.False(Divergence.Run(opened, closed).IsDiverging);
        Divergence apart = Divergence.Run(opened, leaking);
        Assert.True(apart.IsDiverging);
        Assert.InRange(apart.Slope.Value, 0.4, 0.6);
        Divergence other = Divergence.Run(leaking, opened);
        Assert.True(other.IsDiverging);
        Assert.InRange(other.Slope.Value, -0.6, -0.4);
    }

    [Fact]
    public void No_more_than_MaxWatchSamples_values_of_MaxWatchedSeries_figures_are_kept_and_floors_stay()
    {
        var process = new WatchedProcess(mostSamples: 100);
        for (int i = 0; i < 10_000; i++) process.Add(new Reading(DateTimeOffset.UnixEpoch.AddSeconds(i), [new Measure("rss", null, MeasureKind.Bytes, 100 + (i % 2) + (i / 100))], []));
        WatchedSeries series = process.Find("rss")!;
        Assert.InRange(series.Samples.Count, 50, 100);
        Assert.True(series.Samples.Zip(series.Samples.Skip(1)).All(p => p.First.Seconds < p.Second.Seconds));
        Assert.Equal(10_000, process.Readings);
        Assert.Equal(9_999, process.Seconds);
        process.Add(new Reading(DateTimeOffset.UnixEpoch, [.. Enumerable.Range(0, Limits.MaxWatchedSeries + 10).Select(i => new Measure($"m{i}", null, MeasureKind.Count, i))], []));
        Assert.Equal(Limits.MaxWatchedSeries, process.Series.Count);
        Assert.Equal(1 << 16, Limits.MaxWatchSamples);
    }

    private static SeriesGrowth Collected(int count, Func<double, double> value) => SeriesGrowth.Run(Samples(count, value), MeasureKind.CollectedBytes);

    private static IReadOnlyList<Sample> Samples(int count, Func<double, double> value) => [.. Enumerable.Range(0, count).Select(i => new Sample(i, value(i)))];
}
