using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Entries of a Set.</summary>
internal static partial class SetEntries
{
    public static Recogniser Instance { get; } = new("set", Pattern(),
        "in {holder}",
        "Look for add on it without a delete when the member is done; delete it in a finally block or on its close event.");

    [GeneratedRegex(@"^ (?<holder>[^\n]*>[^\n]*Set)\n[ +]#table>[^\n]*\n\+\[\]>", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
