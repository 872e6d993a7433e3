using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace Holdfast.Common;

/// <summary>
/// A span whose indexes are checked in debug builds only, for the few loops that touch every edge and whose indexes
/// come from a graph that was checked when it was built (<c>GraphCheck</c>). Tests run these loops in debug builds.
/// </summary>
public readonly ref struct Unchecked<T>
{
    private readonly ref T _first;
    private readonly int _length;

    public Unchecked(ReadOnlySpan<T> span)
    {
        _first = ref MemoryMarshal.GetReference(span);
        _length = span.Length;
    }

    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            Debug.Assert((uint)index < (uint)_length, "index out of range");
            return ref Unsafe.Add(ref _first, (uint)index);
        }
    }

    /// <summary>
    /// Has the processor fetch this value, for loops that know early which places in a large column they will come to.
    /// Any index will do: nothing is read.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Prefetch(int index)
    {
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.Add(ref _first, index)));
    }

    public static implicit operator Unchecked<T>(Span<T> span) => new(span);

    public static implicit operator Unchecked<T>(ReadOnlySpan<T> span) => new(span);
}
