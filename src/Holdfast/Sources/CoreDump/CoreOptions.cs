namespace Holdfast.Sources.CoreDump;

/// <summary>How to read a core dump.</summary>
public sealed record CoreOptions
{
    public static CoreOptions Default { get; } = new();

    /// <summary>The node binary the process ran; null to look where the core says it was.</summary>
    public string? Program { get; init; }

    /// <summary>The thread whose heap to read, by name or number; null for the main one.</summary>
    public string? Thread { get; init; }

    /// <summary>Whether to go on where the heap does not fit what is known of its version.</summary>
    public bool Force { get; init; }

    /// <summary>Whether objects nothing holds any more are in the graph too.</summary>
    public bool IncludeGarbage { get; init; }

    /// <summary>Whether all threads are of interest, and none is to be chosen.</summary>
    public bool AllThreads { get; init; }
}
