namespace Holdfast.Sources.CoreDump.V8;

/// <summary>One instance of V8: the main thread's, or a worker's. Each has a heap of its own; they share read-only pages only.</summary>
/// <param name="Number">1 for the main thread's, then the workers' in the order of their addresses.</param>
/// <param name="Address">Where the isolate is; 0 where only its heap is known.</param>
/// <param name="Heap">Its heap, as pages name it.</param>
/// <param name="Name">What to call it: <c>main</c>, a worker's name.</param>
internal sealed record IsolateInfo(int Number, ulong Address, ulong Heap, string Name)
{
    /// <summary>Bytes of its pages' objects.</summary>
    public long Bytes { get; init; }

    /// <summary>Index in the core's threads of the one it was running on, or -1.</summary>
    public int Thread { get; init; } = -1;

    /// <summary>The tables and fields of this isolate, where its version's offsets hold.</summary>
    public bool IsKnown => Address != 0;
}
