using System.Globalization;
using System.Numerics;
using System.Text;
using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>
/// A value in a few words, for lists of values: numbers and strings as they are written in JavaScript, functions by name, other objects by
/// class and address.
/// </summary>
internal sealed class ValueText(CoreSession core)
{
    /// <summary>Characters of a string that are shown.</summary>
    public const int ShownCharacters = 40;

    private const int OddballText = 16;
    private const int SymbolDescription = 16;
    private const int HeapNumberValue = 8;
    private const int ArrayLength = 24;
    private const int MostDigits = 8;

    private readonly V8Heap _heap = core.Heap;

    /// <summary>A tagged word of V8's as text, with the address where it is an object.</summary>
    public FrameValue Of(ulong word)
    {
        if ((word & 1) == 0) return new FrameValue(Small(word), null);
        int index = _heap.IndexOf(word);
        return index < 0 ? new FrameValue($"??? (no object at {NodeIdText.Show(word)})", null) : new FrameValue(Of(_heap[index]), _heap[index].Address);
    }

    /// <summary>An object as text.</summary>
    public string Of(HeapObject value)
    {
        string at = NodeIdText.Show(value.Address);
        switch (value.Kind)
        {
            case ObjectKind.String:
                return Quote(value);
            case ObjectKind.HeapNumber:
                return Number(value.Double(HeapNumberValue));
            case ObjectKind.Oddball:
                return core.Strings.Read(value[OddballText]) ?? $"<oddball {at}>";
            case ObjectKind.Hole:
                return "<the hole>";
            case ObjectKind.Symbol:
                return $"Symbol({core.Strings.Read(value[SymbolDescription], ShownCharacters) ?? ""})";
            case ObjectKind.BigInt:
                return BigInt(value);
            case ObjectKind.Function:
                return Function(value, at);
            case ObjectKind.Array:
                return $"<{core.Classes.Of(value)}({Number(Length(value[ArrayLength]))}) {at}>";
            case ObjectKind.GlobalProxy or ObjectKind.GlobalObject:
                return $"<global {at}>";
            default:
                return value.Traits.IsReceiver ? $"<{core.Classes.Of(value)} {at}>" : $"<{value.Traits.Name} {at}>";
        }
    }

    /// <summary>An exception: its class and message, where it has them.</summary>
    public FrameValue Thrown(ulong word)
    {
        int index = _heap.IndexOf(word);
        if (index < 0 || !_heap[index].Traits.IsJSObject) return Of(word);
        HeapObject error = _heap[index];
        var finder = new NamedProperty(core.Strings, "message");
        core.Properties.Visit(error, ref finder);
        string? message = core.Strings.Read(finder.Value);
        return message is null ? Of(word) : new FrameValue($"{core.Classes.Of(error)}: {message}", error.Address);
    }

    /// <summary>A number as JavaScript writes it.</summary>
    public static string Number(double value)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "Infinity" : "-Infinity";
        if (value == 0) return double.IsNegative(value) ? "-0" : "0";
        double size = Math.Abs(value);
        if (size is >= 1e-6 and < 1e21) return ((decimal)value == (decimal)Math.Truncate(value) && size < 1e15 ? value.ToString("F0", CultureInfo.InvariantCulture) : Plain(value));
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        int mark = text.IndexOf('E', StringComparison.Ordinal);
        return mark < 0 ? text : $"{text[..mark]}e{text[mark + 1]}{text[(mark + 2)..].TrimStart('0')}";
    }

    /// <summary>Without an exponent, which .NET uses earlier than JavaScript does.</summary>
    private static string Plain(double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        int mark = text.IndexOf('E', StringComparison.Ordinal);
        if (mark < 0) return text;
        string sign = text[0] == '-' ? "-" : "", digits = text[sign.Length..mark].Replace(".", "", StringComparison.Ordinal);
        int exponent = int.Parse(text.AsSpan(mark + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return exponent < 0 ? $"{sign}0.{new string('0', -exponent - 1)}{digits}" : sign + digits.PadRight(exponent + 1, '0');
    }

    private static string Small(ulong word) =>
        (uint)word == 0 ? ((int)(word >> 32)).ToString(CultureInfo.InvariantCulture) : $"??? (no value: 0x{word:x})";

    private double Length(ulong word)
    {
        if ((word & 1) == 0) return (int)(word >> 32);
        return _heap.IndexOf(word) is >= 0 and var index && _heap.KindOf(index) == ObjectKind.HeapNumber ? _heap[index].Double(HeapNumberValue) : double.NaN;
    }

    private string Function(HeapObject function, string at)
    {
        string name = core.Functions.TryShared(function, out HeapObject shared) ? core.Functions.DebugName(shared) : "";
        return $"<function {(name.Length > 0 ? name + " " : "")}{at}>";
    }

    private string Quote(HeapObject text)
    {
        int length = HeapStrings.Length(text);
        string start = core.Strings.Read(text, ShownCharacters);
        var quoted = new StringBuilder("\"");
        foreach (char c in start)
        {
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                < ' ' or '\x7f' => $"\\x{(int)c:x2}",
                _ => c.ToString(),
            });
        }

        if (start.Length < Math.Min(length, ShownCharacters)) quoted.Append("???");
        return quoted.Append(length > ShownCharacters ? "…\"" : "\"").ToString();
    }

    private static string BigInt(HeapObject value)
    {
        uint bits = (uint)value[8];
        int digits = (int)(bits >> 1 & 0x3FFFFFFF);
        if (digits > MostDigits) return $"<BigInt of {64L * digits} bits {NodeIdText.Show(value.Address)}>";
        BigInteger number = BigInteger.Zero;
        for (int i = digits - 1; i >= 0; i--) number = (number << 64) + value[16 + (8 * i)];
        return ((bits & 1) != 0 ? -number : number).ToString(CultureInfo.InvariantCulture) + "n";
    }

    /// <summary>Finds an object's own property by its name.</summary>
    private struct NamedProperty(HeapStrings strings, string name) : IPropertyVisitor
    {
        public ulong Value { get; private set; }

        public bool Visit(ulong key, ulong value, bool isAccessor, int offset)
        {
            if (isAccessor || strings.Read(key, name.Length + 1) != name) return true;
            Value = value;
            return false;
        }
    }
}
