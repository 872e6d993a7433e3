using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Whatever else holds: a variable or property from which the objects are reached, one by another.</summary>
internal static partial class VariableOrProperty
{
    public static Recogniser Instance { get; } = new("chain", Pattern(),
        "in a chain that begins at {holder}",
        "Look at what each new object keeps of the one before (a next link, or a function whose scope still has the old value), and cut that link.");

    [GeneratedRegex("")]
    private static partial Regex Pattern();
}
