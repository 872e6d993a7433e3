namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>Reads numbers of variable length: seven bits a byte, the lowest first. Source: V8, src/base/vlq.h.</summary>
internal ref struct VariableLength(ReadOnlySpan<byte> bytes, int start = 0)
{
    private const int MostBits = 63;

    private readonly ReadOnlySpan<byte> _bytes = bytes;

    public int At { get; private set; } = Math.Clamp(start, 0, bytes.Length);

    public readonly bool IsAtEnd => At >= _bytes.Length;

    public byte Byte() => IsAtEnd ? (byte)0 : _bytes[At++];

    public ulong Unsigned()
    {
        ulong value = 0;
        for (int shift = 0; At < _bytes.Length; shift += 7)
        {
            byte next = _bytes[At++];
            if (shift < MostBits) value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) break;
        }

        return value;
    }

    /// <summary>A number whose lowest bit is its sign, with the others turned over where it is negative.</summary>
    public long Signed() => Sign(Unsigned());

    public static long Sign(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}
