using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Entries of a Map.</summary>
internal static partial class MapEntries
{
    public static Recogniser Instance { get; } = new("map", Pattern(),
        "in {holder}",
        "Look for set on it without a delete when the entry is of no more use; bound its size, give entries an age, or key a WeakMap by the object they belong to.");

    [GeneratedRegex(@"^ (?<holder>[^\n]*)\n[ +]#table>[^\n]*\n\+\[\]>", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
