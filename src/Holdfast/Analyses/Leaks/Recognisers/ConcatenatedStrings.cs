using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Strings put together by +, which keep all their parts until they are flattened.</summary>
internal static partial class ConcatenatedStrings
{
    public static Recogniser Instance { get; } = new("concatenated_strings", Pattern(),
        "They are strings put together from parts, and all parts stay",
        "Look for += on a string that is never cut off; collect lines in an array with a bound, or write them out.");

    [GeneratedRegex(@">\(concatenated string\)\n=", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
