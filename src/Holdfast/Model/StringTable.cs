using System.Text;
using Holdfast.Common;

namespace Holdfast.Model;

/// <summary>
/// A graph's strings (names of nodes and edges, contents of strings), as UTF-8 bytes until shown; a lone surrogate
/// is kept as its three bytes (WTF-8). 12 bytes a string beside the text.
/// </summary>
public sealed class StringTable : IDisposable
{
    private readonly List<Column<byte>> _segments;
    private readonly Column<ulong> _starts;
    private readonly Column<uint> _lengths;

    internal StringTable(List<Column<byte>> segments, Column<ulong> starts, Column<uint> lengths)
    {
        _segments = segments;
        _starts = starts;
        _lengths = lengths;
    }

    public int Count => _lengths.Length;

    /// <summary>The bytes of string <paramref name="index"/>, 0 to <see cref="Count"/> - 1.</summary>
    public ReadOnlySpan<byte> Utf8(int index)
    {
        ulong start = _starts[index];
        return _segments[(int)(start >> 32)].Span.Slice((int)(uint)start, (int)_lengths[index]);
    }

    /// <summary>Bytes of string <paramref name="index"/>.</summary>
    public int Utf8Length(int index) => (int)_lengths[index];

    /// <summary>The string as text; a lone surrogate becomes U+FFFD.</summary>
    public string Decode(int index)
    {
        ReadOnlySpan<byte> utf8 = Utf8(index);
        int surrogate = FindSurrogate(utf8);
        if (surrogate < 0) return Encoding.UTF8.GetString(utf8);

        // A decoder of UTF-8 would make three characters of its three bytes.
        byte[] replaced = utf8.ToArray();
        for (int from = 0; surrogate >= 0; surrogate = FindSurrogate(utf8[from..]))
        {
            "\uFFFD"u8.CopyTo(replaced.AsSpan(from + surrogate));
            from += surrogate + 3;
        }

        return Encoding.UTF8.GetString(replaced);
    }

    /// <summary>Length in UTF-16 units, the length JavaScript gives.</summary>
    public int Utf16Length(int index)
    {
        int length = 0;
        foreach (byte b in Utf8(index))
        {
            if ((b & 0xC0) != 0x80) length += b >= 0xF0 ? 2 : 1;
        }

        return length;
    }

    /// <summary>The first string with exactly these bytes, or -1.</summary>
    public int Find(ReadOnlySpan<byte> utf8)
    {
        ReadOnlySpan<uint> lengths = _lengths.Span;
        for (int i = 0; i < lengths.Length; i++)
        {
            if (lengths[i] == utf8.Length && Utf8(i).SequenceEqual(utf8)) return i;
        }

        return -1;
    }

    public void Dispose()
    {
        foreach (Column<byte> segment in _segments) segment.Dispose();
        _segments.Clear();
        _starts.Dispose();
        _lengths.Dispose();
    }

    private static int FindSurrogate(ReadOnlySpan<byte> utf8)
    {
        for (int at = 0, next; (next = utf8[at..].IndexOf((byte)0xED)) >= 0; at += next + 1)
        {
            if (utf8[(at + next)..] is [_, >= 0xA0, _, ..]) return at + next;
        }

        return -1;
    }
}
