using Holdfast.Analyses.Growth;
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

    public static string Of(FixVerdict verdict) => verdict switch
    {
        FixVerdict.Fixed => "fixed",
        FixVerdict.NotFixed => "not_fixed",
        FixVerdict.Worse => "worse",
        _ => "inconclusive",
    };

    public static string Of(SuspectFate fate) => fate switch
    {
        SuspectFate.Fixed => "fixed",
        SuspectFate.NotFixed => "not_fixed",
        _ => "worse",
    };

    /// <summary>A verdict of JSON as a heading.</summary>
    public static string Show(string verdict) => verdict switch
    {
        "leak" => "LEAK",
        "no_leak" => "NO LEAK",
        _ => "INCONCLUSIVE",
    };

    public static string Of(GrowthVerdict verdict) => verdict switch
    {
        GrowthVerdict.Growing => "growing",
        GrowthVerdict.Flat => "flat",
        GrowthVerdict.WarmingUp => "warming_up",
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
