using System.Globalization;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>
/// Names of C++ functions without their parameters: <c>_ZN4node5StartEiPPc</c> is <c>node::Start</c>. What is more than plain names
/// (templates, operators) stays as the symbol is.
/// </summary>
internal static class CxxNames
{
    public static string Show(string symbol)
    {
        int at = 2;
        if (!symbol.StartsWith("_Z", StringComparison.Ordinal)) return symbol;
        bool isNested = at < symbol.Length && symbol[at] == 'N';
        if (isNested) at++;
        while (isNested && at < symbol.Length && symbol[at] is 'K' or 'V' or 'r') at++;
        var parts = new List<string>();
        while (at < symbol.Length && symbol[at] != 'E')
        {
            if (char.IsAsciiDigit(symbol[at]))
            {
                if (Part(symbol, ref at) is not { } part) return symbol;
                parts.Add(part);
            }
            else if (parts.Count > 0 && symbol[at] is 'C' or 'D' && at + 1 < symbol.Length && char.IsAsciiDigit(symbol[at + 1]))
            {
                parts.Add((symbol[at] == 'D' ? "~" : "") + parts[^1]);
                at += 2;
            }
            else
            {
                return symbol;
            }

            if (!isNested) break;
        }

        return parts.Count == 0 ? symbol : string.Join("::", parts);
    }

    private static string? Part(string symbol, ref int at)
    {
        int start = at;
        while (at < symbol.Length && char.IsAsciiDigit(symbol[at])) at++;
        if (!int.TryParse(symbol.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out int length) || length <= 0 || length > symbol.Length - at) return null;
        string part = symbol.Substring(at, length);
        at += length;
        return part.StartsWith("_GLOBAL__N_", StringComparison.Ordinal) ? "(anonymous namespace)" : part;
    }
}
