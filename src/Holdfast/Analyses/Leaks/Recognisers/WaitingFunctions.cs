using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Async functions and generators that wait at an await or a yield.</summary>
internal static partial class WaitingFunctions
{
    public static Recogniser Instance { get; } = new("waiting_functions", Pattern(),
        "They are kept by async functions that still wait",
        "Look for awaits that never end; give them a timeout or an AbortSignal.");

    [GeneratedRegex(@"^\+#extension>(?<function>[^\n]*)\n", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
