using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Sources.Snapshot;

/// <summary>
/// Finds where numbers begin and end in text as V8 writes it: digits, commas, and perhaps a newline before a comma.
/// Benchmark: ParseBenchmarks.Tokenize.
/// </summary>
internal static class NumberFinder
{
    /// <summary>Bytes looked at together, and so the most numbers that can be found at once.</summary>
    public const int Group = 64;

    /// <param name="text">The text.</param>
    /// <param name="starts">The first is where to begin; the others, one more than there are ends, are found.</param>
    /// <param name="ends">Where each number's digits end.</param>
    /// <returns>How many numbers were found: 0 where the next 64 bytes are not what V8 writes, or not all there.</returns>
    public static int Find(ReadOnlySpan<byte> text, Span<int> starts, Span<int> ends)
    {
        ref byte first = ref MemoryMarshal.GetReference(text);
        ref int start = ref MemoryMarshal.GetReference(starts);
        ref int end = ref MemoryMarshal.GetReference(ends);
        int count = 0;
        ulong digitBefore = 0;   // bit 0: the byte before this group is a digit
        ulong newlineBefore = 0; // bit 0: the byte before this group is a newline
        for (int group = start; group + Group <= text.Length && ends.Length - count >= Group; group += Group)
        {
            Classify(ref Unsafe.Add(ref first, group), out ulong digits, out ulong commas);
            ulong newlines = 0;
            if ((digits | commas) != ulong.MaxValue || newlineBefore != 0)
            {
                // A newline must follow a digit and come before a comma.
                newlines = Newlines(ref Unsafe.Add(ref first, group));
                bool canonical = (digits | commas | newlines) == ulong.MaxValue
                    && (((newlines << 1) | newlineBefore) & ~commas) == 0
                    && (newlines & ~((digits << 1) | digitBefore)) == 0;
                if (!canonical) break;
            }

            ulong afterNewline = (newlines << 1) | newlineBefore;
            if ((commas & ~((digits << 1) | digitBefore | afterNewline)) != 0) break;
            int found = BitOperations.PopCount(commas);

            ref int starts0 = ref Unsafe.Add(ref start, count);
            ref int ends0 = ref Unsafe.Add(ref end, count);
            if (afterNewline == 0) PlaceAll(commas, group, found, ref starts0, ref ends0);
            else PlaceAllAfterNewlines(commas, group, found, afterNewline, ref starts0, ref ends0);
            count += found;
            digitBefore = digits >> 63;
            newlineBefore = newlines >> 63;
        }

        return count;
    }

    /// <summary>
    /// Four at a time: a loop that ends after a different few numbers every time is mispredicted every time. What is found
    /// past the last comma is garbage that the next group writes over; the last group has room for it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PlaceAll(ulong commas, int group, int found, ref int start, ref int end)
    {
        for (int i = 0; i < found; i += 4)
        {
            for (int lane = 0; lane < 4; lane++)
            {
                int comma = group + BitOperations.TrailingZeroCount(commas);
                commas &= commas - 1;
                Unsafe.Add(ref end, i + lane) = comma;
                Unsafe.Add(ref start, i + lane + 1) = comma + 1;
            }
        }
    }

    /// <summary>The same, where a number may end at the newline before its comma.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PlaceAllAfterNewlines(ulong commas, int group, int found, ulong afterNewline, ref int start, ref int end)
    {
        for (int i = 0; i < found; i += 4)
        {
            for (int lane = 0; lane < 4; lane++)
            {
                int bit = BitOperations.TrailingZeroCount(commas);
                commas &= commas - 1;
                Unsafe.Add(ref end, i + lane) = group + bit - (int)(afterNewline >> bit & 1);
                Unsafe.Add(ref start, i + lane + 1) = group + bit + 1;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Classify(ref byte at, out ulong digits, out ulong commas)
    {
        Vector256<byte> low = Vector256.LoadUnsafe(ref at);
        Vector256<byte> high = Vector256.LoadUnsafe(ref at, 32);
        Vector256<byte> zero = Vector256.Create((byte)'0');
        Vector256<byte> nine = Vector256.Create((byte)9);
        Vector256<byte> comma = Vector256.Create((byte)',');
        digits = Vector256.LessThanOrEqual(low - zero, nine).ExtractMostSignificantBits()
            | (ulong)Vector256.LessThanOrEqual(high - zero, nine).ExtractMostSignificantBits() << 32;
        commas = Vector256.Equals(low, comma).ExtractMostSignificantBits()
            | (ulong)Vector256.Equals(high, comma).ExtractMostSignificantBits() << 32;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Newlines(ref byte at)
    {
        Vector256<byte> newline = Vector256.Create((byte)'\n');
        return Vector256.Equals(Vector256.LoadUnsafe(ref at), newline).ExtractMostSignificantBits()
            | (ulong)Vector256.Equals(Vector256.LoadUnsafe(ref at, 32), newline).ExtractMostSignificantBits() << 32;
    }
}
