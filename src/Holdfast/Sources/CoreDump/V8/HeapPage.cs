namespace Holdfast.Sources.CoreDump.V8;

/// <summary>A page of V8's heap: 256 KiB that begin at a multiple of that, or more for one large object.</summary>
internal sealed class HeapPage
{
    public const int Size = 1 << Shift;
    public const int Shift = 18;

    private const ulong FromSpace = 8;
    private const ulong ToSpace = 16;

    /// <summary>Where the page begins; its header is there.</summary>
    public required ulong Base { get; init; }

    /// <summary>Bytes from <see cref="Base"/>.</summary>
    public required ulong Bytes { get; init; }

    public required ulong Flags { get; init; }

    /// <summary>V8's Heap object, one for each isolate; 0 for the read-only pages all isolates share.</summary>
    public required ulong Heap { get; init; }

    /// <summary>The space that owns the page.</summary>
    public required ulong Owner { get; init; }

    /// <summary>Where objects begin.</summary>
    public required ulong Start { get; init; }

    /// <summary>Where objects end at the latest.</summary>
    public required ulong End { get; set; }

    /// <summary>Where the page's header proper is; not in the page itself since V8 13.</summary>
    public required ulong Header { get; init; }

    /// <summary>Whether it holds one object only.</summary>
    public bool IsLarge => Bytes > Size;

    public bool IsReadOnly => Heap == 0;

    /// <summary>Whether its objects were moved elsewhere: the empty half of the young generation.</summary>
    public bool IsEvacuated => !IsLarge && (Flags & FromSpace) != 0 && (Flags & ToSpace) == 0;

    public bool IsYoung => (Flags & (FromSpace | ToSpace)) != 0;

    /// <summary>Whether the space that owns it has it on its list; what is not is kept for later use.</summary>
    public bool IsListed { get; set; } = true;

    /// <summary>The page's place in the list of pages.</summary>
    public int Number { get; set; }

    /// <summary>The bytes from <see cref="Start"/> to <see cref="End"/>.</summary>
    public IntPtr Data { get; set; }

    /// <summary>Bytes between <see cref="Start"/> and <see cref="End"/> that no file has; they read as zero.</summary>
    public long MissingBytes { get; set; }

    /// <summary>Index of the first object.</summary>
    public int FirstObject { get; set; }

    /// <summary>Index after the last object.</summary>
    public int EndObject { get; set; }
}
