using Holdfast.Common;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging.Values;

/// <summary>Fields of V8's JavaScript objects by kind. Source: V8, src/objects/js-*.tq; offsets measured on cores of each version.</summary>
internal sealed class ObjectFields(CoreSession core)
{
    public const int FirstField = V8Layout.ObjectHeader;
    public const int SecondField = FirstField + 8;
    public const int ThirdField = FirstField + 16;
    public const int ProxyTarget = 16;
    public const int ProxyHandler = 24;
    public const int GeneratorContinuation = 64;

    /// <summary>Words of what describes a buffer's memory, where the shared part of the description is looked for.</summary>
    public const ulong ExtensionWords = 6;

    public const string ModuleNamespace = "JS_MODULE_NAMESPACE";

    private const int ClassBit = 10;
    private const int AnonymousBit = 25;
    private const int RegExpSource = 32;
    private const int RegExpFlags = 40;
    private const int RegExpLastIndex = 48;
    private const string FlagsByBit = "gimyusldv";

    private readonly V8Heap _heap = core.Heap;
    private readonly V8Layout _layout = core.Heap.Layout;

    /// <summary>Where the first entry of a Map's or Set's table is: after three numbers and the buckets.</summary>
    private static int FirstEntry(HeapObject table) => V8Layout.ArrayData + 24 + (8 * Math.Max(0, table.Smi(32)));

    public static string PromiseState(HeapObject promise) => (promise.Smi(SecondField) & 3) switch
    {
        0 => "pending",
        1 => "fulfilled",
        2 => "rejected",
        _ => "???",
    };

    public static string GeneratorState(HeapObject generator) => generator.Smi(GeneratorContinuation) switch
    {
        >= 0 => "suspended",
        -1 => "closed",
        _ => "running",
    };

    public string GeneratorName(HeapObject generator) =>
        _heap.TryFollow(generator, FirstField, out HeapObject function) && function.Kind == ObjectKind.Function && core.Functions.TryShared(function, out HeapObject shared)
            ? core.Functions.DebugName(shared)
            : "???";

    /// <summary>A function's name as the program sees it.</summary>
    public string FunctionName(HeapObject shared) =>
        (SharedFlags(shared) >> AnonymousBit & 1) != 0 ? "anonymous" : core.Strings.Read(core.Functions.Name(shared)) ?? "";

    public bool IsClass(HeapObject shared) => (SharedFlags(shared) >> ClassBit & 1) != 0;

    /// <summary>What a module exports: names and what is in their cells.</summary>
    public List<(ulong Name, ulong Value)> Exports(HeapObject moduleNamespace)
    {
        const int ExportsTable = 8, CellValue = 8, FirstPair = V8Layout.ArrayData + 24;
        var found = new List<(ulong, ulong)>();
        if (!_heap.TryFollow(moduleNamespace, _layout.Version >= 1306 ? SecondField : FirstField, out HeapObject module) || !_heap.TryFollow(module, ExportsTable, out HeapObject table)) return found;
        for (int at = FirstPair; at + 16 <= table.Size; at += 16)
        {
            if (_heap.TryFollow(table, at, out HeapObject name) && name.Traits.IsString && _heap.TryFollow(table, at + 8, out HeapObject cell) && cell.Kind == ObjectKind.Cell)
                found.Add((name.Address, cell[CellValue]));
        }

        return [.. found.OrderBy(e => core.Strings.Read(e.Item1), StringComparer.Ordinal)];
    }

    /// <summary>A small integer or a boxed number, as lengths and indexes are.</summary>
    public long Integer(ulong word)
    {
        if ((word & 1) == 0) return (int)(word >> 32);
        return _heap.IndexOf(word) is >= 0 and var index && _heap.KindOf(index) == ObjectKind.HeapNumber && PrimitiveReader.NumberOf(_heap[index]) is >= 0 and < long.MaxValue and var number ? (long)number : 0;
    }

    public long ArrayLength(HeapObject array) => Integer(array[FirstField]);

    public int CollectionSize(HeapObject collection) => _heap.TryFollow(collection, FirstField, out HeapObject table) ? Math.Max(0, table.Smi(V8Layout.ArrayData)) : 0;

    /// <summary>Entries of a Map or a Set in their order: words of the key and, of a Map, the value.</summary>
    public IEnumerable<(ulong Key, ulong Value)> Entries(HeapObject collection)
    {
        bool isMap = collection.Traits.Name == "JS_MAP";
        return _heap.TryFollow(collection, FirstField, out HeapObject table) ? EntriesOf(table, isMap, 0) : [];
    }

    public IEnumerable<(ulong Key, ulong Value)> EntriesOf(HeapObject table, bool isMap, int from)
    {
        int width = isMap ? 24 : 16, first = FirstEntry(table);
        long used = Math.Max(0, (long)table.Smi(V8Layout.ArrayData)) + Math.Max(0, table.Smi(V8Layout.ArrayData + 8));
        for (long i = Math.Max(0, from); i < used; i++)
        {
            long at = first + (i * width);
            if (at + width > table.Size) yield break;
            ulong key = table[(int)at];
            if (_heap.IndexOf(key) is >= 0 and var index && core.Primitives.IsHole(_heap[index])) continue;
            yield return (key, isMap ? table[(int)at + 8] : 0);
        }
    }

    public List<(int Key, int Value)> WeakEntries(HeapObject collection) =>
        _heap.TryFollow(collection, FirstField, out HeapObject table) && table.Kind == ObjectKind.EphemeronHashTable ? [.. References.Ephemerons(table, _heap)] : [];

    public double Date(HeapObject date)
    {
        if (_layout.Version >= 1306) return date.Double(FirstField);
        ulong word = date[FirstField];
        if ((word & 1) == 0) return (int)(word >> 32);
        return _heap.IndexOf(word) is >= 0 and var index && _heap.KindOf(index) == ObjectKind.HeapNumber ? PrimitiveReader.NumberOf(_heap[index]) : double.NaN;
    }

    /// <summary>As it is written: <c>/a+/gi</c>.</summary>
    public string Pattern(HeapObject regExp)
    {
        string source = core.Strings.Read(regExp[RegExpSource]) ?? "???";
        int bits = regExp.Smi(RegExpFlags);

        // The one for linear matching is no flag that a program gives.
        string flags = string.Concat(FlagsByBit.Where((flag, bit) => (bits >> bit & 1) != 0 && flag != 'l').Order());
        return $"/{source}/{flags}";
    }

    public static ulong LastIndex(HeapObject regExp) => regExp[RegExpLastIndex];

    public static bool IsShared(HeapObject buffer, V8Layout layout) => (buffer.Int32(layout.BufferBackingStore + 16) >> 4 & 1) != 0;

    public bool IsShared(HeapObject buffer) => IsShared(buffer, _layout);

    public bool IsDetached(HeapObject buffer) => (BufferBits(buffer) >> 2 & 1) != 0;

    public bool IsResizable(HeapObject buffer) => (BufferBits(buffer) >> 5 & 1) != 0;

    public long BufferBytes(HeapObject buffer)
    {
        // What can grow in several threads at once has its length where they share it.
        if (IsShared(buffer) && IsResizable(buffer)) return SharedLength(buffer);
        return (long)Math.Min(buffer[_layout.BufferByteLength], Limits.MaxNumber);
    }

    public long MaximumBytes(HeapObject buffer) => (long)Math.Min(buffer[_layout.BufferByteLength + 8], Limits.MaxNumber);

    public TypedArrayView View(HeapObject view)
    {
        int byteOffset = _layout.Offset("JSArrayBufferView.byte_offset", _layout.Version >= 1306 ? 48 : 32);
        long start = (long)Math.Min(view[byteOffset], Limits.MaxNumber), bytes = (long)Math.Min(view[byteOffset + 8], Limits.MaxNumber);
        int bits = view.Int32(_layout.Version >= 1306 ? byteOffset - 8 : byteOffset + 16);
        bool tracksLength = (bits & 1) != 0;
        bool hasBuffer = _heap.TryFollow(view, _layout.ViewBuffer, out HeapObject buffer) && buffer.Kind == ObjectKind.ArrayBuffer;
        if (hasBuffer && tracksLength) bytes = Math.Max(0, BufferBytes(buffer) - start);
        if (hasBuffer && IsDetached(buffer)) (start, bytes) = (0, 0);
        if (view.Kind == ObjectKind.DataView)
            return new TypedArrayView(ElementType.Byte, bytes, start, bytes, hasBuffer ? buffer[_layout.BufferBackingStore] + (ulong)start : 0, -1);
        ElementType type = core.ElementTypes.Of(view);
        int pointer = _layout.Offset("JSTypedArray.external_pointer", _layout.Version >= 1306 ? 72 : 64);
        ulong data = view[pointer], inHeap = view[pointer + 8];
        int holder = (inHeap & 1) != 0 ? _heap.IndexOf(inHeap) : -1;
        return new TypedArrayView(type, bytes / type.Bytes, start, bytes, holder >= 0 ? 0 : data, holder);
    }

    /// <summary>The bytes of a view, as many as are wanted and in the core.</summary>
    public ReadOnlySpan<byte> Bytes(TypedArrayView view, long most)
    {
        long bytes = Math.Min(view.ByteLength, most);
        if (view.Holder >= 0) return _heap[view.Holder].Bytes(V8Layout.ArrayData, bytes);
        return view.Data == 0 || bytes <= 0 ? [] : core.Heap.Memory.From(view.Data, (ulong)bytes);
    }

    /// <summary>An object's own property that is a string, or null.</summary>
    public string? OwnString(HeapObject owner, string name)
    {
        var finder = new StringFinder(core, name);
        core.Properties.Visit(owner, ref finder);
        return finder.Found;
    }

    private uint SharedFlags(HeapObject shared) => (uint)shared.Int32(_layout.Offset("SharedFunctionInfo.flags", _layout.Version >= 1306 ? 56 : 48));

    private int BufferBits(HeapObject buffer) => buffer.Int32(_layout.BufferBackingStore + 16);

    private long SharedLength(HeapObject buffer)
    {
        ulong store = buffer[_layout.BufferBackingStore], extension = buffer[_layout.BufferBackingStore + 8];
        for (ulong i = 0; i < ExtensionWords && extension != 0; i++)
        {
            // The shared description of the memory: where it begins, then how long it is.
            ulong shared = core.Heap.Memory.PeekWord(extension + (i * 8));
            if (store != 0 && core.Heap.Memory.PeekWord(shared) == store) return (long)Math.Min(core.Heap.Memory.PeekWord(shared + 8), Limits.MaxNumber);
        }

        return 0;
    }

    private struct StringFinder(CoreSession core, string name) : IPropertyVisitor
    {
        public string? Found { get; private set; }

        public bool Visit(ulong key, ulong value, bool isAccessor, int offset)
        {
            if (isAccessor || core.Strings.Read(key, name.Length + 1) != name) return true;
            Found = core.Strings.Read(value);
            return false;
        }
    }
}

/// <summary>What of its buffer a typed array or a DataView shows.</summary>
/// <param name="Type">What its elements are.</param>
/// <param name="Length">Elements.</param>
/// <param name="ByteOffset">Where in the buffer it begins.</param>
/// <param name="ByteLength">Bytes.</param>
/// <param name="Data">Where its bytes are; 0 where they are in the heap, or nowhere.</param>
/// <param name="Holder">Index of the object of the heap its bytes are in, or -1.</param>
internal readonly record struct TypedArrayView(ElementType Type, long Length, long ByteOffset, long ByteLength, ulong Data, int Holder);
