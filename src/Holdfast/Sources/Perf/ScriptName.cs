using Holdfast.Model;

namespace Holdfast.Sources.Perf;

/// <summary>
/// The name V8 gives a function's code: <c>JS:*leak /app (x)/a.js:6:20</c>, by kind, tier, function and place.
/// Source: V8, Code::GetName and LogCodeEvent of log.cc.
/// </summary>
internal ref struct ScriptName
{
    public ReadOnlySpan<byte> Function;
    public ReadOnlySpan<byte> File;
    public int Line;
    public int Column;
    public CodeTier Tier;

    /// <summary>Bytes of <c>JS:</c> or what older versions write, or 0 where the name is no function's of JavaScript.</summary>
    public static int PrefixLength(ReadOnlySpan<byte> symbol)
    {
        if (symbol.StartsWith("JS:"u8)) return 3;
        if (symbol.StartsWith("Eval:"u8)) return 5;
        if (symbol.StartsWith("Script:"u8)) return 7;
        if (symbol.StartsWith("Function:"u8)) return 9;
        return symbol.StartsWith("LazyCompile:"u8) ? 12 : 0;
    }

    public static bool TryParse(ReadOnlySpan<byte> symbol, out ScriptName name)
    {
        name = default;
        int prefix = PrefixLength(symbol);
        if (prefix == 0) return false;
        ReadOnlySpan<byte> text = symbol[prefix..];

        // Code that is entered in the middle of a loop has an o before its mark, since V8 14.
        if (text is [(byte)'o', (byte)'+' or (byte)'*', ..]) text = text[1..];
        if (text is [var mark, ..] && TierOf(mark) is not CodeTier.Unknown and var tier)
        {
            name.Tier = tier;
            text = text is [_, (byte)'\'', ..] ? text[2..] : text[1..];
        }

        int last = TakeNumber(ref text), first = TakeNumber(ref text);
        (name.Line, name.Column) = first > 0 ? (first, last) : (last, 0);
        int cut = FileAt(text);
        name.Function = cut < 0 ? text : text[..cut].Trim((byte)' ');
        name.File = cut < 0 ? default : text[cut..].Trim((byte)' ');
        return true;
    }

    private static CodeTier TierOf(byte mark) => mark switch
    {
        (byte)'~' => CodeTier.Interpreted,
        (byte)'^' => CodeTier.Baseline,
        (byte)'+' => CodeTier.Maglev,
        (byte)'*' => CodeTier.TurboFan,
        _ => CodeTier.Unknown,
    };

    /// <summary>Takes <c>:123</c> from the end; 0 where there is none.</summary>
    private static int TakeNumber(ref ReadOnlySpan<byte> text)
    {
        int start = text.Length;
        while (start > 0 && PerfLine.IsDigit(text[start - 1])) start--;
        if (start == text.Length || start == 0 || text[start - 1] != ':' || text.Length - start > 9) return 0;
        int number = (int)PerfLine.Number(text[start..]);
        text = text[..(start - 1)];
        return number;
    }

    /// <summary>Where the file begins: what looks like a path or a URL, else behind the last space; -1 where there is none.</summary>
    private static int FileAt(ReadOnlySpan<byte> text)
    {
        if (text is [(byte)'/', ..]) return 0;
        int best = -1;
        foreach (int at in (ReadOnlySpan<int>)[text.IndexOf(" /"u8), text.IndexOf(" node:"u8), text.IndexOf(" file:"u8), text.IndexOf(" http"u8)])
        {
            if (at >= 0 && (best < 0 || at < best)) best = at;
        }

        return best >= 0 ? best : text.LastIndexOf((byte)' ');
    }
}
