namespace Holdfast.Common;

/// <summary>UTF-8 in which a lone surrogate is kept as its three bytes, so that different strings of JavaScript stay different.</summary>
internal static class Wtf8
{
    /// <summary>Encodes all of the text; the buffer has three bytes for each character. Bytes written.</summary>
    public static int Encode(ReadOnlySpan<char> text, Span<byte> into)
    {
        int at = 0;
        for (int i = 0; i < text.Length; i++)
        {
            int c = text[i];
            if (c < 0x80)
            {
                into[at++] = (byte)c;
                continue;
            }

            if (c < 0x800)
            {
                into[at++] = (byte)(0xC0 | (c >> 6));
                into[at++] = (byte)(0x80 | (c & 0x3F));
                continue;
            }

            if (char.IsHighSurrogate((char)c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                c = char.ConvertToUtf32((char)c, text[++i]);
                into[at++] = (byte)(0xF0 | (c >> 18));
                into[at++] = (byte)(0x80 | (c >> 12 & 0x3F));
            }
            else
            {
                into[at++] = (byte)(0xE0 | (c >> 12));
            }

            into[at++] = (byte)(0x80 | (c >> 6 & 0x3F));
            into[at++] = (byte)(0x80 | (c & 0x3F));
        }

        return at;
    }
}
