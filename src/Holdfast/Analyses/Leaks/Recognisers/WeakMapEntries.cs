using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Values of a WeakMap whose keys stay alive.</summary>
internal static partial class WeakMapEntries
{
    public static Recogniser Instance { get; } = new("weak_map", Pattern(),
        "as values of a WeakMap whose keys stay alive, {owner}",
        "A WeakMap keeps a value as long as its key lives: look for what keeps the keys, often a second collection or the value itself.");

    [GeneratedRegex(@"^[ +](?<holder>[^\n]*)\n\+#value in WeakMap", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
