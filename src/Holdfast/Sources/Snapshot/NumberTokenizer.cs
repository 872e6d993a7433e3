using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;
using Holdfast.Common;

namespace Holdfast.Sources.Snapshot;

/// <summary>
/// Turns the text of a JSON array of non-negative integers into numbers: <c>12,3\n,45,</c> gives 12, 3, 45.
/// The text ends with a comma, and starts at a number.
/// </summary>
/// <remarks>
/// Two ways to the same numbers. The plain one takes any white space. The vector one finds where numbers begin and
/// end, 64 bytes at a time (<see cref="NumberFinder"/>), and then converts four of them at once
/// (<see cref="DigitVectors"/>); it takes what V8 writes (no white space, or a newline before a comma) and leaves
/// everything else, errors too, to the plain one.
/// </remarks>
internal ref struct NumberTokenizer
{
    /// <summary>Bytes that must be readable before the text, so that a number's last 16 bytes can be loaded at once.</summary>
    public const int FrontPadding = 16;

    /// <summary>Numbers found before they are converted.</summary>
    private const int Batch = 512;

    /// <summary>Numbers the plain path reads before the vector path is tried again.</summary>
    private const int PlainRun = 32;

    private readonly ReadOnlySpan<byte> _text;
    private readonly bool _vector;
    private int _position;

    /// <param name="padded">The text after <see cref="FrontPadding"/> bytes of anything.</param>
    /// <param name="vector">Whether to use the vector path where the machine has one.</param>
    public NumberTokenizer(ReadOnlySpan<byte> padded, bool vector = true)
    {
        _text = padded[FrontPadding..];
        _vector = vector && Avx2.IsSupported;
    }

    /// <summary>Where the next number starts, or the end of the text.</summary>
    public readonly int Position => _position;

    /// <summary>Reads numbers until <paramref name="values"/> cannot take another group of 64 bytes, or the text ends.</summary>
    /// <param name="values">Room for at least 64 numbers.</param>
    /// <returns>How many were read; 0 only at the end of the text.</returns>
    /// <exception cref="NumberFormatException">The text is not numbers and commas.</exception>
    [SkipLocalsInit]
    public int Read(Span<ulong> values)
    {
        Span<int> starts = stackalloc int[Batch + 1];
        Span<int> ends = stackalloc int[Batch];
        int count = 0;
        while (values.Length - count >= NumberFinder.Group && _position < _text.Length)
        {
            int before = count;
            if (_vector) count += ReadBatch(values[count..], starts, ends);
            if (count == before) count = ReadPlain(values, count);
        }

        return count;
    }

    private int ReadBatch(Span<ulong> values, scoped Span<int> starts, scoped Span<int> ends)
    {
        int room = Math.Min(values.Length, ends.Length);
        starts[0] = _position;
        int found = NumberFinder.Find(_text, starts, ends[..room]);
        int converted = DigitVectors.Convert(_text, starts, ends[..found], values);
        _position = starts[converted];
        return converted;
    }

    /// <summary>Reads a few numbers, one digit at a time.</summary>
    private int ReadPlain(Span<ulong> values, int count)
    {
        for (int most = PlainRun; most > 0 && _position < _text.Length; most--)
        {
            int at = SkipWhiteSpace(_position);
            int first = at;
            ulong value = 0;
            while (at < _text.Length && (uint)(_text[at] - '0') <= 9)
            {
                value = value * 10 + (uint)(_text[at++] - '0');
                if (value > Limits.MaxNumber) throw new NumberFormatException(first, "a number over 2^53 - 1 (limit MaxNumber)");
            }

            if (at == first) throw new NumberFormatException(at, Describe(at));
            at = SkipWhiteSpace(at);
            if (at >= _text.Length || _text[at] != (byte)',') throw new NumberFormatException(at, Describe(at));
            values[count++] = value;
            _position = at + 1;
        }

        return count;
    }

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
