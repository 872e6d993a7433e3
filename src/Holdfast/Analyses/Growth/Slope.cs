namespace Holdfast.Analyses.Growth;

/// <summary>
/// How fast values rise, in units a second, with the range it is in with 95 % confidence: the median of the slopes between all pairs (Theil
/// and Sen), which a few odd values do not move, and its range by the variance of Kendall's S.
/// </summary>
/// <param name="Value">The slope.</param>
/// <param name="Low">It is at least this.</param>
/// <param name="High">It is at most this.</param>
public readonly record struct Slope(double Value, double Low, double High)
{
    /// <summary>Fewer say nothing about the range.</summary>
    public const int FewestPoints = 4;

    private const double Confidence = 1.96;

    public static Slope Unknown { get; } = new(0, double.NegativeInfinity, double.PositiveInfinity);

    /// <param name="points">Values in order of time, few: the work is the square of their number.</param>
    public static Slope Of(IReadOnlyList<Sample> points)
    {
        var slopes = new List<double>();
        for (int i = 0; i < points.Count; i++)
        {
            for (int j = i + 1; j < points.Count; j++)
            {
                double time = points[j].Seconds - points[i].Seconds;
                if (time > 0) slopes.Add((points[j].Value - points[i].Value) / time);
            }
        }

        if (points.Count < FewestPoints || slopes.Count == 0) return Unknown;
        slopes.Sort();
        double n = points.Count, spread = Confidence * Math.Sqrt(n * (n - 1) * ((2 * n) + 5) / 18);
        int low = (int)Math.Floor((slopes.Count - spread) / 2), high = (int)Math.Ceiling((slopes.Count + spread) / 2);
        double median = slopes.Count % 2 == 1 ? slopes[slopes.Count / 2] : (slopes[(slopes.Count / 2) - 1] + slopes[slopes.Count / 2]) / 2;
        return new Slope(median, slopes[Math.Max(0, low)], slopes[Math.Min(slopes.Count - 1, high)]);
    }
}
