namespace Holdfast.Analyses;

/// <summary>
/// Folds what repeats along a path: the links of a list, or a few steps that come again and again (a promise, its
/// reaction, the next promise …).
/// </summary>
internal static class StepFolding
{
    /// <summary>Most steps that repeat together.</summary>
    public const int MaxPeriod = 8;

    /// <summary>Fewest rounds that are folded.</summary>
    public const int MinRounds = 3;

    /// <param name="Last">Place of the step in the path; of several rounds, in the last one.</param>
    /// <param name="Repeat">How many rounds.</param>
    public readonly record struct Step(int Last, int Repeat);

    /// <summary>Steps of a path, by number, with rounds folded: of each round one, the last. Linear in the path.</summary>
    public static List<Step> Fold(ReadOnlySpan<int> steps)
    {
        var folded = new List<Step>();
        int at = 0;
        while (at < steps.Length)
        {
            (int period, int rounds) = FindRounds(steps[at..]);
            int last = at + ((rounds - 1) * period);
            for (int i = 0; i < period; i++) folded.Add(new Step(last + i, rounds));
            at = last + period;
        }

        return folded;
    }

    /// <summary>How often the first steps come again at once, by the shortest period that does; (1, 1) for not at all.</summary>
    private static (int Period, int Rounds) FindRounds(ReadOnlySpan<int> steps)
    {
        for (int period = 1; period <= MaxPeriod && period * MinRounds <= steps.Length; period++)
        {
            int same = steps[period..].CommonPrefixLength(steps);
            int rounds = 1 + (same / period);
            if (rounds >= MinRounds) return (period, rounds);
        }

        return (1, 1);
    }
}
