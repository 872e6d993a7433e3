using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Modules loaded again and again under new names.</summary>
internal static partial class ModuleCache
{
    public static Recogniser Instance { get; } = new("module_cache", Pattern(),
        "in the module cache",
        "Look for require or import of ever new paths (generated files, query strings); load a module once, or delete require.cache entries and the parent's children.")
    { Name = "module cache (require.cache)" };

    [GeneratedRegex(@"^ (?<holder>[^\n]*[.$](_cache|cache)>[^\n]*)\n\+\.\*>Module$|^ (?<holder>[^\n]*\.children>Array)\n( #elements>[^\n]*\n)?\+\[\]>Module$", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
