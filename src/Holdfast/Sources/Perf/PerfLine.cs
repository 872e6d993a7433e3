using System.Buffers.Text;

namespace Holdfast.Sources.Perf;

/// <summary>The parts of a line of a stack in the text of <c>perf script</c>: address, symbol, module.</summary>
internal static class PerfLine
{
    /// <summary>Bytes of the address at the start, after white space; and where what is behind it begins.</summary>
    public static (int Start, int End, int Behind) Address(ReadOnlySpan<byte> line)
    {
        int start = 0;
        while (start < line.Length && IsSpace(line[start])) start++;
        int end = start;
        while (end < line.Length && IsWord(line[end])) end++;
        int rest = end;
        while (rest < line.Length && IsSpace(line[rest])) rest++;
        return (start, end, rest);
    }

    /// <summary>Symbol and module as the script's pattern cuts them: at the last " (" before the last ")".</summary>
    public static bool TryCutCompatibly(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> symbol, out ReadOnlySpan<byte> module)
    {
        symbol = module = default;
        int close = text.LastIndexOf((byte)')');
        if (close < 0) return false;
        int open = text[..close].LastIndexOf(" ("u8);
        if (open < 1) return false;
        symbol = text[..open];
        module = text[(open + 2)..close];
        return true;
    }

    /// <summary>Symbol and module where the module may have parentheses itself: the last group that is balanced.</summary>
    public static bool TryCut(ReadOnlySpan<byte> text, out ReadOnlySpan<byte> symbol, out ReadOnlySpan<byte> module)
    {
        text = text.TrimEnd((byte)' ');
        if (text is not [.., (byte)')']) return TryCutCompatibly(text, out symbol, out module);
        int depth = 0, at = text.Length - 1;
        for (; at >= 0; at--)
        {
            if (text[at] == ')') depth++;
            else if (text[at] == '(' && --depth == 0 && at > 1 && text[at - 1] == ' ') break;
            else if (depth < 0) break;
        }

        if (at < 2 || depth != 0) return TryCutCompatibly(text, out symbol, out module);
        symbol = text[..(at - 1)];
        module = text[(at + 1)..^1];
        return true;
    }

    /// <summary>The symbol without <c>+0xhex</c> at its end.</summary>
    public static ReadOnlySpan<byte> WithoutOffset(ReadOnlySpan<byte> symbol)
    {
        int at = symbol.LastIndexOf("+0x"u8);
        if (at < 0 || at + 3 == symbol.Length) return symbol;
        if (!IsHex(symbol[(at + 3)..])) return symbol;
        return symbol[..at];
    }

    public static bool IsSpace(byte b) => b is (byte)' ' or (>= 9 and <= 13);

    public static bool IsHex(ReadOnlySpan<byte> text)
    {
        foreach (byte b in text)
        {
            if (b is not ((>= (byte)'0' and <= (byte)'9') or (>= (byte)'a' and <= (byte)'f'))) return false;
        }

        return true;
    }

    public static bool IsDigit(byte b) => b is >= (byte)'0' and <= (byte)'9';

    public static bool IsWord(byte b) => (uint)((b | 0x20) - 'a') < 26 || (uint)(b - '0') < 10 || b == '_';

    /// <summary>A whole number; what is more than the largest is the largest.</summary>
    public static long Number(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out long number, out int used) && used == digits.Length ? number : long.MaxValue;
}
