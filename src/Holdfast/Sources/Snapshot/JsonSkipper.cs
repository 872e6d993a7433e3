using Holdfast.Common;

namespace Holdfast.Sources.Snapshot;

/// <summary>Passes over a JSON value of any kind and depth, or takes its bytes.</summary>
internal static class JsonSkipper
{
    /// <summary>Passes over the value the cursor stands before.</summary>
    public static void Skip(JsonCursor cursor, Work work)
    {
        int depth = 0;
        long bytes = 0;
        do
        {
            int next = cursor.PeekToken();
            if (next < 0) throw cursor.Unexpected(next, "the rest of a value");
            work.ThrowIfCancelled((int)(bytes++ & 0xFFFF));
            cursor.Advance(1);
            switch (next)
            {
                case '"':
                    StringSection.Skip(cursor);
                    break;
                case '[' or '{':
                    if (++depth > Limits.MaxNesting)
                        throw new InputException($"{cursor.InputName}: at byte {cursor.Offset}: values nested more than {Limits.MaxNesting} deep (limit MaxNesting). The file is damaged, or no V8 heap snapshot.");
                    break;
                case ']' or '}':
                    depth--;
                    break;
            }
        }
        while (depth > 0 || IsInsideScalar(cursor));
    }

    /// <summary>The bytes of the value the cursor stands before, at most <paramref name="limit"/> of them.</summary>
    public static byte[] Take(JsonCursor cursor, int limit, string limitName)
    {
        if (cursor.PeekToken() < 0) throw cursor.Unexpected(-1, "a value");
        int depth = 0, at = 0;
        bool inString = false;
        ReadOnlySpan<byte> text = cursor.Buffered();
        while (true)
        {
            for (; at < text.Length; at++)
            {
                byte b = text[at];
                if (inString)
                {
                    if (b == '\\') at++;
                    else if (b == '"') inString = false;
                }
                else if (b == '"')
                {
                    inString = true;
                }
                else if (b is (byte)'{' or (byte)'[')
                {
                    depth++;
                }
                else if (b is (byte)'}' or (byte)']' && --depth <= 0)
                {
                    byte[] taken = text[..(at + 1)].ToArray();
                    cursor.Advance(at + 1);
                    return taken;
                }
            }

            if (text.Length > limit)
                throw new InputException($"{cursor.InputName}: at byte {cursor.Offset}: a section of more than {limit} bytes (limit {limitName}). The file is damaged, or no V8 heap snapshot.");
            int had = text.Length;
            text = cursor.BufferMore();
            if (text.Length == had) throw new InputException($"{cursor.InputName}: the file ends inside its header, before any node. It was cut short, or is no V8 heap snapshot.");
        }
    }

    /// <summary>Whether a number or word goes on: the next byte ends no value.</summary>
    private static bool IsInsideScalar(JsonCursor cursor) =>
        cursor.Peek() is >= 0 and not (',' or ']' or '}' or ' ' or '\n' or '\r' or '\t');
}
