using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Backing stores that grow by numbers, which are no objects.</summary>
internal static partial class NumberStores
{
    public static Recogniser Instance { get; } = new("numbers", Pattern(),
        "as numbers in {holder}, which are no objects of their own: only its backing store shows them",
        "Look for push, add or obj[key] = … with numbers and nothing that takes them out again; keep a window, a histogram or a sum instead.");

    [GeneratedRegex(@"^ (?<holder>[^\n]*)\n\+#(elements|table|properties)>[^\n]*\n=", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
