using System.Numerics;

namespace Holdfast.Common;

/// <summary>One bit per node or edge.</summary>
public sealed class BitColumn : IDisposable
{
    private readonly Column<ulong> _words;

    public BitColumn(long length)
    {
        Length = (int)length;
        _words = new Column<ulong>((length + 63) / 64);
    }

    public int Length { get; }

    /// <summary>The words, lowest bit first, for loops that write 64 bits at a time.</summary>
    public Span<ulong> Words => _words.Span;

    public bool this[int index]
    {
        get => (_words[index >> 6] >> (index & 63) & 1) != 0;
        set
        {
            if (value) _words[index >> 6] |= 1UL << (index & 63);
            else _words[index >> 6] &= ~(1UL << (index & 63));
        }
    }

    public int Count()
    {
        int count = 0;
        foreach (ulong word in Words) count += BitOperations.PopCount(word);
        return count;
    }

    public void Dispose() => _words.Dispose();
}
