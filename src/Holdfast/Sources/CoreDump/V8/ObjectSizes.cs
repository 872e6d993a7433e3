using Holdfast.Common;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>
/// How many bytes an object takes, from its map or from its own fields. Source: V8, SizeFor and AllocatedSize of each class;
/// what differs between versions was measured on their cores.
/// </summary>
internal sealed unsafe class ObjectSizes(V8Layout layout)
{
    private const int InlinedLocalNames = 75;
    private const int LargestString = 1 << 30;
    private const int CodeHeaderBytes = 88;

    private const int MostEntries = 1 << 24;

    /// <summary>Holes are followed by memory that nobody may read, so that mistaking one for an object is noticed.</summary>
    private const int HolePayload = 64 << 10;

    /// <summary>The object's bytes, in whole words; 0 where they make no sense.</summary>
    /// <param name="map">Its map.</param>
    /// <param name="data">Its bytes.</param>
    /// <param name="most">Bytes there are from its start.</param>
    /// <param name="heap">For objects whose size another object says.</param>
    public long SizeOf(MapInfo map, byte* data, ulong most, V8Heap heap)
    {
        if (map.InstanceSize > 0) return map.InstanceSize;
        long size = OwnSize(map, data, most, heap);
        return size is < 0 or > Limits.MaxObjectBytes || size % V8Layout.Word != 0 ? 0 : size;
    }

    /// <summary>What the object's own fields say.</summary>
    private long OwnSize(MapInfo map, byte* data, ulong most, V8Heap heap)
    {
        if (map.Traits.Body == ObjectBody.Filler) return V8Layout.Word;
        if (most < 16) return 0;
        int length = *(int*)(data + 12);
        return map.Traits.Body switch
        {
            ObjectBody.SequentialString => length is < 0 or > LargestString ? 0 : Align(16 + ((long)length << ((map.Traits.Number & 8) == 0 ? 1 : 0))),
            ObjectBody.Array or ObjectBody.Doubles => Words(2, length),
            ObjectBody.ArrayAfterTwo => Words(3, length),
            ObjectBody.ArrayAfterThree => Words(4, length),
            ObjectBody.ArrayAfterFour => Words(5, length),
            ObjectBody.NativeContext => Words(3, length),
            ObjectBody.Bytes => length < 0 ? 0 : Align(16L + length),
            ObjectBody.PropertyArray => Words(2, length & 0x3FF),
            ObjectBody.Descriptors => layout.DescriptorsHeader + (24L * *(ushort*)(data + 8)),
            ObjectBody.Bytecode => length < 0 ? 0 : Align((long)layout.BytecodeHeader + length),
            ObjectBody.FreeSpace => length < 0 ? 0 : layout.Version >= 1306 ? 8L * length : length,
            ObjectBody.FeedbackVector => *(int*)(data + 8) < 0 ? 0 : layout.FeedbackVectorHeader + (8L * *(int*)(data + 8)),
            ObjectBody.FeedbackMetadata => FeedbackMetadata(*(int*)(data + 8), length),
            ObjectBody.PreparseData => *(int*)(data + 8) < 0 || length < 0 ? 0 : Align(16L + *(int*)(data + 8)) + (8L * length),
            ObjectBody.BigInt => 16 + (8L * (long)(*(ulong*)(data + 8) >> 1 & 0x3FFFFFFF)),
            ObjectBody.ScopeInfo => ScopeInfo(data, most),
            ObjectBody.Instructions => Instructions(data, most, heap),
            ObjectBody.SwissDictionary => SwissDictionary(data, most),
            ObjectBody.SmallOrderedTable => SmallOrderedTable(map.Traits.Name, data),
            ObjectBody.CoverageInfo => *(int*)(data + 8) < 0 ? 0 : 16 + (24L * *(int*)(data + 8)),
            ObjectBody.DispatchTable => DispatchTable(data, most),
            ObjectBody.ImportTable => most < 24 ? 0 : Entries(24, 16, *(int*)(data + 8)),
            ObjectBody.WasmTypeInfo when layout.Version <= 1204 => most < 40 ? 0 : Entries(40, 8, *(int*)(data + 36)),
            ObjectBody.WasmTypeInfo => most < 24 ? 0 : Entries(24, 8, *(int*)(data + 20)),
            ObjectBody.StringCache => StringCache(data, most),
            ObjectBody.OneWord => V8Layout.Word,
            ObjectBody.Hole => most < V8Layout.Word + HolePayload ? V8Layout.Word : V8Layout.Word + HolePayload,
            ObjectBody.WasmArray => WasmArray(map, data, most),
            ObjectBody.WasmStruct => WasmStruct(map),
            _ => 0,
        };
    }

    private static long Align(long bytes) => (bytes + 7) & ~7L;

    private static long Words(int header, int length) => length < 0 ? 0 : 8L * (header + length);

    private long FeedbackMetadata(int slots, int createClosureSlots)
    {
        if (slots < 0 || createClosureSlots < 0) return 0;
        long bytes = 16 + (4L * ((slots + 5L) / 6));
        return Align(layout.Version >= 1306 ? bytes + (2L * createClosureSlots) : bytes);
    }

    /// <summary>A scope's description: flags say which parts follow the names of its variables.</summary>
    private long ScopeInfo(byte* data, ulong most)
    {
        if (most < 48) return 0;
        uint flags = layout.Version <= 1204 ? *(uint*)(data + 12) : *(uint*)(data + 8);
        long locals = *(int*)(data + 28);
        if (locals < 0) return 0;
        ScopeFlags scope = new(flags, layout.Version);
        long size = layout.Version >= 1306 ? 48 : 32;
        long variables = 0;
        if (scope.IsModule && layout.Version >= 1204)
        {
            if ((ulong)size + 8 > most) return 0;
            variables = *(int*)(data + size + 4);
            size += 8;
        }

        size += locals < InlinedLocalNames ? 8 * locals : 8;
        size += 8 * locals;
        size += scope.OptionalBytes();
        if (scope.IsModule)
        {
            size += 8;
            if (layout.Version < 1204)
            {
                if ((ulong)size + 8 > most) return 0;
                variables = *(int*)(data + size + 4);
                size += 8;
            }

            size += 24 * variables;
        }

        return size;
    }

    private long Instructions(byte* data, ulong most, V8Heap heap)
    {
        if (layout.Version <= 1002)
        {
            if (most < 128) return 0;
            long instructions = *(int*)(data + 40), metadata = *(int*)(data + 44);
            return instructions < 0 || metadata < 0 ? 0 : Round64(128 + instructions + metadata);
        }

        if (most < 16) return 0;
        ulong code = *(ulong*)(data + 8);
        byte* header = (code & 3) == 1 ? heap.Pages.At(code - 1, CodeHeaderBytes) : null;
        int start = layout.Offset("Code.instruction_start", 40), stream = layout.Offset("Code.instruction_stream", 32);
        int sizeAt = layout.Offset("Code.instruction_size", 56);
        const uint Last = CodeHeaderBytes - 8;
        if (header is null || (uint)start > Last || (uint)stream > Last || (uint)sizeAt > Last) return 0;
        long offset = (long)(*(ulong*)(header + start) - (*(ulong*)(header + stream) - 1));
        int bytes = *(int*)(header + sizeAt), tail = *(int*)(header + sizeAt + 4);
        return bytes < 0 || tail < 0 || offset is < 0 or > 4096 ? 0 : Round64(offset + bytes + tail);
    }

    private static long Round64(long bytes) => (bytes + 63) & ~63L;

    private static long SwissDictionary(byte* data, ulong most)
    {
        // Hash, capacity, meta table, then data table, control table and details: all by the capacity.
        if (most < 24) return 0;
        long capacity = *(int*)(data + 12);
        if (capacity < 0) return 0;
        return Align(24 + (16 * capacity) + capacity + 16 + capacity);
    }

    private static long SmallOrderedTable(string type, byte* data)
    {
        // Elements, deleted, buckets; then entries, and a byte for each bucket and each link of a chain.
        long elements = data[8], deleted = data[9], buckets = data[10];
        int entry = type.Contains("SET", StringComparison.Ordinal) ? 1 : type.Contains("MAP", StringComparison.Ordinal) ? 2 : 3;
        if (buckets == 0) return 0;
        return elements + deleted > buckets * 2 ? 0 : Align(16 + (buckets * 2 * entry * 8) + buckets + (buckets * 2));
    }

    /// <summary>WebAssembly's tables of functions: entries became shorter with time, and got a longer header.</summary>
    private long DispatchTable(byte* data, ulong most)
    {
        if (most < 16) return 0;
        int capacity = *(int*)(data + 12);
        return layout.Version <= 1204 ? Entries(16, 24, capacity) : layout.Version <= 1306 ? Entries(40, 24, capacity) : Entries(40, 16, capacity);
    }

    private static long Entries(int header, int bytes, int count) => count is < 0 or > MostEntries ? 0 : header + ((long)bytes * count);

    private static long StringCache(byte* data, ulong most)
    {
        if (most < 16) return 0;
        return Entries(16, 16, *(int*)(data + 8));
    }

    private static long WasmArray(MapInfo map, byte* data, ulong most)
    {
        long length = most < 24 ? -1 : *(uint*)(data + 16);
        int element = map.WasmElementBytes;
        return length < 0 || element == 0 ? 0 : Align(24 + (length * element));
    }

    private static long WasmStruct(MapInfo map) => map.WasmStructBytes;
}
