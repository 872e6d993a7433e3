using Holdfast.Common;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Packing;
using Holdfast.Sources.Live;
using Holdfast.Sources.Live.Capture;

namespace Holdfast.Commands;

/// <summary>Takes a process's memory from outside: a packed core, or with <c>--full</c> a whole one. No code of the process runs for it.</summary>
/// <param name="process">The process.</param>
/// <param name="target">What was typed.</param>
/// <param name="full">Whether all of its memory is wanted.</param>
/// <param name="withBuffers">Whether large native buffers are, too.</param>
/// <param name="redact">Whether what strings, numbers and buffers hold is left out.</param>
internal sealed class MemoryMethod(NodeProcess process, string target, bool full, bool withBuffers, bool redact) : CaptureMethod
{
    private readonly ProcFolder _proc = new();

    public override string Name => full ? "full" : "memory";

    public override long? Resident() => ProcessStatus.Read(_proc, process.Pid)?.Rss;

    public override IReadOnlyList<CapturedFileRecord> Take(string folder, CommandContext context)
    {
        DateTimeOffset time = DateTimeOffset.UtcNow;
        CapturedMemory captured = MemoryCapture.Run(_proc, process.Pid, target, new MemoryCaptureOptions(full || withBuffers, full, folder), context.Work);
        using FileStream core = captured.Core;
        string name = FileName(Environment.MachineName, process.Pid, "all", time, full ? "core.zst" : "hfcore"), path = Path.Combine(folder, name);
        AtomicFile.Write(
            path,
            file =>
            {
                using var packing = new ZstdSharp.CompressionStream(file, full ? 1 : Compression.ZstdLevel, leaveOpen: true);
                if (full) core.CopyTo(packing);
                else CorePacker.Pack(core, target, CoreOptions.Default, redact, withBuffers: true, packing, context.Work);
            },
            ownerOnly: true);
        return
        [
            new CapturedFileRecord(
                name, target, Environment.MachineName, process.Pid, ProcessKey.Of(_proc, process.Pid), "all", Name, "core", time, new FileInfo(path).Length,
                Math.Round(captured.Pause.TotalMilliseconds, 1), captured.Bytes, captured.LeftOut),
        ];
    }
}
