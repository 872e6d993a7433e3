namespace Holdfast.Commands;

/// <summary>Checks that failed as GitHub's workflow commands, at the place in the code that a suspect names.</summary>
internal static class GitHubAnnotations
{
    public static IReadOnlyList<string> Write(IReadOnlyList<BudgetCheck> checks, LeaksRecord record)
    {
        var lines = new List<string>();
        foreach (BudgetCheck check in checks.Where(c => !c.Passed))
        {
            if (check.Name == "suspects") lines.AddRange(record.Suspects.Select(Annotate));
            else lines.Add($"::error title=Memory budget::{Escape($"{check.Name} is {check.Actual}, the budget is {check.Limit}")}");
        }

        return lines;
    }

    private static string Annotate(SuspectRecord suspect)
    {
        string place = suspect.Location is { File: { } file } at
            ? $"file={EscapeProperty(file.StartsWith("file://", StringComparison.Ordinal) ? file["file://".Length..] : file)},line={at.Line},col={at.Column},"
            : "";
        return $"::error {place}title={EscapeProperty($"Memory leak: {suspect.Constructor}")}::{Escape(suspect.Explanation)}";
    }

    private static string Escape(string text) => text.Replace("%", "%25", StringComparison.Ordinal)
        .Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string EscapeProperty(string text) => Escape(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
