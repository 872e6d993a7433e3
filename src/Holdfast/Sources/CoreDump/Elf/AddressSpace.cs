using System.Buffers.Binary;

namespace Holdfast.Sources.CoreDump.Elf;

/// <summary>
/// The memory of a process as far as files have it: ranges of addresses with the bytes that were there. An address that no
/// range has bytes for reads as nothing.
/// </summary>
internal sealed unsafe class AddressSpace
{
    private readonly List<MemoryRange> _ranges = [];
    private ulong[] _starts = [];

    public IReadOnlyList<MemoryRange> Ranges => _ranges;

    /// <summary>Bytes of all ranges.</summary>
    public long Bytes { get; private set; }

    /// <summary>Where to note what is read, while somebody needs to know; see <see cref="TouchedMemory"/>.</summary>
    public TouchedMemory? Touched { get; set; }

    /// <summary>Adds what does not overlap the ranges there are; those come first.</summary>
    public void Add(IEnumerable<MemoryRange> ranges)
    {
        var added = new List<MemoryRange>();
        ulong end = 0;
        foreach (MemoryRange range in ranges.Where(r => r.DataSize > 0 && r.DataEnd > r.Start).OrderBy(r => r.Start))
        {
            MemoryRange rest = range.From(end);
            end = Math.Max(end, range.DataEnd);
            for (int i = Math.Max(0, IndexOf(rest.Start)); i < _ranges.Count && rest.DataSize > 0 && _ranges[i].Start < rest.DataEnd; i++)
            {
                if (_ranges[i].Start > rest.Start) added.Add(rest.Until(_ranges[i].Start));
                rest = rest.From(_ranges[i].DataEnd);
            }

            if (rest.DataSize > 0) added.Add(rest);
        }

        _ranges.AddRange(added);
        _ranges.Sort((a, b) => a.Start.CompareTo(b.Start));
        _starts = [.. _ranges.Select(r => r.Start)];
        Bytes = _ranges.Sum(r => (long)r.DataSize);
    }

    /// <summary>The bytes at an address, up to where the range ends; empty where there are none. For looking what is there.</summary>
    public ReadOnlySpan<byte> From(ulong address, ulong most)
    {
        ReadOnlySpan<byte> found = Peek(address, most);
        Touched?.Look(address, (ulong)found.Length);
        return found;
    }

    /// <summary>As <see cref="From"/>, without being noted: for trying all of memory.</summary>
    public ReadOnlySpan<byte> Peek(ulong address, ulong most)
    {
        MemoryRange range = Find(address);
        if (range.DataSize == 0) return [];
        ulong there = Math.Min(most, range.DataEnd - address);
        return new ReadOnlySpan<byte>(range.Data + (address - range.Start), (int)Math.Min(there, int.MaxValue));
    }

    /// <summary>Exactly so many bytes, or an empty span where not all of them are there.</summary>
    public ReadOnlySpan<byte> Exactly(ulong address, int bytes)
    {
        ReadOnlySpan<byte> found = Peek(address, (ulong)bytes);
        if (found.Length != bytes) return [];
        Touched?.Read(address, (ulong)bytes);
        return found;
    }

    /// <summary>The word at an address, 0 where there is none.</summary>
    public ulong Word(ulong address) => TryWord(address, out ulong word) ? word : 0;

    /// <summary>As <see cref="Word"/>, without being noted: for words that are most often of no interest.</summary>
    public ulong PeekWord(ulong address) => Peek(address, 8) is { Length: 8 } bytes ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;

    public bool TryWord(ulong address, out ulong word)
    {
        ReadOnlySpan<byte> bytes = Exactly(address, 8);
        word = bytes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return !bytes.IsEmpty;
    }

    public int Int32(ulong address) => Exactly(address, 4) is { Length: 4 } bytes ? BinaryPrimitives.ReadInt32LittleEndian(bytes) : 0;

    /// <summary>Copies memory across ranges; what no range has stays as it is. Gives how many bytes were there.</summary>
    public long Copy(ulong address, Span<byte> into)
    {
        long copied = 0;
        ulong end = address + (ulong)into.Length;
        Touched?.Look(address, (ulong)into.Length);
        for (int i = Math.Max(0, IndexOf(address)); i < _ranges.Count && _ranges[i].Start < end; i++)
        {
            MemoryRange range = _ranges[i];
            ulong from = Math.Max(address, range.Start), to = Math.Min(end, range.DataEnd);
            if (from >= to) continue;
            new ReadOnlySpan<byte>(range.Data + (from - range.Start), (int)(to - from)).CopyTo(into[(int)(from - address)..]);
            copied += (long)(to - from);
        }

        return copied;
    }

    /// <summary>The range that has bytes for this address, or an empty one.</summary>
    public MemoryRange Find(ulong address)
    {
        int index = IndexOf(address);
        return index >= 0 && address < _ranges[index].DataEnd ? _ranges[index] : default;
    }

    private int IndexOf(ulong address)
    {
        int found = Array.BinarySearch(_starts, address);
        return found >= 0 ? found : ~found - 1;
    }
}

/// <summary>Addresses that follow each other, and the bytes that were there.</summary>
/// <param name="start">First address.</param>
/// <param name="dataSize">Bytes there are.</param>
/// <param name="data">Where the bytes are.</param>
/// <param name="flags">1 execute, 2 write, 4 read.</param>
internal readonly unsafe struct MemoryRange(ulong start, ulong dataSize, byte* data, uint flags)
{
    /// <summary>The flag of memory that can be read.</summary>
    public const uint Readable = 4;

    public ulong Start => start;

    public ulong DataSize => dataSize;

    public ulong DataEnd => start + dataSize;

    public byte* Data => data;

    public uint Flags => flags;

    /// <summary>What is left of it from an address on.</summary>
    public MemoryRange From(ulong address)
    {
        if (address <= start) return this;
        return address >= DataEnd ? default : new MemoryRange(address, DataEnd - address, data + (address - start), flags);
    }

    /// <summary>What of it is before an address.</summary>
    public MemoryRange Until(ulong address) => address >= DataEnd ? this : new MemoryRange(start, address - start, data, flags);
}
