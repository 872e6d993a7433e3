using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Elements of an array.</summary>
internal static partial class ArrayElements
{
    public static Recogniser Instance { get; } = new("array", Pattern(),
        "in {holder}",
        "Look for push or unshift on it without anything that takes out again; bound it, or drop what has been handled.");

    [GeneratedRegex(@"^ (?<holder>[^\n]*>[^\n]*)\n( #elements>[^\n]*\n)?\+\[\]>", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
