namespace Holdfast.Commands;

/// <summary>The answer of <c>threads</c>.</summary>
/// <param name="Input">The core.</param>
/// <param name="Threads">The threads, in the order of the core.</param>
public sealed record ThreadsRecord(string Input, IReadOnlyList<ThreadRecord> Threads);

/// <summary>A thread.</summary>
/// <param name="Number">From 1, in the order of the core.</param>
/// <param name="Id">The system's thread id.</param>
/// <param name="Isolate">Its name in Node: <c>main</c>, a worker's name; nothing where it runs no JavaScript.</param>
/// <param name="Signal">The signal, if the process ended by it in this thread.</param>
/// <param name="Kind">The kind of the top frame: of JavaScript where there is one.</param>
/// <param name="Function">Its function.</param>
/// <param name="At">Where it stands: script:line:column, or file and offset.</param>
public sealed record ThreadRecord(int Number, int Id, string? Isolate, string? Signal, string? Kind, string? Function, string? At);
