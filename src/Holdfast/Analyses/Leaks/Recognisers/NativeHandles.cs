using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Objects that native code holds by a persistent handle and JavaScript does not.</summary>
internal static partial class NativeHandles
{
    public static Recogniser Instance { get; } = new("native_handles", Pattern(),
        "by native code alone (a persistent handle), not by JavaScript",
        "Look for native handles that are never closed (ports, sockets, watchers, workers), or for an addon that keeps references: close them, or report it to the addon.")
    { Name = "native handle {handle}" };

    [GeneratedRegex(@"^ (?<holder>(\[\]>(?<handle>\((Global|Traced|Eternal) handles\))|[^\n]*>(?<handle>Node / [^\n]*)))\n( [^\n]*>Node / [^\n]*\n)*\+", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
