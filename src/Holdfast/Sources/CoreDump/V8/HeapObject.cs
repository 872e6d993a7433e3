namespace Holdfast.Sources.CoreDump.V8;

/// <summary>
/// One object of the heap: its bytes and its map. Reading outside the object gives zero, so that a damaged object can do no harm,
/// and no offset that a damaged one or a wrong table gives.
/// Not valid after its <see cref="V8Heap"/> is disposed.
/// </summary>
internal readonly unsafe struct HeapObject(byte* data, long size, ulong address, int index, MapInfo map)
{
    /// <summary>Its place in the heap's list of objects.</summary>
    public int Index => index;

    /// <summary>Its address with V8's tag, as a pointer to it is.</summary>
    public ulong Address => address;

    /// <summary>Bytes.</summary>
    public long Size => size;

    public MapInfo Map => map;

    public TypeTraits Traits => map.Traits;

    public ObjectKind Kind => map.Traits.Kind;

    /// <summary>Whole words.</summary>
    public int Words => (int)(size >> 3);

    public ulong this[int offset] => Has(offset, 8) ? *(ulong*)(data + offset) : 0;

    public int Int32(int offset) => Has(offset, 4) ? *(int*)(data + offset) : 0;

    public ushort UInt16(int offset) => Has(offset, 2) ? *(ushort*)(data + offset) : (ushort)0;

    /// <summary>The small integer in a field, 0 where there is none.</summary>
    public int Smi(int offset) => (this[offset] & 1) == 0 ? (int)(this[offset] >> 32) : 0;

    public double Double(int offset) => BitConverter.UInt64BitsToDouble(this[offset]);

    /// <summary>The bytes from an offset, as many of <paramref name="length"/> as the object has.</summary>
    public ReadOnlySpan<byte> Bytes(int offset, long length)
    {
        if (offset < 0) return [];
        long there = Math.Clamp(length, 0, Math.Max(0, size - offset));
        return new ReadOnlySpan<byte>(data + offset, (int)Math.Min(there, int.MaxValue));
    }

    /// <summary>The words from an offset to the end, as many as fit in a span.</summary>
    public ReadOnlySpan<ulong> WordsFrom(int offset)
    {
        if (offset < 0) return [];
        long count = Math.Max(0, size - offset) >> 3;
        return new ReadOnlySpan<ulong>(data + offset, (int)Math.Min(count, int.MaxValue));
    }

    /// <summary>Whether so many bytes are inside the object; a negative offset is far outside.</summary>
    private bool Has(int offset, int bytes) => (uint)offset + (long)bytes <= size;
}
