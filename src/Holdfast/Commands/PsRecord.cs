namespace Holdfast.Commands;

/// <summary>JSON of <c>ps</c>.</summary>
public sealed record PsRecord(IReadOnlyList<PsProcessRecord> Processes);

/// <summary>A process of Node.js; sizes in bytes.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="Version">Node's, null where it cannot be seen.</param>
/// <param name="Script">What it runs, as typed; null where that is not known.</param>
/// <param name="Program">The path of its binary; null where it cannot be seen.</param>
/// <param name="UserId">The user it acts as.</param>
/// <param name="State">As the kernel has it: R, S, D, T.</param>
/// <param name="ThreadCount">All its threads.</param>
/// <param name="WorkerCount">Heaps beside the main thread's; null where its memory may not be read.</param>
/// <param name="Rss">Resident memory.</param>
/// <param name="HeapSize">Pages of V8's heaps that are in use; null where its memory may not be read.</param>
/// <param name="HeapUsed">What is allocated on them; the young generation counts whole.</param>
/// <param name="Inspector">Where its inspector listens; null where it does not, or that cannot be seen.</param>
/// <param name="May">What Holdfast may do: <c>memory</c> (read it: triage, capture), <c>inspector</c> (it is open), <c>open_inspector</c> (by SIGUSR1).</param>
/// <param name="Reason">Why its memory may not be read.</param>
public sealed record PsProcessRecord(
    int Pid, string? Version, string? Script, string? Program, long UserId, string State, int ThreadCount, int? WorkerCount, long Rss, long? HeapSize, long? HeapUsed,
    string? Inspector, IReadOnlyList<string> May, string? Reason);
