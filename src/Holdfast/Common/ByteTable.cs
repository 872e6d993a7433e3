using System.Buffers.Binary;
using System.Text;

namespace Holdfast.Common;

/// <summary>
/// Different strings of bytes, each kept once and numbered from 0 in the order they came. 16 bytes and its text for each.
/// </summary>
public sealed class ByteTable
{
    private const ulong Multiplier = 0x9E3779B97F4A7C15;

    // Of this process alone, so that no file can be made whose names all fall into one place.
    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64();

    private byte[] _bytes = new byte[4096];
    private int[] _ends = new int[256];
    private uint[] _hashes = new uint[256];
    private int[] _slots = new int[1024];

    public int Count { get; private set; }

    /// <summary>Bytes of all strings together.</summary>
    public int TotalBytes => Count == 0 ? 0 : _ends[Count - 1];

    /// <summary>The bytes of a string; they stay where they are only until the next is added.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            int start = index == 0 ? 0 : _ends[index - 1];
            return _bytes.AsSpan(start, _ends[index] - start);
        }
    }

    public string Decode(int index) => Encoding.UTF8.GetString(this[index]);

    public int Add(string text) => Add(Encoding.UTF8.GetBytes(text));

    /// <summary>The number of a string, which is added where it is new.</summary>
    /// <exception cref="InputException">All together are more than <see cref="Limits.MaxNameTableBytes"/>.</exception>
    public int Add(ReadOnlySpan<byte> text)
    {
        uint hash = Hash(text);
        int mask = _slots.Length - 1, slot = (int)hash & mask;
        while (_slots[slot] is > 0 and int found)
        {
            if (_hashes[found - 1] == hash && this[found - 1].SequenceEqual(text)) return found - 1;
            slot = (slot + 1) & mask;
        }

        return Append(text, hash, slot);
    }

    /// <summary>The number of a string, or -1 where it is not here.</summary>
    public int Find(ReadOnlySpan<byte> text)
    {
        uint hash = Hash(text);
        int mask = _slots.Length - 1, slot = (int)hash & mask;
        while (_slots[slot] is > 0 and int found)
        {
            if (_hashes[found - 1] == hash && this[found - 1].SequenceEqual(text)) return found - 1;
            slot = (slot + 1) & mask;
        }

        return -1;
    }

    /// <summary>Forgets all strings and keeps the room.</summary>
    public void Clear()
    {
        Count = 0;
        Array.Clear(_slots);
    }

    /// <summary>A number for bytes that is the same for equal ones, eight bytes a step.</summary>
    internal static uint Hash(ReadOnlySpan<byte> text)
    {
        ulong hash = Seed ^ (ulong)text.Length;
        while (text.Length >= 8)
        {
            hash = (hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text)) * Multiplier;
            hash ^= hash >> 29;
            text = text[8..];
        }

        ulong last = 0;
        foreach (byte b in text) last = last << 8 | b;
        hash = (hash ^ last) * Multiplier;
        return (uint)(hash >> 32);
    }

    private int Append(ReadOnlySpan<byte> text, uint hash, int slot)
    {
        int start = TotalBytes;
        if (text.Length > Limits.MaxNameTableBytes - start)
            throw new InputException($"The names of a profile are more than {nameof(Limits.MaxNameTableBytes)} = {Limits.MaxNameTableBytes} bytes together. Profile for a shorter time, or group what is the same.");
        int end = start + text.Length;
        if (end > _bytes.Length) Array.Resize(ref _bytes, (int)Math.Min(Limits.MaxNameTableBytes, Math.Max(end, _bytes.Length * 2L)));
        text.CopyTo(_bytes.AsSpan(start));
        if (Count == _ends.Length)
        {
            Array.Resize(ref _ends, Count * 2);
            Array.Resize(ref _hashes, Count * 2);
        }

        _ends[Count] = end;
        _hashes[Count] = hash;
        _slots[slot] = ++Count;
        if (Count * 2 > _slots.Length) Spread();
        return Count - 1;
    }

    private void Spread()
    {
        _slots = new int[_slots.Length * 2];
        int mask = _slots.Length - 1;
        for (int i = 0; i < Count; i++)
        {
            int slot = (int)_hashes[i] & mask;
            while (_slots[slot] != 0) slot = (slot + 1) & mask;
            _slots[slot] = i + 1;
        }
    }
}
