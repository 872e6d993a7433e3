using System.Diagnostics;
using Holdfast.Common;
using Holdfast.Sources.Live;
using Holdfast.Sources.Live.Capture;
using Holdfast.Sources.Live.Inspector;

namespace Holdfast.Commands;

/// <summary>What is asked of an inspector.</summary>
/// <param name="Thread">Whose heap: <c>main</c>, a worker's name, <c>all</c>.</param>
/// <param name="Collect">Whether to collect garbage first.</param>
/// <param name="Track">How long to track allocations for a timeline; null for a snapshot.</param>
/// <param name="Sample">How long to sample allocations for a profile; null for a snapshot.</param>
/// <param name="Force">Whether to go on where memory is short.</param>
internal sealed record InspectorOptions(string Thread, bool Collect, TimeSpan? Track, TimeSpan? Sample, bool Force);

/// <summary>Takes snapshots of the main thread and of workers by the process's inspector, which is opened for that time only.</summary>
/// <param name="target">Where the inspector is, or the process.</param>
/// <param name="options">What is asked.</param>
internal sealed class InspectorMethod(LiveTarget target, InspectorOptions options) : CaptureMethod
{
    private readonly ProcFolder _proc = new();

    public override string Name => "inspector";

    public override long? Resident() => target.Kind == LiveTargetKind.Process ? ProcessStatus.Read(_proc, target.Pid)?.Rss : null;

    public override IReadOnlyList<CapturedFileRecord> Take(string folder, CommandContext context)
    {
        using var pages = new HttpPages();
        if (target.Kind == LiveTargetKind.Process)
        {
            using OpenedInspector opened = OpenedInspector.Connect(_proc, new NodeProcesses(_proc).Get(target.Pid), mayOpen: true, pages, context.Work.Cancellation);
            return Take(opened.Client, folder, context.Work);
        }

        Uri address = target.Kind == LiveTargetKind.WebSocket ? target.Address!
            : InspectorAddress.TryFind(target.Address!, pages, context.Work.Cancellation)
                ?? throw new InputException($"{target.Text}: has no list of inspector sessions at /json/list. Start the process with --inspect, or for a page of the application's own use --method rest.");
        using InspectorClient client = InspectorClient.Connect(address, context.Work.Cancellation);
        return Take(client, folder, context.Work);
    }

    private List<CapturedFileRecord> Take(InspectorClient client, string folder, Work work)
    {
        client.AttachWorkers(work.Cancellation);
        var snapshots = new InspectorSnapshots(client, work);
        InspectedProcess? process = snapshots.Process();
        var taken = new List<CapturedFileRecord>();
        foreach (InspectorThread thread in Chosen(client.Threads))
        {
            snapshots.CheckHeadroom(process, thread, target.Text, options.Force);
            if (options.Collect) snapshots.CollectGarbage(thread);
            taken.Add(Take(snapshots, process, thread, folder));
        }

        return taken;
    }

    private IEnumerable<InspectorThread> Chosen(IReadOnlyList<InspectorThread> threads)
    {
        if (options.Thread == "all") return threads;
        return threads.FirstOrDefault(t => t.Name == options.Thread) is { } thread ? [thread]
            : throw new InputException($"{target.Text}: found threads {string.Join(", ", threads.Select(t => t.Name))}, and no {options.Thread}. Give one of these, or --thread all.");
    }

    private CapturedFileRecord Take(InspectorSnapshots snapshots, InspectedProcess? process, InspectorThread thread, string folder)
    {
        DateTimeOffset time = DateTimeOffset.UtcNow;
        string kind = options.Track is not null ? "heaptimeline" : options.Sample is not null ? "heapprofile" : "heapsnapshot";
        string host = process?.Host is { Length: > 0 } told ? told : target.Address?.Host ?? Environment.MachineName;
        int? pid = process?.Pid ?? (target.Pid > 0 ? target.Pid : null);
        string name = FileName(host, pid, thread.Name, time, $"{kind}.zst"), path = Path.Combine(folder, name);
        var paused = Stopwatch.StartNew();
        AtomicFile.Write(
            path,
            file =>
            {
                using var packing = new ZstdSharp.CompressionStream(file, Compression.ZstdLevel, leaveOpen: true);
                if (options.Track is { } track) snapshots.Timeline(thread, track, packing);
                else if (options.Sample is { } sample) snapshots.Sample(thread, sample, packing);
                else snapshots.Snapshot(thread, packing);
            },
            ownerOnly: true);
        double? pause = kind == "heapsnapshot" ? Math.Round(paused.Elapsed.TotalMilliseconds, 1) : null;
        string? key = target.Kind == LiveTargetKind.Process ? ProcessKey.Of(_proc, target.Pid) : null;
        return new CapturedFileRecord(name, target.Text, host, pid, key, thread.Name, Name, kind, time, new FileInfo(path).Length, pause, null, null);
    }
}
