using System.Text;
using Holdfast.Common;

namespace Holdfast.Model;

/// <summary>Collects strings in order; the only way to make a <see cref="StringTable"/>.</summary>
public sealed class StringTableBuilder : IDisposable
{
    private const int SegmentBytes = 16 << 20;

    private readonly Dictionary<string, int> _byText = [];
    private readonly List<Column<byte>> _segments = [];
    private readonly Column<ulong> _starts = new(1024);
    private readonly Column<uint> _lengths = new(1024);
    private int _used;

    public int Count { get; private set; }

    /// <summary>The index of this text, added if it is new. For builders of small graphs; readers of files append.</summary>
    public int Intern(string text)
    {
        if (_byText.TryGetValue(text, out int index)) return index;
        index = Append(Encoding.UTF8.GetBytes(text));
        _byText.Add(text, index);
        return index;
    }

    /// <summary>Appends one string and gives its index, whether or not the same string is there already.</summary>
    public int Append(ReadOnlySpan<byte> utf8)
    {
        utf8.CopyTo(Reserve(utf8.Length));
        Commit(utf8.Length);
        return Count - 1;
    }

    /// <summary>Room for a string of at most <paramref name="maxBytes"/>; <see cref="Commit"/> says how many were used.</summary>
    public Span<byte> Reserve(int maxBytes)
    {
        if (maxBytes > Limits.MaxStringBytes)
            throw new InputException($"a string of more than {Limits.MaxStringBytes} bytes (limit MaxStringBytes)");
        if (_segments.Count == 0 || _segments[^1].Length - _used < maxBytes)
        {
            _segments.Add(new Column<byte>(Math.Max(SegmentBytes, maxBytes)));
            _used = 0;
        }

        return _segments[^1].Span.Slice(_used, maxBytes);
    }

    /// <summary>Ends the string that was written into the span of the last <see cref="Reserve"/>.</summary>
    public void Commit(int bytes)
    {
        if (Count == _lengths.Length) Grow();
        _starts[Count] = ((ulong)(_segments.Count - 1) << 32) | (uint)_used;
        _lengths[Count] = (uint)bytes;
        Count++;
        _used += bytes;
    }

    /// <summary>The bytes of a string that was added.</summary>
    public ReadOnlySpan<byte> Utf8(int index) =>
        _segments[(int)(_starts[index] >> 32)].Span.Slice((int)(uint)_starts[index], (int)_lengths[index]);

    public StringTable Build()
    {
        _starts.Resize(Count);
        _lengths.Resize(Count);
        return new StringTable(_segments, _starts, _lengths);
    }

    /// <summary>Gives the memory back when no table is built.</summary>
    public void Dispose()
    {
        foreach (Column<byte> segment in _segments) segment.Dispose();
        _starts.Dispose();
        _lengths.Dispose();
    }

    private void Grow()
    {
        if (Count >= Limits.MaxStrings) throw new InputException($"more than {Limits.MaxStrings} strings (limit MaxStrings)");
        long length = Math.Min(Limits.MaxStrings, _lengths.Length * 2L);
        _starts.Resize(length);
        _lengths.Resize(length);
    }
}
