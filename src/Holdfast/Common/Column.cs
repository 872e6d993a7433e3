namespace Holdfast.Common;

/// <summary>
/// A fixed number of unmanaged values in memory outside the GC heap, zero at first.
/// Pages cost nothing until they are written, are free for the next column the moment this one is disposed (so that
/// peak memory is what the code says it is), and are huge pages where Linux offers them: random access over tens of
/// megabytes is bound by TLB misses otherwise.
/// </summary>
/// <remarks>
/// Whoever made a column disposes it. There is no finalizer on purpose: a span does not keep its column alive,
/// so a finalizer could free memory in use; a column that is forgotten only costs memory.
/// </remarks>
public sealed unsafe class Column<T> : IDisposable
    where T : unmanaged
{
    private BlockCache.Block _block;
    private bool _disposed;

    /// <param name="length">Number of values; at most what one span can hold.</param>
    public Column(long length)
        : this(length, zeroed: true)
    {
    }

    private Column(long length, bool zeroed)
    {
        CheckLength(length);
        Length = (int)length;
        _block = BlockCache.Take(Bytes(length), zeroed);
    }

    public int Length { get; private set; }

    /// <summary>The values. Not valid after <see cref="Resize"/> or <see cref="Dispose"/>.</summary>
    public Span<T> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return new Span<T>((void*)_block.Start, Length);
        }
    }

    public ref T this[int index]
    {
        get
        {
            if ((uint)index >= (uint)Length) throw new ArgumentOutOfRangeException(nameof(index));
            return ref ((T*)_block.Start)[index];
        }
    }

    /// <summary>A column whose values can be anything, for code that writes each one before it reads it.</summary>
    public static Column<T> Uninitialized(long length) => new(length, zeroed: false);

    /// <summary>A column of a value.</summary>
    public static Column<T> Filled(long length, T value)
    {
        Column<T> column = Uninitialized(length);
        column.Span.Fill(value);
        return column;
    }

    /// <summary>Makes the column longer (new values are zero) or shorter.</summary>
    public void Resize(long length)
    {
        CheckLength(length);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (length == Length) return;
        if (Length == 0)
        {
            // In this order: where there is no memory, the old block is still this column's to give back.
            BlockCache.Block fresh = BlockCache.Take(Bytes(length), zeroed: true);
            BlockCache.Return(_block);
            _block = fresh;
        }
        else
        {
            _block = BlockCache.Resize(_block, Bytes(length));
            if (length > Length) new Span<T>((T*)_block.Start + Length, (int)length - Length).Clear();
        }

        Length = (int)length;
    }

    /// <summary>
    /// Makes the memory ready to be written, which changes no value: for a second thread to do while the first already works.
    /// </summary>
    public void Populate()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        HugePages.Populate((void*)_block.Start, Bytes(Length));
    }

    public void Dispose()
    {
        if (!_disposed) BlockCache.Return(_block);
        _disposed = true;
        Length = 0;
    }

    private static void CheckLength(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Array.MaxLength);
    }

    private static nuint Bytes(long length) => (nuint)Math.Max(1, length) * (nuint)sizeof(T);
}
