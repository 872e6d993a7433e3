namespace Holdfast.Analyses.Growth;

/// <summary>Whether two counters that belong together drift apart.</summary>
/// <param name="IsDiverging">Whether they do.</param>
/// <param name="Difference">First minus second, at the last reading.</param>
/// <param name="Slope">How fast the difference grows, a second; what comes and goes does not count.</param>
public sealed record Divergence(bool IsDiverging, double Difference, Slope Slope)
{
    /// <summary>A drift of less than this part of how far the counters went does not matter.</summary>
    private const double LeastShare = 0.005;

    /// <param name="first">One counter, and the other at the same times.</param>
    /// <param name="second">The other.</param>
    public static Divergence Run(IReadOnlyList<Sample> first, IReadOnlyList<Sample> second)
    {
        int count = Math.Min(first.Count, second.Count);
        var above = new Sample[count];
        var below = new Sample[count];
        for (int i = 0; i < count; i++)
        {
            double difference = first[i].Value - second[i].Value;
            (above[i], below[i]) = (new Sample(first[i].Seconds, difference), new Sample(first[i].Seconds, -difference));
        }

        if (count < Slope.FewestPoints) return new Divergence(false, count == 0 ? 0 : above[^1].Value, Slope.Unknown);
        double went = Math.Max(Math.Abs(first[count - 1].Value - first[0].Value), Math.Abs(second[count - 1].Value - second[0].Value));
        double matters = Math.Max(SeriesGrowth.LeastCount, went * LeastShare);
        double time = first[count - 1].Seconds - first[0].Seconds;

        // What is opened is not closed at once: only the floor of the difference says what stays, on either side.
        Slope up = Slope.Of(LowerEnvelope.Of(above)), down = Slope.Of(LowerEnvelope.Of(below));
        bool isUp = up.Low > 0 && up.Value * time >= matters, isDown = down.Low > 0 && down.Value * time >= matters;
        return new Divergence(isUp || isDown, above[^1].Value, isDown ? new Slope(-down.Value, -down.High, -down.Low) : up);
    }
}
