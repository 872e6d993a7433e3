namespace Holdfast.Model.Debugging;

/// <summary>A thread of a process and its stack.</summary>
/// <param name="Number">From 1, in the order of the core.</param>
/// <param name="Id">The system's thread id.</param>
/// <param name="Isolate">The thread's name in Node, where it runs JavaScript: <c>main</c>, a worker's name; null where it does not.</param>
/// <param name="Signal">The signal it was stopped by, null where there was none.</param>
/// <param name="Frames">Innermost first.</param>
public sealed record ThreadStack(int Number, int Id, string? Isolate, string? Signal, IReadOnlyList<StackFrame> Frames)
{
    /// <summary>Whether this thread had the signal that ended the process.</summary>
    public bool IsCrashed { get; init; }

    /// <summary>The exception that was being thrown; null where there was none.</summary>
    public FrameValue? Exception { get; init; }

    /// <summary>Why there may be more frames than were found; null where the stack's end was reached.</summary>
    public string? Problem { get; init; }
}
