using Holdfast.Common;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Packing;

/// <summary>
/// Which strings of a heap are names: of properties, functions, classes, variables, symbols, scripts; and which are sources of
/// scripts. All others are a program's data.
/// </summary>
internal sealed class NeededStrings : IDisposable
{
    private const int ScriptSource = 8;
    private const int ScriptName = 16;
    private const int SymbolDescription = 16;
    private const int OddballText = 16;
    private const int CellName = 8;
    private const int UncompiledName = 8;
    private const int VersionCharacters = 16;

    private readonly V8Heap _heap;
    private readonly HeapStrings _strings;
    private readonly BitColumn _names;
    private readonly BitColumn _sources;
    private readonly Dictionary<int, List<(int Start, int End)>> _parts = [];
    private readonly Stack<(int Index, int Start, int End)> _open = [];
    private int _tagKey = -1;
    private int _nameKey = -1;

    public NeededStrings(V8Heap heap, Work work)
    {
        _heap = heap;
        _strings = new HeapStrings(heap);
        _names = new BitColumn(Math.Max(1, heap.Count));
        _sources = new BitColumn(Math.Max(1, heap.Count));
        var properties = new PropertyReader(heap);
        var named = new NamedProperties(this);
        for (int i = 0; i < heap.Count; i++)
        {
            work.ThrowIfCancelled(i);
            HeapObject at = heap[i];
            named.IsFunction = at.Kind == ObjectKind.Function;
            if (at.Traits.IsJSObject && at.Kind != ObjectKind.WasmObject) properties.Visit(at, ref named);
            else KeepNames(at);
        }
    }

    /// <summary>Whether all of a flat string stays.</summary>
    public bool IsName(int index) => _names[index];

    /// <summary>Whether a flat string is a script's source, or a part of one.</summary>
    public bool IsSource(int index) => _sources[index];

    /// <summary>Characters of a flat string that stay because other strings are slices of it.</summary>
    public IReadOnlyList<(int Start, int End)> Parts(int index) => _parts.TryGetValue(index, out List<(int Start, int End)>? parts) ? parts : [];

    public void Dispose()
    {
        _names.Dispose();
        _sources.Dispose();
    }

    private void KeepNames(HeapObject at)
    {
        switch (at.Kind)
        {
            case ObjectKind.String:
                KeepVersion(at);
                break;
            case ObjectKind.Script:
                MarkSource(at[ScriptSource]);
                Keep(at[ScriptName]);
                break;
            case ObjectKind.SharedFunctionInfo:
                Keep(at[_heap.Layout.SharedName]);
                break;
            case ObjectKind.Symbol:
                Keep(at[SymbolDescription]);
                break;
            case ObjectKind.Oddball:
                Keep(at[OddballText]);
                break;
            case ObjectKind.PropertyCell:
                Keep(at[CellName]);
                break;
            case ObjectKind.FunctionTemplateInfo:
                Keep(at[_heap.Layout.TemplateClassName]);
                break;
            case ObjectKind.AccessorInfo:
                Keep(at[_heap.Layout.AccessorInfoName]);
                break;
            case ObjectKind.DescriptorArray:
                KeepEvery(at, _heap.Layout.DescriptorsHeader, 24);
                break;
            case ObjectKind.NameDictionary:
                KeepEvery(at, V8Layout.ArrayData + (8 * _heap.Layout.DictionaryPrefix), 24);
                break;
            case ObjectKind.SwissNameDictionary:
                KeepEvery(at, 24, 16);
                break;
            case ObjectKind.ScopeInfo:
                KeepEvery(at, 8, 8);
                break;
            default:
                if (at.Traits.Name == "NAME_TO_INDEX_HASH_TABLE") KeepEvery(at, V8Layout.ArrayData, 8);
                else if (at.Traits.Name.StartsWith("UNCOMPILED_DATA", StringComparison.Ordinal)) Keep(at[UncompiledName]);
                break;
        }
    }

    private void KeepEvery(HeapObject list, int from, int step)
    {
        for (int at = from; at + 8 <= list.Size; at += step) Keep(list[at]);
    }

    private void Keep(ulong reference)
    {
        int index = _heap.IndexOf(reference);
        if (index >= 0 && !_names[index] && _heap.KindOf(index) == ObjectKind.String) Keep(index, 0, EndOfName(reference, HeapStrings.Length(_heap[index])));
    }

    /// <summary>The version of Node: a text of numbers that everybody knows.</summary>
    private void KeepVersion(HeapObject text)
    {
        if (HeapStrings.Length(text) is < 6 or > VersionCharacters || HeapStrings.Shape(text) is not (StringShape.Sequential or StringShape.External)) return;
        if (_strings.Read(text) is ['v', >= '0' and <= '9', ..] read && Version.TryParse(read.AsSpan(1), out Version? version) && version.Build >= 0 && version.Revision < 0)
            _names[text.Index] = true;
    }

    /// <summary>A script from a <c>data:</c> URL has all of its source for a name, and so do properties of what Node keeps of it.</summary>
    private int EndOfName(ulong reference, int length)
    {
        const string Data = "data:";
        if (length <= Data.Length || _strings.Read(reference) is not { } name) return length;
        int data = name.IndexOf(Data, StringComparison.Ordinal), comma = data < 0 ? -1 : name.IndexOf(',', data);
        return comma < 0 ? length : comma + 1;
    }

    /// <summary>Keeps some characters of a string, in the flat strings that have them.</summary>
    private void Keep(int index, int start, int end)
    {
        _open.Push((index, start, end));
        for (int steps = 0; _open.TryPop(out (int Index, int Start, int End) part) && steps < Limits.MaxStringParts; steps++)
        {
            HeapObject text = _heap[part.Index];
            switch (HeapStrings.Shape(text))
            {
                case StringShape.Concatenated:
                    int middle = LengthOf(text[16]);
                    Push(text[16], part.Start, Math.Min(part.End, middle));
                    Push(text[24], Math.Max(0, part.Start - middle), part.End - middle);
                    break;
                case StringShape.Thin:
                    Push(text[16], part.Start, part.End);
                    break;
                case StringShape.Sliced:
                    int offset = text.Smi(24);
                    Push(text[16], part.Start + offset, part.End + offset);
                    break;
                default:
                    if (part.Start == 0 && part.End >= HeapStrings.Length(text)) _names[part.Index] = true;
                    else AddPart(part.Index, part.Start, part.End);
                    break;
            }
        }
    }

    private void Push(ulong reference, int start, int end)
    {
        int index = _heap.IndexOf(reference);
        if (start < end && index >= 0 && _heap.KindOf(index) == ObjectKind.String && !_names[index]) _open.Push((index, start, end));
    }

    private int LengthOf(ulong reference) =>
        _heap.IndexOf(reference) is >= 0 and var index && _heap.KindOf(index) == ObjectKind.String ? HeapStrings.Length(_heap[index]) : 0;

    private void AddPart(int index, int start, int end)
    {
        if (!_parts.TryGetValue(index, out List<(int Start, int End)>? parts)) _parts[index] = parts = [];
        parts.Add((start, end));
    }

    private void MarkSource(ulong reference)
    {
        var open = new Stack<ulong>([reference]);
        for (int steps = 0; open.TryPop(out ulong part) && steps < Limits.MaxStringParts; steps++)
        {
            int index = _heap.IndexOf(part);
            if (index < 0 || _heap.KindOf(index) != ObjectKind.String || _sources[index]) continue;
            _sources[index] = true;
            HeapObject text = _heap[index];
            StringShape shape = HeapStrings.Shape(text);
            if (shape is StringShape.Concatenated or StringShape.Thin or StringShape.Sliced) open.Push(text[16]);
            if (shape == StringShape.Concatenated) open.Push(text[24]);
        }
    }

    /// <summary>Whether a property says what a class is called: a tag, or the name a program gave a constructor.</summary>
    private bool IsClassName(ulong key, bool ofFunction)
    {
        int index = _heap.IndexOf(key);
        if (index < 0) return false;
        return _heap.KindOf(index) == ObjectKind.Symbol
            ? IsText(index, ref _tagKey, "Symbol.toStringTag")
            : ofFunction && HeapStrings.Length(_heap[index]) == 4 && IsText(index, ref _nameKey, "name");
    }

    /// <summary>Keys are unique: once found, comparing them is comparing indexes.</summary>
    private bool IsText(int index, ref int known, string text)
    {
        if (index == known || known >= 0) return index == known;
        HeapObject key = _heap[index];
        if (_strings.Read(key.Kind == ObjectKind.Symbol ? key[SymbolDescription] : key.Address, 32) != text) return false;
        known = index;
        return true;
    }

    private struct NamedProperties(NeededStrings needed) : IPropertyVisitor
    {
        public bool IsFunction { get; set; }

        public readonly bool Visit(ulong key, ulong value, bool isAccessor, int offset)
        {
            needed.Keep(key);
            if (!isAccessor && (value & 1) != 0 && needed.IsClassName(key, IsFunction)) needed.Keep(value);
            return true;
        }
    }
}
