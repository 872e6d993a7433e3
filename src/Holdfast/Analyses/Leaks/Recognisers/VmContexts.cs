using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Contexts of the vm module.</summary>
internal static partial class VmContexts
{
    public static Recogniser Instance { get; } = new("vm_contexts", Pattern(),
        "They are contexts of the vm module with all built-ins of their own",
        "Use one context again instead of a new one for each script, and drop every function and object that came out of it.");

    [GeneratedRegex(@"^\+[^\n]*(node:contextify:context|>system / NativeContext\n|\(global\*?\)\n)", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
