using System.Globalization;

namespace Holdfast.Sources.Snapshot;

/// <summary>
/// Resolves the escapes of a JSON string to UTF-8. A surrogate pair becomes one character; a surrogate alone, which
/// V8 writes for cut strings, becomes its own three bytes (WTF-8), so that different strings stay different.
/// </summary>
internal static class JsonEscapes
{
    /// <param name="text">What stands between the quotes.</param>
    /// <param name="target">At least as long as the text.</param>
    /// <param name="bad">Where an escape is wrong, or -1.</param>
    /// <returns>Bytes written.</returns>
    public static int Decode(ReadOnlySpan<byte> text, Span<byte> target, out int bad)
    {
        int written = 0;
        int at = 0;
        bad = -1;
        while (at < text.Length)
        {
            int plain = text[at..].IndexOf((byte)'\\');
            if (plain < 0) plain = text.Length - at;
            text.Slice(at, plain).CopyTo(target[written..]);
            at += plain;
            written += plain;
            if (at == text.Length) break;
            int length = DecodeOne(text[at..], out int codePoint);
            if (length == 0)
            {
                bad = at;
                break;
            }

            at += length;
            written += Encode(codePoint, target[written..]);
        }

        return written;
    }

    /// <summary>One escape, or the two of a surrogate pair; gives its length, 0 where it is none.</summary>
    private static int DecodeOne(ReadOnlySpan<byte> text, out int codePoint)
    {
        codePoint = text.Length < 2 ? -1 : text[1] switch
        {
            (byte)'"' => '"',
            (byte)'\\' => '\\',
            (byte)'/' => '/',
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            _ => -1,
        };
        if (codePoint >= 0) return 2;
        codePoint = Unit(text);
        if (codePoint < 0) return 0;
        if (codePoint is < 0xD800 or > 0xDBFF) return 6;
        int low = Unit(text[6..]);
        if (low is < 0xDC00 or > 0xDFFF) return 6;
        codePoint = 0x10000 + ((codePoint - 0xD800) << 10) + (low - 0xDC00);
        return 12;
    }

    /// <summary>The UTF-16 unit of <c>\uXXXX</c>, or -1.</summary>
    private static int Unit(ReadOnlySpan<byte> text) =>
        text.Length >= 6 && text[0] == '\\' && text[1] == 'u'
        && ushort.TryParse(text.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit)
            ? unit
            : -1;

    private static int Encode(int codePoint, Span<byte> target)
    {
        switch (codePoint)
        {
            case < 0x80:
                target[0] = (byte)codePoint;
                return 1;
            case < 0x800:
                target[0] = (byte)(0xC0 | codePoint >> 6);
                target[1] = (byte)(0x80 | codePoint & 0x3F);
                return 2;
            case < 0x10000:
                target[0] = (byte)(0xE0 | codePoint >> 12);
                target[1] = (byte)(0x80 | codePoint >> 6 & 0x3F);
                target[2] = (byte)(0x80 | codePoint & 0x3F);
                return 3;
            default:
                target[0] = (byte)(0xF0 | codePoint >> 18);
                target[1] = (byte)(0x80 | codePoint >> 12 & 0x3F);
                target[2] = (byte)(0x80 | codePoint >> 6 & 0x3F);
                target[3] = (byte)(0x80 | codePoint & 0x3F);
                return 4;
        }
    }
}
