namespace Holdfast.Common;

/// <summary>
/// A column of 64-bit values that almost always fit in 32 bits (node ids, shallow sizes): the low halves always,
/// the high halves only once one is needed.
/// </summary>
public sealed class WideColumn : IDisposable
{
    private readonly Lock _growing = new();
    private Column<uint>? _high;

    public WideColumn(long length) => Low = new Column<uint>(length);

    /// <summary>The low 32 bits of every value.</summary>
    public Column<uint> Low { get; }

    /// <summary>Whether some value needs more than 32 bits, so that <see cref="Low"/> alone is not enough.</summary>
    public bool IsWide => _high is not null;

    public int Length => Low.Length;

    public ulong this[int index]
    {
        get => _high is null ? Low[index] : ((ulong)_high[index] << 32) | Low[index];
        set
        {
            Low[index] = (uint)value;
            if (value > uint.MaxValue || _high is not null) SetHigh(index, (uint)(value >> 32));
        }
    }

    public void Resize(long length)
    {
        Low.Resize(length);
        _high?.Resize(length);
    }

    public void Dispose()
    {
        Low.Dispose();
        _high?.Dispose();
    }

    private void SetHigh(int index, uint value)
    {
        if (_high is null)
        {
            lock (_growing) _high ??= new Column<uint>(Low.Length);
        }

        _high[index] = value;
    }
}
