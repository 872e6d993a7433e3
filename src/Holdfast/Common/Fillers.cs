using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Holdfast.Common;

/// <summary>
/// What stands for a text that is left out: as many characters, a number that says which of the texts of this length it is, in the
/// order they appear, and stars. Different texts stay different as long as the length has room for the numbers.
/// </summary>
internal sealed class Fillers
{
    private readonly Dictionary<int, long> _used = [];
    private long _numbers;

    private static ReadOnlySpan<byte> Digits => "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8;

    /// <summary>The number of one more text of this length.</summary>
    public long Next(int length) => ++CollectionsMarshal.GetValueRefOrAddDefault(_used, length, out _);

    /// <summary>Writes a part of a filler.</summary>
    /// <param name="number">The text's number.</param>
    /// <param name="length">The text's length.</param>
    /// <param name="from">Where in the text the part begins.</param>
    /// <param name="part">The part.</param>
    public static void Write(long number, int length, int from, Span<byte> part)
    {
        part.Fill((byte)'*');
        Span<byte> digits = stackalloc byte[16];
        int first = digits.Length;
        for (; number > 0; number /= Digits.Length) digits[--first] = Digits[(int)(number % Digits.Length)];

        // Where there are more texts than numbers, the last digits go round.
        digits = digits[Math.Max(first, digits.Length - length)..];
        if (from < digits.Length) digits[from..Math.Min(digits.Length, from + part.Length)].CopyTo(part);
    }

    /// <summary>What stands for a number that is only compared, such as a hash: another number.</summary>
    public byte[] NextNumber() => Encoding.ASCII.GetBytes((++_numbers).ToString(CultureInfo.InvariantCulture));
}
