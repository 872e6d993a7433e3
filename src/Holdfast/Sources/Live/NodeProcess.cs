using System.Net;

namespace Holdfast.Sources.Live;

/// <summary>A running process of Node.js.</summary>
/// <param name="Status">What the kernel says of it.</param>
/// <param name="Program">The path of what it runs; null where this user may not see it.</param>
/// <param name="Version">Node's version (<c>24.21.0</c>); null where it is not known.</param>
/// <param name="CommandLine">What it was started with, the program first.</param>
/// <param name="Arguments">What of that matters here.</param>
/// <param name="ThreadNames">The system's names of its threads, the main one's first.</param>
/// <param name="Inspector">Where its inspector listens; null where it does not, or that cannot be seen.</param>
/// <param name="Access">What may be done with it.</param>
public sealed record NodeProcess(
    ProcessStatus Status, string? Program, string? Version, IReadOnlyList<string> CommandLine, NodeArguments Arguments,
    IReadOnlyList<string> ThreadNames, IPEndPoint? Inspector, ProcessAccess Access)
{
    public int Pid => Status.Pid;

    /// <summary>
    /// Whether SIGUSR1 opens its inspector: it may be sent, it is caught and so does not end the process, and nothing says that it is
    /// for something else. A process that stands still would not hear it.
    /// </summary>
    public bool CanOpenInspector => Access.CanSignal && Status is { HandlesUserSignal1: true, IsStopped: false, IsZombie: false } && !Arguments.IgnoresUserSignal1;
}
