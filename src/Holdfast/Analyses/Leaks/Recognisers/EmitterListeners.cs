using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Listeners of an EventEmitter: one function by itself, or several in an array.</summary>
internal static partial class EmitterListeners
{
    public static Recogniser Instance { get; } = new("event_listeners", Pattern(),
        "as listeners of '{event}' on {owner}",
        "Look for on('{event}', …) or addListener without a matching off or removeListener; remove the listener when its owner is done, or use once with an AbortSignal.")
    { Name = "listeners of '{event}' on {owner}" };

    [GeneratedRegex(@"^ (?<holder>[^\n]*)\n \._events>[^\n]*\n(\+\.(?<event>(?!\*>)[^>\n]+)>[^\n]*\)$| \.(?<event>[^>\n]+)>Array\n( #elements>[^\n]*\n)?\+\[\]>[^\n]*\)$)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
