using Holdfast.Sources.CoreDump.Elf;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.Live;

/// <summary>A page of V8's heap with what its header says of its use; sizes in bytes.</summary>
/// <param name="Base">Where it begins.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Heap">V8's heap it is of; 0 for what all isolates share.</param>
/// <param name="Space">The space that owns it, as V8 names it.</param>
/// <param name="Allocated">Bytes that are not free, live or not yet collected; for the young generation all of the page.</param>
/// <param name="IsListed">Whether it is in use; V8 keeps pages it has emptied.</param>
internal sealed record LivePage(ulong Base, long Bytes, ulong Heap, string Space, long Allocated, bool IsListed)
{
    public const string ReadOnly = "read_only_space";
    public const string Young = "new_space";
    public const string Old = "old_space";
    public const string Code = "code_space";
    public const string Map = "map_space";
    public const string Trusted = "trusted_space";
    public const string Shared = "shared_space";
    public const string Large = "large_object_space";

    /// <summary>V8's numbers of spaces (<c>AllocationSpace</c>, src/common/globals.h): in 10.2 the old space was 1; later the young one is.</summary>
    private static readonly string[] Before11 = [ReadOnly, Old, Code, Map, Large, Large, Large, Young];
    private static readonly string[] Since11 = [ReadOnly, Young, Old, Code, Shared, Trusted];

    public bool IsYoung => Space == Young;

    /// <param name="page">The page.</param>
    /// <param name="memory">Memory that has its header and the space that owns it.</param>
    /// <param name="isBefore11">Whether spaces are numbered as V8 10 did.</param>
    internal static LivePage Of(HeapPage page, AddressSpace memory, bool isBefore11)
    {
        // Where allocated_bytes_ is: after the area's end, or after the size where the header is elsewhere (src/heap/memory-chunk-layout.h).
        ulong field = page.Header != page.Base ? page.Header + 24
            : memory.Word(page.Base) == page.Bytes ? page.Base + 40
            : page.Base + 48;
        ulong allocated = memory.Word(field);
        int number = NumberOf(page, memory);
        string space = SpaceOf(page, number, isBefore11 ? Before11 : Since11);
        long area = (long)(page.End - page.Start);

        // A space with the number of the read-only one that is of a heap is none any more. Halves of the young generation that are empty are in use.
        bool isListed = space == Young || (page.IsListed && (page.IsReadOnly || number != 0));
        return new LivePage(page.Base, (long)page.Bytes, page.Heap, space, allocated <= page.Bytes && space != Young ? (long)allocated : area, isListed);
    }

    /// <summary>A space says its own number after its heap's address (<c>BaseSpace</c>, src/heap/base-space.h); -1 where it does not.</summary>
    internal static int NumberOf(HeapPage page, AddressSpace memory) =>
        page.Owner != 0 && memory.Word(page.Owner + 8) == page.Heap ? memory.Int32(page.Owner + 16) : -1;

    /// <summary>Flags say what is young, large or of nobody.</summary>
    private static string SpaceOf(HeapPage page, int number, string[] names)
    {
        if (page.IsReadOnly) return ReadOnly;
        if (page.IsLarge) return Large;
        if (page.IsYoung) return Young;
        if (number < 1) return Old;
        return number < names.Length ? names[number] : Large;
    }
}
