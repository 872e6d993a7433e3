using System.Buffers;
using System.Text;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Sources.Snapshot;

/// <summary>Reads JSON strings into a string table, their escapes resolved.</summary>
internal static class StringSection
{
    private static readonly SearchValues<byte> QuoteOrBackslash = SearchValues.Create("\"\\"u8);

    /// <summary>Reads the array of strings up to and with its closing bracket; the cursor stands after the opening one.</summary>
    /// <returns>False where the text ended too soon: the table has the strings that were whole.</returns>
    public static bool Read(JsonCursor cursor, StringTableBuilder strings, Work work)
    {
        if (cursor.Take(']')) return true;
        do
        {
            if (cursor.PeekToken() < 0) return false;
            cursor.Expect('"', "to begin a string in \"strings\"");
            if (!ReadString(cursor, strings)) return false;
            work.ThrowIfCancelled(strings.Count);
        }
        while (cursor.Take(','));

        if (cursor.PeekToken() < 0) return false;
        cursor.Expect(']', "or ',' after a string in \"strings\"");
        return true;
    }

    /// <summary>Reads one string that is not part of the table (a key), with its closing quote.</summary>
    public static string ReadKey(JsonCursor cursor)
    {
        cursor.Expect('"', "to begin a key");
        int end = FindEnd(cursor, Limits.MaxSectionNameBytes, nameof(Limits.MaxSectionNameBytes), out _);
        if (end < 0) throw cursor.Unexpected(-1, "the end of a key");
        string key = Encoding.UTF8.GetString(cursor.Buffered()[..end]);
        cursor.Advance(end + 1);
        return key;
    }

    /// <summary>Passes over a string; the cursor stands after its opening quote.</summary>
    public static void Skip(JsonCursor cursor)
    {
        while (true)
        {
            ReadOnlySpan<byte> text = cursor.Buffered();
            if (text.IsEmpty) throw cursor.Unexpected(-1, "the end of a string");
            int at = text.IndexOfAny(QuoteOrBackslash);
            if (at < 0)
            {
                cursor.Advance(text.Length);
                continue;
            }

            bool quote = text[at] == (byte)'"';
            cursor.Advance(at + 1);
            if (quote) return;
            if (cursor.Peek() >= 0) cursor.Advance(1);
        }
    }

    private static bool ReadString(JsonCursor cursor, StringTableBuilder strings)
    {
        int end = FindEnd(cursor, Limits.MaxStringBytes, nameof(Limits.MaxStringBytes), out bool escaped);
        if (end < 0) return false;
        ReadOnlySpan<byte> text = cursor.Buffered()[..end];
        if (escaped)
        {
            int written = JsonEscapes.Decode(text, strings.Reserve(text.Length), out int bad);
            if (bad >= 0)
            {
                throw InputException.At(cursor.InputName, cursor.Offset + bad, "a backslash that begins no JSON escape",
                    "\\\" \\\\ \\/ \\b \\f \\n \\r \\t or \\uXXXX", "The file is damaged.");
            }

            strings.Commit(written);
        }
        else
        {
            strings.Append(text);
        }

        cursor.Advance(end + 1);
        return true;
    }

    /// <summary>Where in the cursor's buffer the closing quote is, or -1 where the text ends before it.</summary>
    private static int FindEnd(JsonCursor cursor, int limit, string limitName, out bool escaped)
    {
        escaped = false;
        ReadOnlySpan<byte> text = cursor.Buffered();
        int from = 0;
        while (true)
        {
            int at = from < text.Length ? text[from..].IndexOfAny(QuoteOrBackslash) : -1;
            bool ends = at >= 0 && text[from + at] == (byte)'"';
            if ((ends ? from + at : from) > limit)
                throw new InputException($"{cursor.InputName}: at byte {cursor.Offset}: a string of more than {limit} bytes (limit {limitName}). The file is damaged.");
            if (ends) return from + at;
            if (at >= 0)
            {
                escaped = true;
                from += at + 2;
                if (from <= text.Length) continue;
            }
            else
            {
                from = text.Length;
            }

            int had = text.Length;
            text = cursor.BufferMore();
            if (text.Length == had) return -1;
        }
    }
}
