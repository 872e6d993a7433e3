namespace Holdfast.Sources.CoreDump.V8;

/// <summary>
/// Classes of Node's own native objects, by the table of virtual functions each begins with: the program has a symbol for it
/// (<c>_ZTVN4node7TCPWrapE</c>), but not for classes that only one of its files knows.
/// </summary>
internal sealed class NodeClasses
{
    /// <summary>What symbols of such tables begin with.</summary>
    public const string Prefix = "_ZTVN4node";

    /// <summary>Words of a table before the first function, where objects point.</summary>
    private const ulong BeforeFunctions = 16;

    private readonly Dictionary<ulong, string> _byTable = [];

    /// <param name="symbols">Symbols of the program, with where they are in memory.</param>
    public NodeClasses(IReadOnlyDictionary<string, ulong> symbols)
    {
        foreach ((string symbol, ulong address) in symbols)
        {
            if (symbol.StartsWith(Prefix, StringComparison.Ordinal) && LastPart(symbol.AsSpan(Prefix.Length)) is { } name)
                _byTable.TryAdd(address + BeforeFunctions, name);
        }
    }

    /// <summary>The class of the object whose first word this is, or null.</summary>
    public string? Find(ulong table) => _byTable.GetValueOrDefault(table);

    /// <summary>The last of the names in a symbol, each with its length before it: <c>6worker6WorkerE</c> is Worker.</summary>
    private static string? LastPart(ReadOnlySpan<char> parts)
    {
        string? last = null;
        while (parts.Length > 0 && char.IsAsciiDigit(parts[0]))
        {
            int digits = parts.IndexOfAnyExceptInRange('0', '9');
            if (digits < 0 || !int.TryParse(parts[..digits], out int length) || length > parts.Length - digits) return null;
            last = parts.Slice(digits, length).ToString();
            parts = parts[(digits + length)..];
        }

        return parts is "E" ? last : null;
    }
}
