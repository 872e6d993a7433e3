using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Node's own modules and bindings, each loaded once when it is first needed: there is a fixed number of them.</summary>
internal static partial class BuiltinModules
{
    public static Recogniser Instance { get; } = new("builtin_modules", Pattern(), "in Node's own modules", "Node loads each of its modules once.")
    { IsBounded = true };

    [GeneratedRegex(@"^ [^\n]*((>BuiltinModule|moduleLoadList>Array)\n( [^\n]*\n){0,2}|\$bindingObj>Object\n( [^\n]*\n){0,6})\+|^\+\$bindingObj>Object$|>BuiltinModule\(\)\n \.map>Map\n( #table>[^\n]*\n)?\+", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
