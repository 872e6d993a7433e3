namespace Holdfast.Model;

/// <summary>Where a graph comes from, where it was read from a process's memory and not from a snapshot of V8's own.</summary>
/// <param name="V8Version">The version of V8.</param>
/// <param name="Process">The same for all cores of one process, different for others.</param>
/// <param name="Thread">The thread whose heap this is: <c>main</c>, or a worker's name.</param>
/// <param name="Threads">All threads that have a heap.</param>
/// <param name="GarbageCount">Objects nothing holds any more, that were not collected yet.</param>
/// <param name="GarbageBytes">Their bytes.</param>
/// <param name="UnparsedBytes">Bytes of the heap that could not be read as objects.</param>
public sealed record HeapOrigin(
    string V8Version, string Process, string Thread, IReadOnlyList<string> Threads, int GarbageCount, long GarbageBytes, long UnparsedBytes);
