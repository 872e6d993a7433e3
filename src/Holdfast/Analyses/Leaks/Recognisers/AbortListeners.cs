using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Listeners of 'abort' on an AbortSignal that outlives what listens.</summary>
internal static partial class AbortListeners
{
    public static Recogniser Instance { get; } = new("abort_listeners", Pattern(),
        "as 'abort' listeners on {owner}",
        "Look for addEventListener('abort', …) on a signal that lives long; call removeEventListener when the operation ends, or pass { once: true, signal } of the operation's own controller.")
    { Name = "AbortSignal listeners ('abort') on {owner}" };

    [GeneratedRegex(@"^ (?<holder>[^\n]*)\n \.<symbol kEvents›>[^\n]*\n #table>[^\n]*\n \[abort\]>[^\n]*\n( \.next>[^\n]*\n)?\+\.next>", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
