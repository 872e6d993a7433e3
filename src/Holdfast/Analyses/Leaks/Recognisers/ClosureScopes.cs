using System.Text.RegularExpressions;

namespace Holdfast.Analyses.Leaks.Recognisers;

/// <summary>Variables of a function that another function keeps.</summary>
internal static partial class ClosureScopes
{
    public static Recogniser Instance { get; } = new("closure_scopes", Pattern(),
        "Function {function} keeps each by the variable {variable} of its scope",
        "Set that variable to null when it is done with, or keep {function} for a shorter time: functions of one scope share all its variables.");

    [GeneratedRegex(@">(?<function>[^\n(][^\n]*)\(\)\n\+#context>system / Context\n(\+#previous>system / Context\n)*\+\$(?<variable>[^>\n]*)>[^\n]*\n=", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
