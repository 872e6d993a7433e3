namespace Holdfast.Analyses.Leaks;

/// <summary>
/// What counts as growth that a leak could be. The thresholds are far above what processes that are warm, and fixed versions of
/// leaks, were seen to keep at one place (1 or 2 objects an interval), and far below what a leak leaves behind.
/// </summary>
internal static class GrowthRules
{
    /// <summary>Fewest objects that every interval must leave behind at one place.</summary>
    public const int LeastBorn = 3;

    /// <summary>Fewest objects in all intervals together.</summary>
    public const int LeastBornInAll = 10;

    /// <summary>Bytes that every interval must leave behind for fewer objects to count.</summary>
    public const long LargeBytes = 64 << 10;

    /// <summary>Less than this share of the largest interval in the last one, and the growth has stopped.</summary>
    public const double StillGrowing = 0.2;

    /// <summary>Less than this share of what was left behind as net growth, and objects are only replaced.</summary>
    public const double LeastNetShare = 0.25;

    /// <summary>Whether every interval left enough behind.</summary>
    /// <param name="counts">Objects by age; the first is what was there at the start.</param>
    /// <param name="bytes">New bytes by age.</param>
    public static bool Repeats(ReadOnlySpan<int> counts, ReadOnlySpan<long> bytes)
    {
        int sum = 0, least = int.MaxValue;
        long leastBytes = long.MaxValue;
        for (int age = 1; age < counts.Length; age++)
        {
            sum += counts[age];
            least = Math.Min(least, counts[age]);
            leastBytes = Math.Min(leastBytes, bytes[age]);
        }

        return (least >= LeastBorn && sum >= LeastBornInAll) || (least >= 1 && leastBytes >= LargeBytes);
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
