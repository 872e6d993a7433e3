using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>DOM nodes of jsdom and other DOMs in the process, or detached ones of a page.</summary>
internal static partial class DomTrees
{
    public static Recogniser Instance { get; } = new("dom", Pattern(),
        "They are DOM nodes",
        "Call window.close() on DOMs that are done, and drop listeners and variables that lead to removed elements: one node keeps its whole document.");

    [GeneratedRegex(@">(Detached )?(<[a-z]|(HTML|SVG)\w*Element|\w*Document(Impl)?\n|\w+Element(Impl)?\n|NodeImpl\n|Window\n)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
