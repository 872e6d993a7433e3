using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Graph;

/// <summary>Names in the graph's string table: of objects' strings and symbols, each read once, and of fixed words.</summary>
internal sealed class NameCache : IDisposable
{
    private const int SymbolFlags = 12;
    private const int SymbolDescription = 16;
    private const int PrivateNameBit = 16;

    /// <summary>Since V8 14 the two lowest bits say what kind of symbol: 1 is V8's own, 2 and 3 are programs' private names.</summary>
    private const int PrivateKind = 2;
    private const int MostNumbers = 4096;

    private readonly V8Heap _heap;
    private readonly HeapStrings _reader;
    private readonly StringTableBuilder _strings;
    private readonly Column<int> _ofObject;
    private readonly Dictionary<string, int> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<(string, int), int> _prefixed = [];
    private readonly int[] _numbers = new int[MostNumbers];
    private byte[] _buffer = new byte[4096];

    public NameCache(V8Heap heap, HeapStrings reader, StringTableBuilder strings)
    {
        _heap = heap;
        _reader = reader;
        _strings = strings;
        _ofObject = new Column<int>(Math.Max(1, heap.Count));
    }

    public int Of(string word)
    {
        if (!_words.TryGetValue(word, out int index)) _words[word] = index = _strings.Intern(word);
        return index;
    }

    /// <summary>A text that hardly ever comes again, cut like other names.</summary>
    public int OfUnique(string text) => _strings.Intern(text.Length > Limits.MaxNameCharacters ? text[..Limits.MaxNameCharacters] : text);

    /// <summary>A number as a name.</summary>
    public int Of(int number)
    {
        if ((uint)number >= MostNumbers) return InternNumber(number);
        if (_numbers[number] == 0) _numbers[number] = InternNumber(number) + 1;
        return _numbers[number] - 1;
    }

    /// <summary>The contents of a string, as a node's or an edge's name; a zero character is a space in it, as V8 has it.</summary>
    public int OfString(int index)
    {
        if (_ofObject[index] == 0)
        {
            int bytes = _reader.ReadUtf8(_heap[index], Limits.MaxNameCharacters, ref _buffer);
            Span<byte> text = _buffer.AsSpan(0, bytes);
            text.Replace((byte)0, (byte)' ');
            _ofObject[index] = _strings.Intern(text) + 1;
        }

        return _ofObject[index] - 1;
    }

    /// <summary>The name of a property: a string, <c>#private</c>, <c>&lt;symbol description></c>.</summary>
    public int OfKey(int index)
    {
        if (index < 0) return Of("");
        HeapObject key = _heap[index];
        if (key.Traits.IsString) return OfString(index);
        if (key.Kind != ObjectKind.Symbol) return Of("");
        if (_ofObject[index] == 0) _ofObject[index] = _strings.Intern(SymbolName(key)) + 1;
        return _ofObject[index] - 1;
    }

    /// <summary>A string's name with something before it, as accessors have.</summary>
    public int OfPrefixed(string prefix, int index)
    {
        if (!_prefixed.TryGetValue((prefix, index), out int name))
        {
            string text = prefix + _reader.Read(_heap[index], Limits.MaxNameCharacters - prefix.Length);
            _prefixed[(prefix, index)] = name = _strings.Intern(text);
        }

        return name;
    }

    /// <summary>Whether a symbol is one that programs do not see.</summary>
    public bool IsPrivateSymbol(HeapObject symbol) => (symbol.Int32(SymbolFlags) & (_heap.Layout.Version >= 1406 ? 3 : 1)) != 0;

    public void Dispose() => _ofObject.Dispose();

    private int InternNumber(int number) => _strings.Intern(number.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private string SymbolName(HeapObject symbol)
    {
        string? description = _reader.Read(symbol[SymbolDescription]);
        if (description is null) return "<symbol>";
        bool isPrivateName = (symbol.Int32(SymbolFlags) & (_heap.Layout.Version >= 1406 ? PrivateKind : PrivateNameBit)) != 0;
        return isPrivateName ? description : $"<symbol {description}>";
    }
}
