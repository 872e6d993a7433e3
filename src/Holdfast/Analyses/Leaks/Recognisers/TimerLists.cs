using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Timeouts and intervals in Node's timer lists, one list a duration.</summary>
internal static partial class TimerLists
{
    public static Recogniser Instance { get; } = new("timers", Pattern(),
        "by timers that have not fired or been cleared",
        "Look for setTimeout or setInterval calls whose handle is never passed to clearTimeout or clearInterval, and clear them where the object's life ends.")
    { Name = "timers" };

    [GeneratedRegex(@"^ (?<holder>[^\n]*timerListMap>[^\n]*)\n( [^\n]*>(TimersList|Timeout)( \*)?\n)*\+[^\n]*>(TimersList|Timeout)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
