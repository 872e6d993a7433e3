using Holdfast.Views;

namespace Holdfast.Cli.Shell;

/// <summary>Words below each other in as many columns as there is room for.</summary>
internal static class CompletionList
{
    private const int Gap = 2;

    public static IEnumerable<string> Arrange(IReadOnlyList<string> words, int width)
    {
        string[] shown = [.. words.Select(w => Printable.Cut(Printable.Make(w), Math.Max(1, width - 1)))];
        int widest = shown.Select(Printable.Width).DefaultIfEmpty(0).Max() + Gap;
        int columns = Math.Max(1, (width - 1) / widest), rows = (shown.Length + columns - 1) / columns;
        for (int row = 0; row < rows; row++)
        {
            string line = "";
            for (int at = row; at < shown.Length; at += rows) line += shown[at] + new string(' ', widest - Printable.Width(shown[at]));
            yield return line.TrimEnd();
        }
    }
}
