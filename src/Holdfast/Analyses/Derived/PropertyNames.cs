using System.Buffers;
using System.Globalization;
using System.Text;
using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>
/// Property names as they stand in an interface's name: as they are, or as a JSON string where they hold one of
/// <c>, ' " { }</c>. Source: DevTools, JSHeapSnapshotNode.formatPropertyName.
/// </summary>
internal static class PropertyNames
{
    private static readonly SearchValues<char> Special = SearchValues.Create(",'\"{}");
    private static readonly SearchValues<byte> SpecialUtf8 = SearchValues.Create(",'\"{}"u8);

    public static string Format(string name) => name.AsSpan().IndexOfAny(Special) < 0 ? name : ToJson(name);

    /// <summary>UTF-16 length of <see cref="Format"/>.</summary>
    public static int FormattedLength(StringTable strings, int name) =>
        strings.Utf8(name).IndexOfAny(SpecialUtf8) < 0 ? strings.Utf16Length(name) : Format(strings.Decode(name)).Length;

    /// <summary>What JavaScript's JSON.stringify gives.</summary>
    private static string ToJson(string text)
    {
        var json = new StringBuilder("\"", text.Length + 8);
        foreach (char c in text)
        {
            _ = c switch
            {
                '"' => json.Append("\\\""),
                '\\' => json.Append("\\\\"),
                '\b' => json.Append("\\b"),
                '\f' => json.Append("\\f"),
                '\n' => json.Append("\\n"),
                '\r' => json.Append("\\r"),
                '\t' => json.Append("\\t"),
                < ' ' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => json.Append(c),
            };
        }

        return json.Append('"').ToString();
    }
}
