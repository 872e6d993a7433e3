using System.Buffers;

namespace Holdfast.Cli.Shell;

/// <summary>What a word being typed could become.</summary>
/// <param name="Start">Where the word begins in the line.</param>
/// <param name="Quote">The quote it was begun with, or <c>'\0'</c>.</param>
/// <param name="Values">Whole words, without quotes, in order.</param>
internal sealed record Completion(int Start, char Quote, IReadOnlyList<string> Values)
{
    private static readonly SearchValues<char> Special = SearchValues.Create(" \t'\"\\;|");

    public static Completion Nothing { get; } = new(0, '\0', []);

    /// <summary>What can be typed for the user: the whole word and a blank where there is one only, else what all have in common.</summary>
    public string Common()
    {
        if (Values.Count == 0) return "";
        string common = Values[0];
        foreach (string value in Values)
        {
            int same = 0;
            while (same < common.Length && same < value.Length && common[same] == value[same]) same++;
            common = common[..same];
        }

        if (common.Length > 0 && char.IsHighSurrogate(common[^1])) common = common[..^1];
        if (common.Length == 0 && Values.Count > 1) return "";
        char quote = Quote == '\0' && Values.Any(NeedsQuotes) ? '\'' : Quote;
        string text = quote switch
        {
            '\'' => "'" + common.Replace("'", "'\\''", StringComparison.Ordinal),
            '"' => "\"" + common.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal),
            _ => common,
        };
        if (Values.Count > 1 || common.EndsWith('/') || common.EndsWith(':')) return text;
        return text + (quote == '\0' ? "" : quote) + " ";
    }

    /// <summary>Whether the shell would read something else than the word.</summary>
    private static bool NeedsQuotes(string word) =>
        word.StartsWith('#') || word.AsSpan().ContainsAny(Special) || (word.Contains('$', StringComparison.Ordinal) && !IsResult(word));

    private static bool IsResult(string word) => word is "$_" or "$in" || (word[0] == '$' && word.AsSpan(1).ContainsAnyExceptInRange('0', '9') == false);
}
