using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>
/// The table functions have their code in since V8 13: an entry of two words for each number. Source: V8, src/sandbox/js-dispatch-table.h.
/// </summary>
/// <param name="Base">Where the table is.</param>
internal sealed record CodeTable(ulong Base)
{
    /// <summary>Where a function has its handle.</summary>
    public const int HandleOffset = 24;

    /// <summary>How far an entry's number is shifted to be a handle.</summary>
    private const int HandleShift = 8;

    /// <summary>The table an isolate uses; null where its version has none.</summary>
    public static CodeTable? Of(V8Heap heap, IsolateInfo isolate)
    {
        int offset = heap.Layout.Offset("Isolate.code_table", 0);
        return offset == 0 || !isolate.IsKnown ? null : new CodeTable(heap.Memory.Word(isolate.Address + (ulong)offset));
    }

    /// <summary>The reference to the code of a handle, 0 where there is none.</summary>
    public ulong Code(AddressSpace memory, uint handle)
    {
        if (handle == 0) return 0;

        // The address is in the upper 48 bits; below are a mark and the number of parameters.
        ulong pointer = memory.Word(Base + ((ulong)(handle >> HandleShift) * 16) + 8) >> 16;
        return pointer == 0 ? 0 : pointer | 1;
    }
}
