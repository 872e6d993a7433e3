namespace Holdfast.Tests.Fixtures;

/// <summary>Damages a core at a few places that a seed says, among those that hold something, and sometimes in its headers.</summary>
internal sealed class CoreMutation
{
    private const int HeaderBytes = 2000;

    private static readonly ulong[] Words =
    [
        0, 1, 2, 3, 8, 0x10, 0x100, 0x3FFFF, 0x40001, int.MaxValue, 0x80000000, uint.MaxValue, 1UL << 32, 0x7FFFFFFFUL << 32, 0xFFFFFFFFUL << 32, 0x80000000UL << 32,
        (1UL << 47) - 7, 1UL << 47, 1UL << 53, long.MaxValue, 1UL << 63, ulong.MaxValue - 0xFF, ulong.MaxValue - 7, ulong.MaxValue,
    ];

    private readonly byte[] _whole;
    private readonly int[] _used;

    public CoreMutation(byte[] whole)
    {
        _whole = whole;
        _used = [.. Enumerable.Range(0, whole.Length / 8).Select(i => i * 8).Where(i => BitConverter.ToUInt64(whole, i) != 0)];
    }

    public byte[] Damaged(int seed)
    {
        var random = new Random(seed);
        byte[] core = [.. _whole];
        for (int count = random.Next(1, 7); count > 0; count--) Damage(core, random);
        return random.Next(8) == 0 ? core[..random.Next(core.Length)] : core;
    }

    private void Damage(byte[] core, Random random)
    {
        Span<byte> place = core.AsSpan(Used(random), 8);
        ulong word = BitConverter.ToUInt64(place);
        ulong odd = Words[random.Next(Words.Length)];
        switch (random.Next(10))
        {
            case 0:
                place[random.Next(8)] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                place[random.Next(8)] = (byte)random.Next(256);
                break;
            case 2 or 3:
                // What is elsewhere: pointers lead to other things, and in circles.
                core.AsSpan(Used(random), 8).CopyTo(place);
                break;
            case 4:
                BitConverter.TryWriteBytes(place, odd);
                break;
            case 5:
                BitConverter.TryWriteBytes(place, word + ((ulong)random.Next(-32, 32) * 8));
                break;
            case 6:
                BitConverter.TryWriteBytes(place, (word & ~7UL) | (uint)random.Next(8));
                break;
            case 7:
                BitConverter.TryWriteBytes(place[(4 * random.Next(2))..], (uint)odd);
                break;
            case 8:
                Span<byte> header = core.AsSpan(random.Next(HeaderBytes / 8) * 8, 8);
                BitConverter.TryWriteBytes(header, random.Next(2) == 0 ? odd : BitConverter.ToUInt64(header) ^ (1UL << random.Next(64)));
                break;
            default:
                int from = Used(random), to = Used(random);
                core.AsSpan(from, Math.Min(8 * random.Next(40), core.Length - Math.Max(from, to))).CopyTo(core.AsSpan(to));
                break;
        }
    }

    private int Used(Random random) => _used[random.Next(_used.Length)];
}
