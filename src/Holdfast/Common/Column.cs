using System.Runtime.InteropServices;

namespace Holdfast.Common;

/// <summary>
/// A fixed number of unmanaged values in memory outside the GC heap, zero at first.
/// Pages cost nothing until they are written, are given back the moment the column is disposed (so that peak
/// memory is what the code says it is), and are huge pages where Linux offers them: random access over
/// tens of megabytes is bound by TLB misses otherwise.
/// </summary>
/// <remarks>
/// Whoever made a column disposes it. There is no finalizer on purpose: a span does not keep its column alive,
/// so a finalizer could free memory in use; a column that is forgotten only costs memory.
/// </remarks>
public sealed unsafe class Column<T> : IDisposable
    where T : unmanaged
{
    private T* _values;

    /// <param name="length">Number of values; at most what one span can hold.</param>
    public Column(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Array.MaxLength);
        Length = (int)length;
        _values = (T*)NativeMemory.AllocZeroed(Bytes(length));
        HugePages.Advise(_values, Bytes(length));
    }

    public int Length { get; private set; }

    /// <summary>The values. Not valid after <see cref="Resize"/> or <see cref="Dispose"/>.</summary>
    public Span<T> Span
    {
        get
        {
            ObjectDisposedException.ThrowIf(_values is null, this);
            return new Span<T>(_values, Length);
        }
    }

    public ref T this[int index]
    {
        get
        {
            if ((uint)index >= (uint)Length) throw new ArgumentOutOfRangeException(nameof(index));
            return ref _values[index];
        }
    }

    /// <summary>Makes the column longer (new values are zero) or shorter.</summary>
    public void Resize(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Array.MaxLength);
        ObjectDisposedException.ThrowIf(_values is null, this);
        if (length == Length) return;
        _values = (T*)NativeMemory.Realloc(_values, Bytes(length));
        if (length > Length) new Span<T>(_values + Length, (int)length - Length).Clear();
        Length = (int)length;
        HugePages.Advise(_values, Bytes(length));
    }

    public void Dispose()
    {
        if (_values is not null) NativeMemory.Free(_values);
        _values = null;
        Length = 0;
    }

    private static nuint Bytes(long length) => (nuint)Math.Max(1, length) * (nuint)sizeof(T);
}
