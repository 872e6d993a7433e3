namespace Holdfast.Analyses.Leaks;

/// <summary>
/// What counts as growth that a leak could be. The thresholds are above what warm processes and fixed versions of leaks were
/// seen to keep at one place (a few small objects an interval: the measurements a program takes of itself, V8's own lists),
/// and far below what a leak leaves behind.
/// </summary>
internal static class GrowthRules
{
    /// <summary>Objects that each interval must leave behind at one place.</summary>
    public const int Many = 10;

    /// <summary>Bytes that each interval must leave behind with <see cref="Many"/> objects.</summary>
    public const long ManyBytes = 512;

    /// <summary>Objects that each interval must leave behind at one place if they are not small.</summary>
    public const int Few = 3;

    /// <summary>Bytes that each interval must leave behind with <see cref="Few"/> objects.</summary>
    public const long FewBytes = 4 << 10;

    /// <summary>Bytes that each interval must leave behind where it is one object only.</summary>
    public const long OneBytes = 64 << 10;

    /// <summary>Less than this share of the largest interval in the last one, and the growth has stopped.</summary>
    public const double StillGrowing = 0.2;

    /// <summary>Less than this share of what was left behind as net growth of a class, and objects are only replaced.</summary>
    public const double LeastNetShare = 0.25;

    /// <summary>
    /// The same for the entries of the container that holds them. A leak's container keeps what an interval left behind;
    /// one that gets less than it was given is full and lets old entries go.
    /// </summary>
    public const double LeastKeptShare = 0.6;

    /// <summary>Whether every interval left enough behind.</summary>
    /// <param name="counts">Objects by age; the first is what was there at the start.</param>
    /// <param name="bytes">New bytes by age.</param>
    public static bool Repeats(ReadOnlySpan<int> counts, ReadOnlySpan<long> bytes)
    {
        for (int age = 1; age < counts.Length; age++)
        {
            bool enough = (counts[age] >= Many && bytes[age] >= ManyBytes) || (counts[age] >= Few && bytes[age] >= FewBytes) || (counts[age] >= 1 && bytes[age] >= OneBytes);
            if (!enough) return false;
        }

        return true;
    }

    /// <summary>Whether every interval left many behind.</summary>
    public static bool RepeatsMany(ReadOnlySpan<int> counts)
    {
        foreach (int count in counts[1..])
        {
            if (count < Many) return false;
        }

        return true;
    }

    /// <summary>Whether some interval left so few behind that only their size makes them count.</summary>
    public static bool IsFew(ReadOnlySpan<int> counts)
    {
        foreach (int count in counts[1..])
        {
            if (count < Few) return true;
        }

        return false;
    }

    public static bool HasStopped(ReadOnlySpan<int> born) => born.Length > 1 && born[^1] < StillGrowing * Max(born);

    public static GrowthTrend TrendOf(ReadOnlySpan<int> born)
    {
        if (born.Length < 2) return GrowthTrend.Once;
        if (born[^1] < 0.5 * born[0]) return GrowthTrend.Slowing;
        bool rising = born[^1] >= 2L * born[0];
        for (int i = 1; i < born.Length; i++) rising &= born[i] > born[i - 1];
        return rising ? GrowthTrend.Rising : GrowthTrend.Steady;
    }

    private static int Max(ReadOnlySpan<int> values)
    {
        int max = 0;
        foreach (int value in values) max = Math.Max(max, value);
        return max;
    }
}
