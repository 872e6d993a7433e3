using System.Buffers.Binary;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Tests.Fixtures;

/// <summary>
/// A process with a heap of V8's, small enough to be made by hand: a page of maps and constants that all isolates share, a page
/// of the main isolate's objects, the isolate, a stack, and whatever else a test puts in memory. What is in memory may be
/// changed at any time before the core is built, by address.
/// </summary>
internal sealed partial class HeapCoreBuilder
{
    public const ulong ReadOnlyPage = 0x1000_0000_0000;
    public const ulong Page = 0x2000_0000_0000;
    public const ulong Isolate = 0x3000_0000_0000;
    public const ulong Native = 0x4000_0000_0000;
    public const ulong Stack = 0x7F00_0000_0000;

    private const int IsolateBytes = 0x12000;
    private const int StackBytes = 0x1000;
    private const ulong FirstObject = 0x100;

    private readonly List<(ulong Start, byte[] Bytes)> _memory = [];
    private readonly Dictionary<ulong, ulong> _tops = [];
    private readonly Dictionary<string, ulong> _maps = [];
    private readonly V8Version _version;
    private readonly TypeCatalog _types;
    private ulong _nativeTop = Native;
    private ulong _handles;
    private int _handleCount;

    public HeapCoreBuilder(string version = "13.6.233.17")
    {
        _version = V8Version.TryParse(version) ?? throw new ArgumentException(version);
        Table = VersionTable.Nearest(_version);
        Layout = new V8Layout(_version, Table.Constants);
        _types = new TypeCatalog(Table.Types, Table.Constants, _version);
        Memory(Isolate, IsolateBytes);
        Memory(Stack, StackBytes);
        AddPage(ReadOnlyPage, heap: 0, owner: 0);
        AddPage(Page, Heap, owner: Isolate + 0x100);
        MetaMap = AllocateIn(ReadOnlyPage, V8Layout.MapSize);
        FillMap(MetaMap, "MAP", V8Layout.MapSize / 8);
        _maps["MAP"] = MetaMap;
        Undefined = New(MapOf("ODDBALL"), new ulong[5]);
        AddIsolate();
    }

    public VersionTable Table { get; }

    public V8Layout Layout { get; }

    public ulong Heap => Isolate + (ulong)Offset("Isolate.heap");

    public ulong MetaMap { get; }

    public ulong Undefined { get; }

    /// <summary>The first block of global handles.</summary>
    public ulong FirstHandle => _handles;

    /// <summary>Where new objects go.</summary>
    public ulong CurrentPage { get; set; } = Page;

    /// <summary>What packing notes; the version unless changed.</summary>
    public string? Note { get; set; }

    /// <summary>Threads with their stack pointers; the main one unless changed.</summary>
    public List<(int Id, ulong StackPointer)> Threads { get; } = [(1000, Stack + 0x100)];

    public static ulong Smi(int value) => (ulong)(uint)value << 32;

    public int Offset(string constant) => Layout.Offset(constant, 0);

    /// <summary>Zeroed memory at an address, or wherever there is room.</summary>
    public ulong Memory(ulong address, int bytes)
    {
        _memory.Add((address, new byte[bytes]));
        return address;
    }

    public ulong Memory(int bytes)
    {
        ulong address = _nativeTop;
        _nativeTop += ((ulong)bytes + 0xFFF) & ~0xFFFUL;
        return Memory(address, bytes);
    }

    /// <summary>The bytes at an address (a tag does not count), to be changed.</summary>
    public Span<byte> At(ulong address)
    {
        (ulong start, byte[] bytes) = _memory.First(m => address >= m.Start && address - m.Start < (ulong)m.Bytes.Length);
        return bytes.AsSpan((int)(address - start));
    }

    public ulong Word(ulong address) => BinaryPrimitives.ReadUInt64LittleEndian(At(address));

    public void Set(ulong address, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(At(address), value);

    /// <summary>Changes a field of an object.</summary>
    public void SetField(ulong tagged, int offset, ulong value) => Set((tagged & ~7UL) + (ulong)offset, value);

    public ulong Field(ulong tagged, int offset) => Word((tagged & ~7UL) + (ulong)offset);

    public void SetInt32(ulong address, int value) => BinaryPrimitives.WriteInt32LittleEndian(At(address), value);

    /// <summary>A page with V8's header of this version.</summary>
    /// <param name="address">A multiple of 256 KiB.</param>
    /// <param name="heap">The heap it is of, 0 for what all isolates share.</param>
    /// <param name="owner">The space that owns it.</param>
    /// <param name="bytes">More than 256 KiB for a large page.</param>
    /// <param name="flags">V8's flags.</param>
    public void AddPage(ulong address, ulong heap, ulong owner, int bytes = HeapPage.Size, ulong flags = 0)
    {
        Memory(address, bytes);
        ulong start = address + FirstObject, end = address + (ulong)bytes;
        if (_version.Number < 1204)
        {
            Write(address, [(ulong)bytes, flags, heap, start, end, 0, 0, 0, owner]);
        }
        else if (_version.Number < 1306)
        {
            Write(address, [flags, address, (ulong)bytes, heap, start, end, 0, 0, 0, owner]);
        }
        else
        {
            ulong metadata = Memory(0x200);
            Write(address, [flags, metadata]);
            Write(metadata, [0, 0, 0, 0, 0, 0, (ulong)bytes, end, heap, start, owner]);
        }

        _tops[address] = start;
    }

    public void Write(ulong address, ReadOnlySpan<ulong> words)
    {
        for (int i = 0; i < words.Length; i++) Set(address + ((ulong)i * 8), words[i]);
    }

    /// <summary>Room for an object; its address with the tag.</summary>
    public ulong Allocate(int bytes) => AllocateIn(CurrentPage, bytes);

    /// <summary>Where the next object of a page will be.</summary>
    public ulong TopOf(ulong page) => _tops[page];

    /// <summary>An object: its map, and the words that follow.</summary>
    public ulong New(ulong map, params ReadOnlySpan<ulong> fields)
    {
        ulong made = Allocate(8 + (fields.Length * 8));
        SetField(made, 0, map);
        Write(made + 7, fields);
        return made;
    }

    /// <summary>An object whose second word begins with some bytes.</summary>
    public ulong NewBytes(ulong map, ReadOnlySpan<byte> body)
    {
        ulong made = Allocate(8 + body.Length);
        SetField(made, 0, map);
        body.CopyTo(At(made + 7));
        return made;
    }

    /// <summary>The map of a kind of object that is made as often as it is asked for, in the page that all share.</summary>
    public ulong MapOf(string type)
    {
        if (!_maps.TryGetValue(type, out ulong map)) _maps[type] = map = Map(type, WordsOf(type), page: ReadOnlyPage);
        return map;
    }

    /// <summary>A map of its own.</summary>
    /// <param name="type">The instance type's name.</param>
    /// <param name="words">Words of each object, 0 where the object says.</param>
    /// <param name="inObject">The word where properties begin.</param>
    /// <param name="prototype">The prototype.</param>
    /// <param name="constructor">The constructor or the map it was made from.</param>
    /// <param name="descriptors">The properties' descriptors.</param>
    /// <param name="own">How many of those are of this map.</param>
    /// <param name="isDictionary">Whether properties are in a dictionary.</param>
    /// <param name="elementsKind">V8's number.</param>
    /// <param name="page">Where the map is; the current page unless given.</param>
    public ulong Map(
        string type, int words = 0, int inObject = 0, ulong prototype = 0, ulong constructor = 0, ulong descriptors = 0, int own = 0,
        bool isDictionary = false, int elementsKind = 0, ulong page = 0)
    {
        ulong map = AllocateIn(page == 0 ? CurrentPage : page, V8Layout.MapSize);
        FillMap(map, type, words);
        Span<byte> bytes = At(map - 1);
        bytes[V8Layout.MapInObjectStart] = (byte)inObject;
        bytes[V8Layout.MapBitField2] = (byte)((elementsKind << 2) | (constructor != 0 ? 1 : 0));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[V8Layout.MapBitField3..], ((uint)own << 10) | (isDictionary ? 1u << 21 : 0));
        SetField(map, V8Layout.MapPrototype, prototype);
        SetField(map, V8Layout.MapConstructor, constructor);
        SetField(map, V8Layout.MapDescriptors, descriptors);
        return map;
    }

    /// <summary>Has a global handle keep an object.</summary>
    /// <param name="reference">The object.</param>
    /// <param name="state">1 strong, 2 weak.</param>
    public void Keep(ulong reference, int state = 1)
    {
        ulong node = _handles + ((ulong)_handleCount++ * 32);
        Set(node, reference);
        Set(node + 8, (ulong)state << 24);
    }

    /// <summary>Gives a root of V8's table its object.</summary>
    public void Root(string name, ulong reference)
    {
        int index = Table.Roots.ToList().IndexOf(name);
        if (index >= 0) Set(Isolate + (ulong)Offset("Roots.table") + ((ulong)index * 8), reference);
    }

    /// <summary>The core so far; more can be added to it.</summary>
    public CoreBuilder ToCore()
    {
        FillRest();
        var core = new CoreBuilder();
        foreach ((int id, ulong stackPointer) in Threads) core.Thread(id, stackPointer);
        core.Auxiliary(CoreBuilder.Random, 0x7FFF_1234);
        core.Packed(Note ?? $"v8 {_version}\n");
        foreach ((ulong start, byte[] bytes) in _memory.OrderBy(m => m.Start)) core.Segment(start, [.. bytes]);
        return core;
    }

    public byte[] Build() => ToCore().Build();

    private ulong AllocateIn(ulong page, int bytes)
    {
        ulong at = _tops[page];
        _tops[page] = at + (((ulong)bytes + 7) & ~7UL);
        _ = At(_tops[page] - 1);
        return at + 1;
    }

    private void FillMap(ulong map, string type, int words)
    {
        SetField(map, 0, MetaMap == 0 ? map : MetaMap);
        Span<byte> bytes = At(map - 1);
        bytes[V8Layout.MapInstanceSize] = (byte)words;
        int number = type.EndsWith("_STRING", StringComparison.Ordinal) ? NumberOfString(type) : _types.NumberOf(type);
        if (number < 0) throw new ArgumentException($"V8 {_version} has no type {type}");
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[V8Layout.MapInstanceType..], (ushort)number);
    }

    /// <summary>Strings' types are bits, the same in all versions; their names are not.</summary>
    private static int NumberOfString(string type)
    {
        int shape = System.Array.FindIndex(["SEQ", "CONS", "EXTERNAL", "SLICED", "THIN"], s => type.Contains(s, StringComparison.Ordinal));
        return (type.StartsWith("INTERNALIZED", StringComparison.Ordinal) ? 0 : 32)
            | (type.Contains("ONE_BYTE", StringComparison.Ordinal) ? 8 : 0)
            | (type.StartsWith("UNCACHED", StringComparison.Ordinal) ? 16 : 0)
            | (shape < 0 ? 0 : shape == 4 ? 5 : shape);
    }

    /// <summary>A heap is whole: after the last object of each page is free space.</summary>
    private void FillRest()
    {
        ulong free = MapOf("FREE_SPACE");
        foreach ((ulong page, ulong top) in _tops)
        {
            (ulong start, byte[] bytes) = _memory.First(m => m.Start == page);
            ulong rest = start + (ulong)bytes.Length - top;
            if (rest < 16 || bytes.Length > HeapPage.Size) continue;
            Set(top, free);
            Set(top + 8, Smi((int)(_version.Number >= 1306 ? rest / 8 : rest)));
        }
    }

    private void AddIsolate()
    {
        ulong top = Isolate + (ulong)Offset("Isolate.thread_local_top");
        Set(top + (ulong)Offset("ThreadLocalTop.isolate"), Isolate);
        Set(top + (ulong)Offset("ThreadLocalTop.js_entry_sp"), Stack + 0x800);
        for (int i = 0; i < Offset("Roots.count"); i++) Set(Isolate + (ulong)Offset("Roots.table") + ((ulong)i * 8), Undefined);
        Root("meta_map", MetaMap);
        Root("undefined_value", Undefined);
        ulong handles = Memory(0x1000), space = Memory(0x1000);
        _handles = Memory(0x3000);
        Set(Isolate + (ulong)Offset("Isolate.global_handles"), handles);
        Set(handles + (ulong)Layout.Offset("GlobalHandles.node_space_ptr", 8), space);
        Set(space + (ulong)Layout.Offset("GlobalHandles.node_space_first_used_block", 16), _handles);
    }
}
