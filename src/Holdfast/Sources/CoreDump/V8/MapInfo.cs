namespace Holdfast.Sources.CoreDump.V8;

/// <summary>A hidden class, read once for all its objects.</summary>
internal sealed class MapInfo(ulong address, int number, TypeTraits traits)
{
    private const uint PrototypeBit = 1 << 20;
    private const uint DictionaryBit = 1 << 21;

    /// <summary>Where the map is, with its tag.</summary>
    public ulong Address => address;

    /// <summary>Its place in the list of maps.</summary>
    public int Number => number;

    public TypeTraits Traits => traits;

    /// <summary>Bytes of each object, 0 where the object says.</summary>
    public int InstanceSize { get; init; }

    /// <summary>The word where properties inside the object begin.</summary>
    public byte InObjectStart { get; init; }

    /// <summary>The byte after it: how much of the object is used, part of the size of WebAssembly's objects.</summary>
    public byte Used { get; init; }

    public byte BitField { get; init; }

    public byte BitField2 { get; init; }

    public uint BitField3 { get; init; }

    public ulong Prototype { get; init; }

    public ulong ConstructorOrBackPointer { get; init; }

    public ulong Descriptors { get; init; }

    /// <summary>Bytes of one element of a WebAssembly array of this map.</summary>
    public int WasmElementBytes => InObjectStart;

    /// <summary>Bytes of a WebAssembly struct of this map.</summary>
    public int WasmStructBytes => InObjectStart | (Used << 8);

    public int ElementsKind => BitField2 >> 2;

    public bool NewTargetIsBase => (BitField2 & 1) != 0;

    public int OwnDescriptors => (int)(BitField3 >> 10 & 0x3FF);

    public bool IsPrototypeMap => (BitField3 & PrototypeBit) != 0;

    public bool IsDictionaryMap => (BitField3 & DictionaryBit) != 0;

    public bool HasPrototypeSlot => (BitField & 0x80) != 0;

    public bool IsCallable => (BitField & 2) != 0;

    /// <summary>Properties that fit inside the object.</summary>
    public int InObjectProperties => InObjectStart == 0 ? 0 : (InstanceSize / V8Layout.Word) - InObjectStart;
}
