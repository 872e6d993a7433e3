using System.Buffers.Binary;
using System.Globalization;
using Holdfast.Common;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging.Values;

/// <summary>What the elements of a typed array are.</summary>
/// <param name="Name">The constructor: <c>Float64Array</c>.</param>
/// <param name="Bytes">Bytes of one.</param>
internal sealed record ElementType(string Name, int Bytes)
{
    public static ElementType Byte { get; } = new("Uint8Array", 1);

    /// <summary>All of them, by the names that programs know them by.</summary>
    public static IReadOnlyList<ElementType> All { get; } =
    [
        Byte, new("Int8Array", 1), new("Uint8ClampedArray", 1), new("Uint16Array", 2), new("Int16Array", 2), new("Float16Array", 2), new("Uint32Array", 4),
        new("Int32Array", 4), new("Float32Array", 4), new("Float64Array", 8), new("BigUint64Array", 8), new("BigInt64Array", 8),
    ];

    /// <summary>The first element of these bytes as JavaScript writes it.</summary>
    public string Show(ReadOnlySpan<byte> bytes) => Name switch
    {
        "Int8Array" => ((sbyte)bytes[0]).ToString(CultureInfo.InvariantCulture),
        "Uint16Array" => BinaryPrimitives.ReadUInt16LittleEndian(bytes).ToString(CultureInfo.InvariantCulture),
        "Int16Array" => BinaryPrimitives.ReadInt16LittleEndian(bytes).ToString(CultureInfo.InvariantCulture),
        "Float16Array" => NumberText.Show((double)BinaryPrimitives.ReadHalfLittleEndian(bytes)),
        "Uint32Array" => BinaryPrimitives.ReadUInt32LittleEndian(bytes).ToString(CultureInfo.InvariantCulture),
        "Int32Array" => BinaryPrimitives.ReadInt32LittleEndian(bytes).ToString(CultureInfo.InvariantCulture),
        "Float32Array" => NumberText.Show(BinaryPrimitives.ReadSingleLittleEndian(bytes)),
        "Float64Array" => NumberText.Show(BinaryPrimitives.ReadDoubleLittleEndian(bytes)),
        "BigUint64Array" => BinaryPrimitives.ReadUInt64LittleEndian(bytes).ToString(CultureInfo.InvariantCulture),
        "BigInt64Array" => BinaryPrimitives.ReadInt64LittleEndian(bytes).ToString(CultureInfo.InvariantCulture),
        _ => bytes[0].ToString(CultureInfo.InvariantCulture),
    };
}

/// <summary>
/// Element types by number, as maps have them. V8 counts them differently from version to version; the process's own constructors say
/// which is which.
/// </summary>
internal sealed class ElementTypes(CoreSession core)
{
    private Dictionary<int, ElementType>? _byKind;

    public ElementType Of(HeapObject typedArray) => (_byKind ??= Find()).GetValueOrDefault(typedArray.Map.ElementsKind, ElementType.Byte);

    /// <summary>Each constructor's first map has the kind of elements that its objects have.</summary>
    private Dictionary<int, ElementType> Find()
    {
        var byName = ElementType.All.ToDictionary(type => type.Name);
        var found = new Dictionary<int, ElementType>();
        V8Heap heap = core.Heap;
        for (int i = 0; i < heap.Count && found.Count < byName.Count; i++)
        {
            MapInfo map = heap.MapOf(i);
            if (map.Traits.Kind != ObjectKind.Function || !map.HasPrototypeSlot) continue;
            HeapObject constructor = heap[i];
            if (!heap.TryFollow(constructor, heap.Layout.FunctionPrototype, out HeapObject initial) || initial.Kind != ObjectKind.Map) continue;
            if (heap.Types[initial.UInt16(V8Layout.MapInstanceType)]?.Kind != ObjectKind.TypedArray) continue;
            if (!core.Functions.TryShared(constructor, out HeapObject shared) || !byName.TryGetValue(core.Functions.DebugName(shared), out ElementType? type)) continue;
            if (heap.FindMap(initial.Address) is { } first) found.TryAdd(first.ElementsKind, type);
        }

        return found;
    }
}
