namespace Holdfast.Commands;

/// <summary>The answer of <c>capture</c>, and what its manifest holds of all that were taken into a folder. Sizes are bytes.</summary>
/// <param name="Target">What was captured, as it was typed.</param>
/// <param name="Folder">Where the files are.</param>
/// <param name="Captures">What was taken, oldest first.</param>
/// <param name="Leaks">With <c>--then leaks</c> the answer of <c>leaks</c> on them.</param>
public sealed record CaptureRecord(string Target, string Folder, IReadOnlyList<CapturedFileRecord> Captures, LeaksRecord? Leaks);

/// <summary>A file that was taken of a process.</summary>
/// <param name="File">Its name in the folder.</param>
/// <param name="Target">What it is of, as it was typed.</param>
/// <param name="Host">The machine.</param>
/// <param name="Pid">The process; null where that is not known.</param>
/// <param name="Process">The same for all files of one process and no other; null where that is not known.</param>
/// <param name="Thread">The thread: <c>main</c>, a worker's name, <c>all</c> where the file has those of all.</param>
/// <param name="Method">How: <c>memory</c>, <c>full</c>, <c>inspector</c>, <c>signal</c>, <c>rest</c>.</param>
/// <param name="Kind">What the file is: <c>core</c>, <c>heapsnapshot</c>, <c>heaptimeline</c>, <c>heapprofile</c>.</param>
/// <param name="Time">When it was begun.</param>
/// <param name="Bytes">The file's size.</param>
/// <param name="PauseMilliseconds">How long the process stood still, where that is known.</param>
/// <param name="MemoryBytes">Bytes of the process's memory that were copied, where it was.</param>
/// <param name="LeftOutBytes">Bytes of large native buffers that were not.</param>
public sealed record CapturedFileRecord(
    string File, string Target, string Host, int? Pid, string? Process, string Thread, string Method, string Kind, DateTimeOffset Time, long Bytes,
    double? PauseMilliseconds, long? MemoryBytes, long? LeftOutBytes);

/// <summary>What is in a folder of captures.</summary>
public sealed record CaptureManifestRecord(IReadOnlyList<CapturedFileRecord> Captures);
