using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Holdfast.Common;

namespace Holdfast.Sources.Snapshot;

/// <summary>
/// Converts decimal digits to numbers, four numbers at once: each number's last eight bytes in a lane, what stands
/// before its digits shifted out, then pairs of digits, pairs of pairs and halves joined by three multiplications.
/// Needs AVX2. Benchmark: ParseBenchmarks.Tokenize.
/// </summary>
internal static class DigitVectors
{
    private const int Lanes = 4;

    /// <param name="text">The text, with 16 readable bytes before it.</param>
    /// <param name="starts">Where the numbers begin.</param>
    /// <param name="ends">Where they end.</param>
    /// <param name="values">Where to put them.</param>
    /// <returns>How many were converted: all but those from the first four with one over the limit.</returns>
    public static int Convert(ReadOnlySpan<byte> text, ReadOnlySpan<int> starts, ReadOnlySpan<int> ends, Span<ulong> values)
    {
        ref byte first = ref MemoryMarshal.GetReference(text);
        ref ulong target = ref MemoryMarshal.GetReference(values);
        int done = 0;
        for (; done + Lanes <= ends.Length; done += Lanes)
        {
            ref int end = ref Unsafe.Add(ref MemoryMarshal.GetReference(ends), done);
            Vector128<int> lengths = Vector128.LoadUnsafe(ref end) - Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(starts), (nuint)done);
            Vector256<ulong> numbers;
            if (Vector128.GreaterThanAny(lengths, Vector128.Create(8)))
            {
                if (Vector128.GreaterThanAny(lengths, Vector128.Create(16))) return done;
                numbers = Long(ref first, ref end, lengths);
                if (Vector256.GreaterThanAny(numbers, Vector256.Create(Limits.MaxNumber))) return done;
            }
            else
            {
                numbers = Short(ref first, ref end, lengths);
            }

            numbers.StoreUnsafe(ref target, (nuint)done);
        }

        for (; done < ends.Length; done++)
        {
            if (ends[done] - starts[done] > 15) return done;
            ulong value = 0;
            foreach (byte digit in text[starts[done]..ends[done]]) value = value * 10 + (uint)(digit - '0');
            values[done] = value;
        }

        return done;
    }

    /// <summary>Numbers of up to 16 digits: those before the last eight are numbers of their own.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<ulong> Long(ref byte text, ref int end, Vector128<int> lengths)
    {
        Vector256<ulong> low = Short(ref text, ref end, Vector128.Min(lengths, Vector128.Create(8)));
        Vector256<ulong> high = Short(ref Unsafe.Subtract(ref text, 8), ref end, Vector128.Max(lengths - Vector128.Create(8), Vector128<int>.Zero));
        return low + Avx2.Multiply(high.AsUInt32(), Vector256.Create(100_000_000UL).AsUInt32());
    }

    /// <summary>Numbers of 0 to 8 digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> Short(ref byte text, ref int end, Vector128<int> lengths)
    {
        Vector256<ulong> digits = Vector256.Create(
            Load(ref text, end), Load(ref text, Unsafe.Add(ref end, 1)), Load(ref text, Unsafe.Add(ref end, 2)), Load(ref text, Unsafe.Add(ref end, 3)));

        // A shift by 64, for no digits at all, gives 0 here.
        Vector256<ulong> unused = Avx2.ConvertToVector256Int64(Vector128.Create(64) - (lengths << 3)).AsUInt64();
        digits ^= Vector256.Create(0x3030303030303030UL);
        digits = Avx2.ShiftLeftLogicalVariable(Avx2.ShiftRightLogicalVariable(digits, unused), unused);
        Vector256<short> pairs = Avx2.MultiplyAddAdjacent(digits.AsByte(), Vector256.Create((short)0x010A).AsSByte());
        Vector256<int> fours = Avx2.MultiplyAddAdjacent(pairs, Vector256.Create(0x0001_0064).AsInt16());
        Vector256<ulong> highHalf = Avx2.Multiply(fours.AsUInt32(), Vector256.Create(10_000UL).AsUInt32());
        return highHalf + (fours.AsUInt64() >> 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Load(ref byte text, int end) => Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref text, end - 8));
}
