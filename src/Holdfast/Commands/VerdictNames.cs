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

    public static string Of(GrowthTrend trend) => trend switch
    {
        GrowthTrend.Steady => "steady",
        GrowthTrend.Rising => "rising",
        GrowthTrend.Slowing => "slowing",
        _ => "once",
    };
}
