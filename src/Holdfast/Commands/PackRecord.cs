namespace Holdfast.Commands;

/// <summary>The answer of <c>pack</c>. Sizes are bytes.</summary>
/// <param name="Input">The core.</param>
/// <param name="Path">The file that was written.</param>
/// <param name="CoreBytes">The core's size.</param>
/// <param name="Bytes">The file's size.</param>
/// <param name="UnpackedBytes">Its size when it is unpacked to be read.</param>
/// <param name="Redacted">Whether contents of strings, numbers and buffers were left out.</param>
/// <param name="Heaps">The heaps in it; each was read from the written file and compared.</param>
public sealed record PackRecord(string Input, string Path, long CoreBytes, long Bytes, long UnpackedBytes, bool Redacted, IReadOnlyList<PackedHeapRecord> Heaps);

/// <summary>A thread's heap.</summary>
/// <param name="Thread">The thread: <c>main</c>, or a worker's name.</param>
/// <param name="NodeCount">Nodes of its graph.</param>
/// <param name="EdgeCount">Edges of its graph.</param>
/// <param name="TotalSize">Its objects' own bytes.</param>
public sealed record PackedHeapRecord(string Thread, int NodeCount, int EdgeCount, long TotalSize);
