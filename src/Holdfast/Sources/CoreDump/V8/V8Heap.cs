using Holdfast.Common;
using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>
/// The heap of a Node.js process as it is in memory: its pages, all objects that can be walked, and their maps.
/// </summary>
internal sealed unsafe class V8Heap : IDisposable
{
    private const int MostMoves = 16;

    private readonly Dictionary<ulong, MapInfo> _byAddress = [];
    private readonly List<MapInfo> _maps = [];
    private readonly ushort _mapType;
    private long _sharedReads;

    public V8Heap(AddressSpace memory, List<HeapPage> pages, V8Layout layout, TypeCatalog types)
    {
        Memory = memory;
        Layout = layout;
        Types = types;
        Pages = new HeapPages(pages, memory);
        Objects = new ObjectTable(Pages, memory.StoredBytes);
        _mapType = (ushort)types.NumberOf("MAP");
        ForgetShared();
    }

    /// <summary>What to call it in messages.</summary>
    public string Name { get; init; } = "the core";

    public AddressSpace Memory { get; }

    /// <summary>Classes of the program's native objects.</summary>
    public NodeClasses NativeClasses { get; init; } = new(new Dictionary<string, ulong>());

    /// <summary>Bytes that could not be read as objects.</summary>
    public long UnparsedBytes { get; set; }

    /// <summary>The version of V8 that made it.</summary>
    public V8Version Version { get; init; }

    /// <summary>What is known of that version, or of the one nearest to it.</summary>
    public required VersionTable Table { get; init; }

    public V8Layout Layout { get; }

    public TypeCatalog Types { get; }

    public HeapPages Pages { get; }

    public ObjectTable Objects { get; }

    public IReadOnlyList<MapInfo> Maps => _maps;

    public int Count => Objects.Count;

    public HeapObject this[int index]
    {
        get
        {
            ulong address = Objects.Addresses.Span[index];
            HeapPage page = Pages.All[Pages.NumberOf(address)];
            return new HeapObject(
                (byte*)page.Data + (address - page.Start), 8L * Objects.Sizes.Span[index], address + 1, index, _maps[Objects.Maps.Span[index]]);
        }
    }

    /// <summary>The machine code a function runs, where functions have a number in a table of code; -1 where it is not found.</summary>
    public int CodeOf(HeapObject function) => CodeTable is { } table ? IndexOf(table.Code(Memory, (uint)function.Int32(CodeTable.HandleOffset))) : -1;

    /// <summary>The table that functions have their code in, since V8 13; null where there is none or it is not found.</summary>
    public CodeTable? CodeTable { get; set; }

    /// <summary>The object a tagged reference leads to, or -1.</summary>
    public int IndexOf(ulong reference) => Objects.IndexOf(reference);

    public MapInfo MapOf(int index) => _maps[Objects.Maps.Span[index]];

    public ObjectKind KindOf(int index) => index < 0 ? ObjectKind.Other : MapOf(index).Traits.Kind;

    public HeapPage PageOf(int index) => Pages.All[Pages.NumberOf(Objects.Addresses.Span[index])];

    /// <summary>The object a field leads to, if it is there.</summary>
    public bool TryFollow(HeapObject from, int offset, out HeapObject to)
    {
        int index = IndexOf(from[offset]);
        to = index < 0 ? default : this[index];
        return index >= 0;
    }

    /// <summary>The map a word refers to, or null where it is none.</summary>
    public MapInfo? FindMap(ulong reference)
    {
        if (_byAddress.TryGetValue(reference, out MapInfo? known)) return known;
        if ((reference & 7) != 1) return null;
        byte* map = Pages.At(reference - 1, V8Layout.MapSize);
        if (map is null) return null;
        if (Resolve(reference) is var now && now != reference) return FindMovedMap(reference, now);
        if (!IsMap(*(ulong*)map)) return null;
        TypeTraits? traits = Types[*(ushort*)(map + V8Layout.MapInstanceType)];
        if (traits is null) return null;
        var info = new MapInfo(reference, _maps.Count, traits)
        {
            InstanceSize = map[V8Layout.MapInstanceSize] * V8Layout.Word,
            InObjectStart = map[V8Layout.MapInObjectStart],
            Used = map[V8Layout.MapInObjectStart + 1],
            BitField = map[V8Layout.MapBitField],
            BitField2 = map[V8Layout.MapBitField2],
            BitField3 = *(uint*)(map + V8Layout.MapBitField3),
            Prototype = *(ulong*)(map + V8Layout.MapPrototype),
            ConstructorOrBackPointer = *(ulong*)(map + V8Layout.MapConstructor),
            Descriptors = *(ulong*)(map + V8Layout.MapDescriptors),
        };
        _maps.Add(info);
        _byAddress.Add(reference, info);
        return info;
    }

    /// <summary>
    /// Counts what is looked at once for each object that has it: elements of an array, entries of a dictionary. Objects hardly
    /// ever share these, but in a damaged core all of them could share all.
    /// </summary>
    /// <exception cref="InputException">Too much is shared.</exception>
    public void CountShared(long words)
    {
        if ((_sharedReads -= words) >= 0) return;
        throw new InputException($"{Name}: objects share arrays and dictionaries to an extent that no program does: more than {Limits.MaxSharedReadsPerWord} times "
            + $"all memory of the core (limit {nameof(Limits.MaxSharedReadsPerWord)}). The core is damaged; take it again.");
    }

    /// <summary>Begins to count anew, for a question of its own.</summary>
    public void ForgetShared() => _sharedReads = Limits.MaxSharedReads + (Memory.StoredBytes / V8Layout.Word * Limits.MaxSharedReadsPerWord);

    public void Dispose()
    {
        Objects.Dispose();
        Pages.Dispose();
    }

    /// <summary>During a collection maps are moved too: where one was is the address it is at now.</summary>
    private MapInfo? FindMovedMap(ulong reference, ulong now)
    {
        if (FindMap(now) is not { } moved) return null;
        _byAddress.Add(reference, moved);
        return moved;
    }

    /// <summary>
    /// Where the object of a reference is now, by the addresses that moving has left behind; where those lead in a circle,
    /// it is where it was.
    /// </summary>
    private ulong Resolve(ulong reference)
    {
        ulong now = reference;
        for (int moves = 0; moves < MostMoves; moves++)
        {
            byte* at = Pages.At(now - 1, V8Layout.MapSize);
            if (at is null || (*(ulong*)at & 7) != 0 || Pages.At(*(ulong*)at, V8Layout.MapSize) is null) return now;
            now = *(ulong*)at + 1;
        }

        return reference;
    }

    /// <summary>Whether this is the map of maps, which is its own map.</summary>
    private bool IsMap(ulong meta)
    {
        if ((meta & 7) != 1) return false;
        meta = Resolve(meta);
        byte* map = Pages.At(meta - 1, V8Layout.MapSize);
        if (map is null || *(ushort*)(map + V8Layout.MapInstanceType) != _mapType) return false;
        return *(ulong*)map == meta || ((*(ulong*)map & 7) == 1 && Resolve(*(ulong*)map) == meta);
    }
}
