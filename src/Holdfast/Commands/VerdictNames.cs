using Holdfast.Analyses.Leaks;

namespace Holdfast.Commands;

/// <summary>How verdicts and trends are called in JSON and text.</summary>
internal static class VerdictNames
{
    public static string Of(Verdict verdict) => verdict switch
    {
        Verdict.Leak => "leak",
        Verdict.NoLeak => "no_leak",
        _ => "inconclusive",
    };

    /// <summary>A verdict of JSON as a heading.</summary>
    public static string Show(string verdict) => verdict switch
    {
        "leak" => "LEAK",
        "no_leak" => "NO LEAK",
        _ => "INCONCLUSIVE",
    };

    public static string Of(GrowthTrend trend) => trend switch
    {
        GrowthTrend.Steady => "steady",
        GrowthTrend.Rising => "rising",
        GrowthTrend.Slowing => "slowing",
        _ => "once",
    };
}
