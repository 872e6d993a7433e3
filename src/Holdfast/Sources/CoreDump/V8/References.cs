using System.Buffers.Binary;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>Which words of an object are references, and which of those keep nothing alive.</summary>
internal static class References
{
    private const int EphemeronsFrom = V8Layout.ArrayData + (3 * V8Layout.Word);

    /// <summary>The bytes that may hold references after the map: from, and before which.</summary>
    public static (int From, int End) Range(HeapObject of, V8Layout layout)
    {
        int end = (int)Math.Min(of.Size, int.MaxValue & ~7);
        switch (of.Traits.Body)
        {
            case ObjectBody.FixedRaw or ObjectBody.Bytes or ObjectBody.Doubles or ObjectBody.BigInt or ObjectBody.FreeSpace or ObjectBody.Filler
                or ObjectBody.FeedbackMetadata or ObjectBody.SequentialString or ObjectBody.Hole or ObjectBody.OneWord or ObjectBody.CoverageInfo:
                return (8, 8);
            case ObjectBody.Bytecode:
                return (8, Math.Min(end, layout.BytecodeHeader & ~7));
            case ObjectBody.Instructions:
                return (8, Math.Min(end, layout.Version <= 1002 ? 40 : 32));
        }

        return of.Kind == ObjectKind.Map ? (V8Layout.MapPrototype, end) : (8, end);
    }

    /// <summary>Whether a strong-looking word is one the collector lets go.</summary>
    public static bool IsWeakField(HeapObject of, int offset, V8Layout layout) => of.Kind switch
    {
        ObjectKind.WeakRef => offset == 24,
        ObjectKind.WeakCell => offset == layout.WeakCellTarget || offset == layout.WeakCellTarget + 8,
        ObjectKind.FinalizationRegistry => offset == layout.FinalizationNextDirty,
        ObjectKind.AllocationSite => offset == layout.AllocationSiteNext,
        ObjectKind.NativeContext => offset >= of.Size - (layout.Version <= 1103 ? 32 : 16),
        ObjectKind.CodeDataContainer => offset == 8,
        _ => false,
    };

    /// <summary>Keys and values of a WeakMap's table: indexes of objects, -1 where there is none.</summary>
    public static IEnumerable<(int Key, int Value)> Ephemerons(HeapObject table, V8Heap heap)
    {
        for (int at = EphemeronsFrom; at + 16 <= table.Size; at += 16)
        {
            int key = heap.IndexOf(table[at]), value = heap.IndexOf(table[at + 8]);
            if (key < 0 || heap.KindOf(key) is ObjectKind.Oddball or ObjectKind.Hole) continue;
            yield return (key, value);
        }
    }

    /// <summary>Objects whose addresses are in the header of machine code or among its instructions.</summary>
    public static List<int> InCode(HeapObject code, V8Heap heap)
    {
        var found = new List<int>();
        ReadOnlySpan<byte> bytes = code.Bytes(0, code.Size);
        for (int at = 8; at + 8 <= bytes.Length; at++)
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);

            // User space ends at 2^47.
            if ((word & 7) == 1 && word >> 47 == 0 && heap.IndexOf(word) is >= 0 and var index) found.Add(index);
        }

        return found;
    }

    public static bool IsWeakInCode(ObjectKind kind) =>
        kind is ObjectKind.Map or ObjectKind.PropertyCell or ObjectKind.Context or ObjectKind.NativeContext || kind >= ObjectKind.Proxy;
}
