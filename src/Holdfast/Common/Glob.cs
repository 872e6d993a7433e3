using System.Text;

namespace Holdfast.Common;

/// <summary>
/// A pattern over UTF-8 text: <c>*</c> is any text, also none, <c>?</c> is one character, everything else is itself.
/// Upper and lower case differ.
/// </summary>
public sealed class Glob(string pattern)
{
    private readonly byte[] _pattern = Encoding.UTF8.GetBytes(pattern);

    public string Pattern => pattern;

    /// <summary>Whether the text holds a character that means something else than itself.</summary>
    public static bool IsGlob(string text) => text.AsSpan().IndexOfAny('*', '?') >= 0;

    public bool Matches(string text) => Matches(Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// Whether the whole text matches. Only the last <c>*</c> is ever tried again, one character further on, so the
    /// time is at most the product of the two lengths.
    /// </summary>
    public bool Matches(ReadOnlySpan<byte> utf8)
    {
        int at = 0, place = 0, star = -1, retry = 0;
        while (at < utf8.Length)
        {
            if (place < _pattern.Length && _pattern[place] == '*')
            {
                star = place++;
                retry = at;
            }
            else if (place < _pattern.Length && _pattern[place] == '?')
            {
                at += CharacterLength(utf8[at..]);
                place++;
            }
            else if (place < _pattern.Length && _pattern[place] == utf8[at])
            {
                at++;
                place++;
            }
            else if (star >= 0)
            {
                retry += CharacterLength(utf8[retry..]);
                at = retry;
                place = star + 1;
            }
            else
            {
                return false;
            }
        }

        while (place < _pattern.Length && _pattern[place] == '*') place++;
        return place == _pattern.Length;
    }

    private static int CharacterLength(ReadOnlySpan<byte> utf8)
    {
        int length = 1;
        while (length < utf8.Length && (utf8[length] & 0xC0) == 0x80) length++;
        return length;
    }
}
