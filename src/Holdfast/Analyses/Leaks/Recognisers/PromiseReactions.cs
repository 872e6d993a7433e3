using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Reactions (then, catch, finally, await, race) of one promise that stays pending.</summary>
internal static partial class PromiseReactions
{
    public static Recogniser Instance { get; } = new("promise_reactions", Pattern(),
        "as reactions of a promise that never settles, {owner}",
        "Look for then, await or Promise.race on this long-lived promise in code that runs again and again: each adds a reaction that stays until it settles.")
    { Name = "reactions of a promise that never settles ({owner})" };

    [GeneratedRegex(@"^ (?<holder>[^\n]*>Promise)\n([ ][^\n]*>system / PromiseReaction( \*)?\n)*\+[^\n]*>system / PromiseReaction", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
