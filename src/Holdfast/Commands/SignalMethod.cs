using Holdfast.Sources.Live;
using Holdfast.Sources.Live.Capture;

namespace Holdfast.Commands;

/// <summary>Has a process that was started with <c>--heapsnapshot-signal</c> write a snapshot of its main thread.</summary>
internal sealed class SignalMethod(NodeProcess process, string target) : CaptureMethod
{
    private readonly ProcFolder _proc = new();

    public override string Name => "signal";

    public override long? Resident() => ProcessStatus.Read(_proc, process.Pid)?.Rss;

    public override IReadOnlyList<CapturedFileRecord> Take(string folder, CommandContext context)
    {
        DateTimeOffset time = DateTimeOffset.UtcNow;
        string written = SignalledSnapshot.Take(_proc, process, target, context.Work);
        string name = FileName(Environment.MachineName, process.Pid, "main", time, "heapsnapshot.zst");
        long bytes = SnapshotFiles.Keep(written, Path.Combine(folder, name), context.Work);
        return [new CapturedFileRecord(name, target, Environment.MachineName, process.Pid, ProcessKey.Of(_proc, process.Pid), "main", Name, "heapsnapshot", time, bytes, null, null, null)];
    }
}
