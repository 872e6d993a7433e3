using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Holdfast.Sources.Snapshot;

/// <summary>
/// Turns the text of a JSON array of non-negative integers into numbers: <c>12,3\n,45,</c> gives 12, 3, 45.
/// The text ends with a comma, and starts at a number.
/// </summary>
/// <remarks>
/// Two ways to the same numbers. The plain one takes any white space. The vector one classifies 64 bytes at a time
/// into digits, commas and newlines, and reads each number with one 8-byte load and three multiplications; it takes
/// what V8 writes (no white space, or a newline before a comma) and leaves everything else, errors too, to the plain one.
/// </remarks>
internal ref struct NumberTokenizer
{
    /// <summary>Bytes that must be readable before the text, so that a number's last 16 bytes can be loaded at once.</summary>
    public const int FrontPadding = 16;

    private const ulong AsciiZeros = 0x3030303030303030;
    private const int Group = 64;

    private readonly ReadOnlySpan<byte> _text;
    private readonly bool _vector;
    private int _position;

    /// <param name="padded">The text after <see cref="FrontPadding"/> bytes of anything.</param>
    /// <param name="vector">Whether to use the vector path where the machine has one.</param>
    public NumberTokenizer(ReadOnlySpan<byte> padded, bool vector = true)
    {
        _text = padded[FrontPadding..];
        _vector = vector && Vector256.IsHardwareAccelerated && BitConverter.IsLittleEndian;
    }

    /// <summary>Where the next number starts, or the end of the text.</summary>
    public readonly int Position => _position;

    /// <summary>Reads numbers until <paramref name="values"/> cannot take another group of 64 bytes, or the text ends.</summary>
    /// <param name="values">Room for at least 64 numbers.</param>
    /// <returns>How many were read; 0 only at the end of the text.</returns>
    /// <exception cref="NumberFormatException">The text is not numbers and commas.</exception>
    public int Read(Span<ulong> values)
    {
        int count = 0;
        while (values.Length - count >= Group && _position < _text.Length)
        {
            int start = _position;
            if (_vector) count = ReadGroups(values, count);
            if (_position == start) count = ReadPlain(values, count, Group / 2);
        }

        return count;
    }

    /// <summary>Reads up to <paramref name="most"/> numbers, one digit at a time.</summary>
    private int ReadPlain(Span<ulong> values, int count, int most)
    {
        for (; most > 0 && _position < _text.Length; most--)
        {
            int at = SkipWhiteSpace(_position);
            int first = at;
            ulong value = 0;
            while (at < _text.Length && (uint)(_text[at] - '0') <= 9)
            {
                value = value * 10 + (uint)(_text[at++] - '0');
                if (value > Common.Limits.MaxNumber) throw new NumberFormatException(first, "a number over 2^53 - 1 (limit MaxNumber)");
            }

            if (at == first) throw new NumberFormatException(at, Describe(at));
            at = SkipWhiteSpace(at);
            if (at >= _text.Length || _text[at] != (byte)',') throw new NumberFormatException(at, Describe(at));
            values[count++] = value;
            _position = at + 1;
        }

        return count;
    }

    /// <summary>
    /// Benchmark: ParseBenchmarks.Tokenize. One loop over groups, one over the commas of a group; everything that is
    /// not digits, commas and a newline before a comma leaves the loop with the position at the last whole number.
    /// </summary>
    private int ReadGroups(Span<ulong> values, int count)
    {
        ref byte text = ref MemoryMarshal.GetReference(_text);
        ref ulong output = ref MemoryMarshal.GetReference(values);
        int start = _position;
        int group = start;
        ulong digitBefore = 0;   // bit 0: the byte before this group is a digit
        ulong newlineBefore = 0; // bit 0: the byte before this group is a newline
        while (group + Group <= _text.Length && values.Length - count >= Group)
        {
            Classify(ref Unsafe.Add(ref text, group), out ulong digits, out ulong commas);
            ulong newlines = 0;
            if ((digits | commas) != ulong.MaxValue || newlineBefore != 0)
            {
                newlines = Newlines(ref Unsafe.Add(ref text, group));
                ulong afterNewline = (newlines << 1) | newlineBefore;
                if ((digits | commas | newlines) != ulong.MaxValue
                    || (afterNewline & ~commas) != 0
                    || (newlines & ~((digits << 1) | digitBefore)) != 0)
                {
                    break;
                }
            }

            ulong shiftedNewlines = (newlines << 1) | newlineBefore;
            if ((commas & ~((digits << 1) | digitBefore | shiftedNewlines)) != 0) break;

            for (ulong rest = commas; rest != 0; rest &= rest - 1)
            {
                int bit = BitOperations.TrailingZeroCount(rest);
                int comma = group + bit;
                int end = comma - (int)(shiftedNewlines >> bit & 1);
                int length = end - start;
                ulong value = length <= 8 ? ReadShort(ref text, end, length) : ReadLong(ref text, end, length);
                if (value > Common.Limits.MaxNumber)
                {
                    _position = start;
                    return count;
                }

                Unsafe.Add(ref output, count++) = value;
                start = comma + 1;
            }

            digitBefore = digits >> 63;
            newlineBefore = newlines >> 63;
            group += Group;
        }

        _position = start;
        return count;
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

    /// <summary>1 to 8 digits that end before <paramref name="end"/>: what the load has before them is shifted out.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong ReadShort(ref byte text, int end, int length)
    {
        ulong digits = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref text, end - 8)) ^ AsciiZeros;
        int unused = 64 - 8 * length;
        digits = digits >> unused << unused;
        digits = digits * 10 + (digits >> 8);
        return ((digits & 0x000000FF000000FF) * 0x000F424000000064
            + (digits >> 16 & 0x000000FF000000FF) * 0x0000271000000001) >> 32;
    }

    /// <summary>9 to 16 digits; longer ones come out over the limit, for the plain path to look at.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static ulong ReadLong(ref byte text, int end, int length) =>
        length <= 16 ? ReadShort(ref text, end - 8, length - 8) * 100_000_000 + ReadShort(ref text, end, 8) : ulong.MaxValue;

    private readonly int SkipWhiteSpace(int at)
    {
        if (at >= _text.Length || _text[at] > (byte)' ') return at;
        int length = _text[at..].IndexOfAnyExcept(" \n\r\t"u8);
        return length < 0 ? _text.Length : at + length;
    }

    private readonly string Describe(int at)
    {
        if (at >= _text.Length) return "the end of the array";
        byte found = _text[at];
        return found is > 0x20 and < 0x7F ? $"'{(char)found}'" : $"byte 0x{found:X2}";
    }
}

/// <summary>Text that is not numbers and commas, at a place in the text of the tokenizer.</summary>
internal sealed class NumberFormatException(int position, string found) : Exception
{
    public int Position { get; } = position;

    public string Found { get; } = found;
}
