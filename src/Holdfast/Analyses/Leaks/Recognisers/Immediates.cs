using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Immediates that are queued, and queue themselves again.</summary>
internal static partial class Immediates
{
    public static Recogniser Instance { get; } = new("immediates", Pattern(),
        "by immediates that are still queued",
        "Look for setImmediate callbacks that schedule themselves again without end; stop them, or keep the handle and call clearImmediate.")
    { Name = "immediates" };

    [GeneratedRegex(@"^ (?<holder>[^\n]*>ImmediateList)\n( [^\n]*>Immediate( \*)?\n)*(\+[^\n]*>Immediate| \._onImmediate>|\+\._onImmediate>)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
