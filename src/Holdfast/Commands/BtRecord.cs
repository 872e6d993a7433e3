using Holdfast.Model.Debugging;

namespace Holdfast.Commands;

/// <summary>The answer of <c>bt</c>.</summary>
/// <param name="Input">The core.</param>
/// <param name="Crash">What stopped the process; nothing where the core does not say.</param>
/// <param name="Threads">The threads that were asked for, each with its stack.</param>
public sealed record BtRecord(string Input, CrashReason? Crash, IReadOnlyList<BtThreadRecord> Threads);

/// <summary>A thread's stack.</summary>
/// <param name="Thread">The thread.</param>
/// <param name="LeftOut">Frames that the limit left out, at least.</param>
public sealed record BtThreadRecord(ThreadStack Thread, int LeftOut);
