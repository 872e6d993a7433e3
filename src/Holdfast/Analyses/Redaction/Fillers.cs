using System.Globalization;
using System.Text;

namespace Holdfast.Analyses.Redaction;

/// <summary>
/// What stands for a text: as many characters, a number that says which of the texts of this length it is, in the order they
/// appear, and stars. Different texts stay different as long as the length has room for the numbers.
/// </summary>
internal sealed class Fillers
{
    private static ReadOnlySpan<byte> Digits => "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"u8;

    private readonly Dictionary<int, long> _used = [];
    private long _numbers;

    /// <summary>Writes the filler for one more text into a buffer of its length.</summary>
    public void Write(Span<byte> filler)
    {
        if (filler.IsEmpty) return;
        ref long used = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_used, filler.Length, out _);
        long number = ++used;
        Span<byte> digits = stackalloc byte[16];
        int from = digits.Length;
        for (; number > 0; number /= Digits.Length) digits[--from] = Digits[(int)(number % Digits.Length)];
        digits = digits[from..];

        // Where there are more texts than numbers, the last digits go round.
        if (digits.Length > filler.Length) digits = digits[^filler.Length..];
        digits.CopyTo(filler);
        filler[digits.Length..].Fill((byte)'*');
    }

    /// <summary>What stands for a number that is only compared, such as a hash: another number.</summary>
    public byte[] NextNumber() => Encoding.ASCII.GetBytes((++_numbers).ToString(CultureInfo.InvariantCulture));
}
