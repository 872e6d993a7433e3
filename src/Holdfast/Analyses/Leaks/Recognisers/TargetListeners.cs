using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Listeners of an EventTarget, a linked list for each event.</summary>
internal static partial class TargetListeners
{
    public static Recogniser Instance { get; } = new("event_target_listeners", Pattern(),
        "as listeners of '{event}' on {owner}",
        "Look for addEventListener('{event}', …) without a matching removeEventListener, or pass { signal } and abort it when the listener's owner is done.")
    { Name = "{owner} listeners ('{event}')" };

    [GeneratedRegex(@"^ (?<holder>[^\n]*)\n \.<symbol kEvents›>[^\n]*\n #table>[^\n]*\n \[(?<event>[^\n]*)\]>[^\n]*\n( \.next>[^\n]*\n)?\+\.next>", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
