using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Listeners of an EventEmitter under ever new names of events.</summary>
internal static partial class EmitterEvents
{
    public static Recogniser Instance { get; } = new("event_listeners", Pattern(),
        "as listeners of ever new events on {owner}",
        "Look for on(name, …) with names made for each operation, such as 'reply:' + id; remove the listener once the event has come or cannot come any more.")
    { Name = "listeners on {owner}" };

    [GeneratedRegex(@"^ (?<holder>[^\n]*)\n \._events>[^\n]*\n\+\.\*>", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
