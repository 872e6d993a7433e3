using Holdfast.Common;

namespace Holdfast.Model;

/// <summary>Collects strings in order; the only way to make a <see cref="StringTable"/>.</summary>
public sealed class StringTableBuilder : IDisposable
{
    private const int SegmentBytes = 16 << 20;

    /// <summary>By hash of the text: the hash, and below it the index plus one; for <see cref="Intern(string)"/>.</summary>
    private ulong[] _slots = [];
    private readonly List<Column<byte>> _segments = [];
    private readonly Column<ulong> _starts = new(1024);
    private readonly Column<uint> _lengths = new(1024);
    private int _used;

    public int Count { get; private set; }

    /// <summary>The index of this text, added if it is new.</summary>
    public int Intern(string text)
    {
        Span<byte> utf8 = text.Length <= 256 ? stackalloc byte[text.Length * 3] : new byte[text.Length * 3];
        return Intern(utf8[..Wtf8.Encode(text, utf8)]);
    }

    /// <summary>The index of this text, added if it is new: for builders that have one text many times. Readers of files append.</summary>
    public int Intern(ReadOnlySpan<byte> utf8)
    {
        if (Count >= _slots.Length / 2) Rehash();
        uint hash = Hash(utf8);
        int mask = _slots.Length - 1;
        for (int slot = (int)hash & mask; ; slot = (slot + 1) & mask)
        {
            ulong there = _slots[slot];
            if (there == 0)
            {
                int added = Append(utf8);
                _slots[slot] = ((ulong)hash << 32) | ((uint)added + 1);
                return added;
            }

            if ((uint)(there >> 32) != hash) continue;
            int index = (int)(uint)there - 1;
            if (_lengths[index] == utf8.Length && Written(index).SequenceEqual(utf8)) return index;
        }
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

    /// <summary>The bytes of a string that was added.</summary>
    public ReadOnlySpan<byte> Written(int index)
    {
        ulong start = _starts[index];
        return _segments[(int)(start >> 32)].Span.Slice((int)(uint)start, (int)_lengths[index]);
    }

    /// <summary>Makes room for as many again, and more; what is appended without being interned is not looked for.</summary>
    private void Rehash()
    {
        ulong[] slots = new ulong[Math.Max(1024, _slots.Length * 4)];
        int mask = slots.Length - 1;
        foreach (ulong there in _slots)
        {
            if (there == 0) continue;
            int slot = (int)(there >> 32) & mask;
            while (slots[slot] != 0) slot = (slot + 1) & mask;
            slots[slot] = there;
        }

        _slots = slots;
    }

    private static uint Hash(ReadOnlySpan<byte> utf8)
    {
        var hash = new HashCode();
        hash.AddBytes(utf8);
        return (uint)hash.ToHashCode();
    }

    private void Grow()
    {
        if (Count >= Limits.MaxStrings) throw new InputException($"more than {Limits.MaxStrings} strings (limit MaxStrings)");
        long length = Math.Min(Limits.MaxStrings, _lengths.Length * 2L);
        _starts.Resize(length);
        _lengths.Resize(length);
    }
}
