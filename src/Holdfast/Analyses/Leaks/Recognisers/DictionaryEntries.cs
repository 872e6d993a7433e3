using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Properties of an object that is used as a map.</summary>
internal static partial class DictionaryEntries
{
    public static Recogniser Instance { get; } = new("dictionary", Pattern(),
        "as properties of an object used as a map, {holder}",
        "Look for obj[key] = … with ever new keys and no delete; use a Map with a bound, or remove keys that are of no more use.");

    [GeneratedRegex(@"^ (?<holder>[^\n]*)\n(\+\.\*>|\+?[ +]?#properties>\(object properties\)\n\+\[\]>|\+#properties>\(object properties\))", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
