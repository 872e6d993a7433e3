namespace Holdfast.Analyses.Redaction;

/// <summary>Names that stay, without what a producer put into them of the program's data.</summary>
internal static class SafeNames
{
    /// <summary>What takes the name's place, or null where it can stay as it is.</summary>
    public static byte[]? Clean(ReadOnlySpan<byte> name)
    {
        if (name.IndexOf("data:"u8) is >= 0 and var data && name[data..].IndexOf((byte)',') is > 0 and var comma) return Cover(name, data + comma + 1);
        return IsElement(name) ? CoverQuoted(name) : null;
    }

    /// <summary>A script that was loaded from a <c>data:</c> URL is called by all of its source.</summary>
    private static byte[] Cover(ReadOnlySpan<byte> name, int from)
    {
        byte[] covered = name.ToArray();
        covered.AsSpan(from).Fill((byte)'*');
        return covered;
    }

    /// <summary>Chrome calls the elements of a page by their tags, with attributes: <c>&lt;input value="…"&gt;</c>.</summary>
    private static bool IsElement(ReadOnlySpan<byte> name)
    {
        if (name.StartsWith("Detached "u8)) name = name["Detached "u8.Length..];
        return name is [(byte)'<', >= (byte)'A' and <= (byte)'z', ..] && name.Contains((byte)'=');
    }

    private static byte[] CoverQuoted(ReadOnlySpan<byte> name)
    {
        // From the first quote on everything but the end, as a value may hold quotes itself.
        int first = name.IndexOfAny((byte)'"', (byte)'\''), last = name.LastIndexOfAny((byte)'"', (byte)'\'');
        int from = (first < 0 ? name.IndexOf((byte)'=') : first) + 1, to = last > first ? last : name.Length - 1;
        byte[] covered = name.ToArray();
        if (to > from) covered.AsSpan(from, to - from).Fill((byte)'*');
        return covered;
    }
}
