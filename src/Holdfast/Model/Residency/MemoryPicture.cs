namespace Holdfast.Model.Residency;

/// <summary>What memory is for, as far as addresses tell.</summary>
public static class MemoryKind
{
    public const string V8Heap = "v8_heap";
    public const string MallocMain = "malloc_main";
    public const string MallocArenas = "malloc_arenas";
    public const string MallocLarge = "malloc_large";
    public const string Stacks = "stacks";
    public const string Code = "code";
    public const string MappedFiles = "mapped_files";
    public const string Shared = "shared";
    public const string Other = "other";

    /// <summary>In the order they are shown.</summary>
    public static IReadOnlyList<string> All { get; } = [V8Heap, MallocMain, MallocArenas, MallocLarge, Other, Stacks, Code, MappedFiles, Shared];
}

/// <summary>Memory of one kind; sizes in bytes.</summary>
/// <param name="Kind">Which (<see cref="MemoryKind"/>).</param>
/// <param name="Count">How many ranges, arenas, stacks or blocks.</param>
/// <param name="Virtual">Addresses.</param>
/// <param name="Resident">What of them is in memory.</param>
/// <param name="Free">What of that is free inside: of malloc's heaps blocks that were given back; null where that cannot be told.</param>
public sealed record MemoryPart(string Kind, int Count, long Virtual, long Resident, long? Free);

/// <summary>One space of a heap; sizes in bytes.</summary>
/// <param name="Name">As V8 calls it; large objects of all kinds are one.</param>
/// <param name="Size">Pages in use.</param>
/// <param name="Resident">What of them is in memory.</param>
/// <param name="Allocated">What is not free on them; of the young generation all of it.</param>
public sealed record SpacePicture(string Name, long Size, long Resident, long Allocated);

/// <summary>V8's heap of one thread; sizes in bytes.</summary>
/// <param name="Thread"><c>main</c>, a worker; <c>shared</c> for what all use.</param>
/// <param name="Spaces">Its spaces.</param>
/// <param name="Unused">Resident pages that V8 keeps for later.</param>
/// <param name="External">What V8 was told is held outside by its objects, array buffers too; null where that cannot be told.</param>
/// <param name="ArrayBuffers">What of that are array buffers.</param>
public sealed record HeapPicture(string Thread, IReadOnlyList<SpacePicture> Spaces, long Unused, long? External, long? ArrayBuffers)
{
    public const string Young = "new_space";

    public long Size => Spaces.Sum(s => s.Size);

    public long Resident => Spaces.Sum(s => s.Resident) + Unused;

    /// <summary>Resident bytes with no object: free on the pages in use, and pages kept for later.</summary>
    public long Free => Spaces.Where(s => s.Name != Young).Sum(s => Math.Max(0, s.Resident - s.Allocated)) + Unused;
}

/// <summary>Where the memory of a process is, at one time; sizes in bytes.</summary>
/// <param name="At">When.</param>
/// <param name="Rss">Resident memory; of a core what the file has.</param>
/// <param name="Parts">By kind; those there are.</param>
/// <param name="Heaps">V8's heaps, the main thread's first.</param>
/// <param name="Threads">How many threads it has.</param>
/// <param name="OpenFiles">How many files it has open; null where that is not known.</param>
/// <param name="Swap">What was moved out.</param>
public sealed record MemoryPicture(
    DateTimeOffset At, long Rss, IReadOnlyList<MemoryPart> Parts, IReadOnlyList<HeapPicture> Heaps, int Threads, int? OpenFiles, long Swap)
{
    public long Resident(string kind) => Parts.Where(p => p.Kind == kind).Sum(p => p.Resident);

    /// <summary>What is held outside by objects of all heaps; null where it is not known of any.</summary>
    public long? External => Heaps.Any(h => h.External is not null) ? Heaps.Sum(h => h.External ?? 0) : null;
}
