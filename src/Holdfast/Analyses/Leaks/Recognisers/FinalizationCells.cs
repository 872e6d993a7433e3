using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Held values of a FinalizationRegistry that reach the target they wait for.</summary>
internal static partial class FinalizationCells
{
    public static Recogniser Instance { get; } = new("finalization_registry", Pattern(),
        "as held values of a FinalizationRegistry that reach their own targets, {owner}",
        "Look at the second argument of register: the held value must not reference the target, also not through a closure; pass an id or a plain handle instead.");

    [GeneratedRegex(@"^ (?<holder>[^\n]*>FinalizationRegistry)\n( [^\n]*\n)*\+[^\n]*>system / WeakCell", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
