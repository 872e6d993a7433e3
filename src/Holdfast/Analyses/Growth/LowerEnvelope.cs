namespace Holdfast.Analyses.Growth;

/// <summary>What of a figure stays: its floor, without what comes and goes above it.</summary>
public static class LowerEnvelope
{
    /// <summary>A fall is a collection of garbage if it is this part of the largest.</summary>
    private const double PartOfLargest = 0.3;

    /// <summary>A fall of less than this part of the value is none.</summary>
    private const double LeastFall = 0.005;

    private const int MostPoints = 40;
    private const int FewestPoints = 12;

    /// <summary>The least value of each of at most 40 stretches of time.</summary>
    public static IReadOnlyList<Sample> Of(IReadOnlyList<Sample> samples)
    {
        if (samples.Count <= FewestPoints) return samples;
        int count = Math.Clamp(samples.Count / 3, FewestPoints, MostPoints);
        var floor = new List<Sample>(count);
        for (int i = 0; i < count; i++)
        {
            int from = (int)((long)samples.Count * i / count), to = (int)((long)samples.Count * (i + 1) / count);
            Sample least = samples[from];
            for (int j = from + 1; j < to; j++)
            {
                if (samples[j].Value < least.Value) least = samples[j];
            }

            floor.Add(least);
        }

        return floor;
    }

    /// <summary>
    /// What a heap held after its garbage was collected: the values after falls, and of those the least of each stretch of time. Empty where
    /// nothing fell.
    /// </summary>
    public static IReadOnlyList<Sample> AfterCollections(IReadOnlyList<Sample> samples)
    {
        double largest = 0;
        for (int i = 1; i < samples.Count; i++) largest = Math.Max(largest, samples[i - 1].Value - samples[i].Value);
        var after = new List<Sample>();
        for (int i = 1; i < samples.Count; i++)
        {
            double fall = samples[i - 1].Value - samples[i].Value;
            if (fall < largest * PartOfLargest || fall <= samples[i].Value * LeastFall) continue;

            // A fall that is seen in several steps is one.
            if (i + 1 < samples.Count && samples[i + 1].Value < samples[i].Value) continue;
            after.Add(samples[i]);
        }

        return Of(after);
    }
}
