using System.Globalization;
using System.Numerics;
using System.Text;
using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging.Values;

/// <summary>Values that are no objects: numbers, strings, symbols, bigints, true, false, null, undefined.</summary>
internal sealed class PrimitiveReader(CoreSession core)
{
    /// <summary>Characters of a string in the one-line text of a value.</summary>
    public const int ShownCharacters = 60;

    private const int NumberValue = 8;
    private const int SymbolFlags = 12;
    private const int SymbolDescription = 16;
    private const int OddballText = 16;
    private const int BigIntDigits = 16;

    public static Value SmallInteger(ulong word) => Number((int)(word >> 32), null);

    public static Value Number(double number, ulong? id)
    {
        string text = NumberText.Show(number);
        return new Value("number", text) { Id = id, Content = text };
    }

    public static double NumberOf(HeapObject heapNumber) => heapNumber.Double(NumberValue);

    /// <summary>The value, or null where it is no primitive one.</summary>
    public Value? TryRead(HeapObject of, int characters) => of.Kind switch
    {
        ObjectKind.String => Text(of, characters),
        ObjectKind.HeapNumber => Number(NumberOf(of), of.Address) with { Size = of.Size },
        ObjectKind.Oddball => Oddball(of),
        ObjectKind.Hole => Hole(of),
        ObjectKind.Symbol => Symbol(of),
        ObjectKind.BigInt => Big(of),
        _ => null,
    };

    /// <summary>Whether this says that nothing is there.</summary>
    public bool IsHole(HeapObject of) => of.Kind == ObjectKind.Hole || (of.Kind == ObjectKind.Oddball && OddballName(of) is "hole" or "the_hole" or "uninitialized");

    /// <summary>What a symbol is called: <c>#x</c> of a private name.</summary>
    public string Description(HeapObject symbol) => core.Strings.Read(symbol[SymbolDescription]) ?? "";

    /// <summary>Whether only code that can name it, or V8 itself, sees the property it is the key of.</summary>
    public bool IsPrivate(HeapObject symbol) => (symbol.Int32(SymbolFlags) & (core.Heap.Layout.Version >= 1406 ? 3 : 1)) != 0;

    /// <summary>A text in quotes as JavaScript has it, cut to so many characters.</summary>
    public static string Quote(string text, long length, int most)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text.AsSpan(0, Math.Min(text.Length, most)))
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' or '\u007f' => $"\\x{(int)c:x2}",
                _ => c.ToString(),
            });
        }

        return quoted.Append(length > most ? "…\"" : "\"").ToString();
    }

    private Value Text(HeapObject text, int characters)
    {
        int length = HeapStrings.Length(text);
        string content = core.Strings.Read(text, Math.Min(characters, Limits.MaxShownCharacters));
        string shown = content.Length >= Math.Min(length, ShownCharacters) ? content : core.Strings.Read(text, ShownCharacters);
        if (shown.Length == 0 && length > 0)
            return new Value("unreadable", $"??? (a string of {length} characters whose text is not in the core)") { Id = text.Address, Length = length, Size = text.Size };
        return new Value("string", Quote(shown, length, ShownCharacters)) { Id = text.Address, Content = content, Length = length, Size = text.Size };
    }

    private string OddballName(HeapObject oddball) => core.Strings.Read(oddball[OddballText]) ?? "";

    private Value Oddball(HeapObject oddball)
    {
        string name = OddballName(oddball);
        return name switch
        {
            "true" or "false" => new Value("boolean", name) { Id = oddball.Address, Content = name },
            "null" or "undefined" => new Value(name, name) { Id = oddball.Address, Content = name },
            _ => Hole(oddball),
        };
    }

    private static Value Hole(HeapObject hole) => new("hole", "<empty>") { Id = hole.Address };

    private Value Symbol(HeapObject symbol)
    {
        string description = Description(symbol);
        return new Value("symbol", IsPrivate(symbol) ? description : $"Symbol({description})") { Id = symbol.Address, Content = description, Size = symbol.Size };
    }

    private static Value Big(HeapObject big)
    {
        uint bits = (uint)big.Int32(8);
        long bytes = Math.Min((long)(bits >> 1 & 0x3FFFFFFF) * 8, Math.Max(0, big.Size - BigIntDigits));
        if (bytes > Limits.MaxBigIntBytes)
            return new Value("unreadable", $"??? (a bigint of {bytes} bytes, more than limit {nameof(Limits.MaxBigIntBytes)})") { Id = big.Address, Size = big.Size };
        var number = new BigInteger(big.Bytes(BigIntDigits, bytes), isUnsigned: true);
        string text = ((bits & 1) != 0 ? -number : number).ToString(CultureInfo.InvariantCulture);
        string shown = text.Length <= ShownCharacters ? text : text[..ShownCharacters] + "…";
        return new Value("bigint", shown + "n") { Id = big.Address, Content = text, Size = big.Size };
    }
}
