using System.Globalization;
using System.Text.RegularExpressions;
using Holdfast.Common;

namespace Holdfast.Commands;

/// <summary>Times as people write them: <c>30s</c>, <c>10m</c>, <c>1h30m</c>, <c>500ms</c>.</summary>
internal static partial class Durations
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(366);

    /// <exception cref="InputException">It is none.</exception>
    public static TimeSpan Parse(string option, string text)
    {
        double seconds = 0;
        if (!Form().IsMatch(text)) throw Wrong(option, text);
        foreach (Match part in Part().Matches(text))
            seconds += double.Parse(part.Groups["number"].ValueSpan, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * SecondsOf(part.Groups["unit"].Value);
        return seconds > 0 && seconds <= Longest.TotalSeconds ? TimeSpan.FromSeconds(seconds) : throw Wrong(option, text);
    }

    /// <summary>Two units at most: <c>3 h 20 min</c>.</summary>
    public static string Show(double seconds)
    {
        if (seconds < 1) return $"{Math.Round(seconds * 1000):0} ms";
        long whole = (long)Math.Round(Math.Min(seconds, 1e12));
        return whole switch
        {
            < 120 => $"{whole} s",
            < 2 * 3600 => Two(whole / 60, "min", whole % 60, "s"),
            < 48 * 3600 => Two(whole / 3600, "h", whole % 3600 / 60, "min"),
            _ => Two(whole / 86400, "days", whole % 86400 / 3600, "h"),
        };
    }

    private static string Two(long first, string unit, long second, string lesser) => second == 0 || first >= 10 ? $"{first} {unit}" : $"{first} {unit} {second} {lesser}";

    private static double SecondsOf(string unit) => unit switch
    {
        "ms" => 0.001,
        "" or "s" => 1,
        "m" or "min" => 60,
        "h" => 3600,
        _ => 86400,
    };

    private static InputException Wrong(string option, string text) => new($"--{option} {text}: expected a time above 0, as in 500ms, 30s, 10m, 1h30m, 2d.");

    [GeneratedRegex(@"^(\d{1,12}(\.\d{1,9})?(ms|s|min|m|h|d)?)+$")]
    private static partial Regex Form();

    [GeneratedRegex(@"(?<number>\d+(?:\.\d+)?)(?<unit>ms|s|min|m|h|d|)")]
    private static partial Regex Part();
}
