using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Parts of strings, which keep the whole string they were cut from.</summary>
internal static partial class SlicedStrings
{
    public static Recogniser Instance { get; } = new("sliced_strings", Pattern(),
        "They are parts of longer strings, and each keeps the whole string it was cut from",
        "Make a copy of the part, for example by Buffer.from(part).toString() or JSON, before it is kept.");

    [GeneratedRegex(@">\(sliced string\)\n=", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
