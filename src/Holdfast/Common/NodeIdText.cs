using System.Globalization;

namespace Holdfast.Common;

/// <summary>
/// How an object's id is written for people: <c>@1234</c>, or <c>0x1a2b3c4d5e61</c> where it is an address, which V8's own ids are
/// too small to be.
/// </summary>
public static class NodeIdText
{
    public static string Show(ulong id) => id > uint.MaxValue
        ? "0x" + id.ToString("x", CultureInfo.InvariantCulture)
        : "@" + id.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether a text can only be an id.</summary>
    public static bool IsId(string text) => text.Length > 1 && (text[0] == '@' || IsHexadecimal(text)) && TryParse(text, out _);

    /// <summary>Reads <c>@1234</c>, <c>1234</c>, <c>0x1a2b</c>, <c>@0x1a2b</c>.</summary>
    public static bool TryParse(string text, out ulong id)
    {
        ReadOnlySpan<char> digits = text.StartsWith('@') ? text.AsSpan(1) : text;
        return IsHexadecimal(digits)
            ? ulong.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out id)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out id);
    }

    private static bool IsHexadecimal(ReadOnlySpan<char> text) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && text.Length > 2;
}
