using System.Globalization;
using System.Text;

namespace Holdfast.Tests.Golden;

/// <summary>A row of a table of DevTools' numbers. Texts are JSON strings, as JavaScript writes them.</summary>
internal sealed class GoldenRow(string[] columns, string[] values)
{
    public long Number(string column) => long.Parse(Value(column), CultureInfo.InvariantCulture);

    public string Plain(string column) => Value(column);

    /// <summary>The text in the first column.</summary>
    public string First() => Text(columns[0]);

    public string Text(string column)
    {
        string json = Value(column);
        var text = new StringBuilder(json.Length);
        for (int i = 1; i < json.Length - 1; i++)
        {
            char c = json[i] == '\\' ? json[++i] : '\0';
            text.Append(c switch
            {
                '\0' => json[i],
                'b' => '\b',
                'f' => '\f',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => (char)ushort.Parse(json.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture),
                _ => c,
            });
            if (c == 'u') i += 4;
        }

        return Comparable(text.ToString());
    }

    /// <summary>The first characters of a text, with U+FFFD for each half of a surrogate pair, which the cut may leave.</summary>
    public static string Comparable(string text, int length = int.MaxValue)
    {
        char[] characters = text[..Math.Min(length, text.Length)].ToCharArray();
        for (int i = 0; i < characters.Length; i++)
        {
            if (i + 1 < characters.Length && char.IsSurrogatePair(characters[i], characters[i + 1])) i++;
            else if (char.IsSurrogate(characters[i])) characters[i] = '\uFFFD';
        }

        return new string(characters);
    }

    private string Value(string column) => values[Array.IndexOf(columns, column)];
}
