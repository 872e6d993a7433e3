using System.Globalization;
using System.Text;
using Wcwidth;

namespace Holdfast.Views;

/// <summary>Text from a heap, made fit for a terminal: no control characters, measured and cut by columns.</summary>
public static class Printable
{
    private const string Ellipsis = "…";

    /// <summary>Control characters and the like written as escapes, so that a name can neither break a row nor drive the terminal.</summary>
    public static string Make(string text)
    {
        int first = 0;
        while (first < text.Length && !MustEscape(text[first])) first++;
        if (first == text.Length) return text;
        var safe = new StringBuilder(text, 0, first, text.Length + 16);
        foreach (char c in text.AsSpan(first))
        {
            _ = c switch
            {
                '\n' => safe.Append("\\n"),
                '\r' => safe.Append("\\r"),
                '\t' => safe.Append("\\t"),
                _ when MustEscape(c) => safe.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => safe.Append(c),
            };
        }

        return safe.ToString();
    }

    /// <summary>Terminal columns the text takes.</summary>
    public static int Width(string text)
    {
        int width = 0;
        foreach (Rune rune in text.EnumerateRunes()) width += RuneWidth(rune);
        return width;
    }

    /// <summary>The text in at most this many columns, cut in the middle: both ends of a name tell it from others.</summary>
    public static string Cut(string text, int columns)
    {
        if (Width(text) <= columns) return text;
        if (columns <= 1) return columns == 1 ? Ellipsis : "";
        int back = (columns - 1) / 2;
        return Front(text, columns - 1 - back) + Ellipsis + Back(text, back);
    }

    private static bool MustEscape(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    /// <summary>Terminal columns a character takes.</summary>
    public static int RuneWidth(Rune rune) => rune.Value < 0x7F ? 1 : Math.Max(0, UnicodeCalculator.GetWidth(rune));

    private static string Front(string text, int columns)
    {
        int used = 0, length = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            used += RuneWidth(rune);
            if (used > columns) break;
            length += rune.Utf16SequenceLength;
        }

        return text[..Math.Min(length, text.Length)];
    }

    private static string Back(string text, int columns)
    {
        int used = 0, start = text.Length;
        while (start > 0)
        {
            bool pair = start > 1 && char.IsSurrogatePair(text[start - 2], text[start - 1]);
            Rune rune = pair ? new Rune(text[start - 2], text[start - 1])
                : Rune.TryCreate(text[start - 1], out Rune single) ? single : Rune.ReplacementChar;
            used += RuneWidth(rune);
            if (used > columns) break;
            start -= pair ? 2 : 1;
        }

        return text[start..];
    }
}
