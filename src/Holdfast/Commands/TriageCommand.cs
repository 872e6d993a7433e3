using System.Text.Json.Serialization.Metadata;
using Holdfast.Analyses.Residency;
using Holdfast.Common;
using Holdfast.Model.Residency;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.Live;
using Holdfast.Sources.Live.Residency;

namespace Holdfast.Commands;

/// <summary>Where a process's memory is.</summary>
public sealed class TriageCommand : Command
{
    public override string Name => "triage";

    public override string Summary => "where the resident memory is: JS heap, external buffers, native, fragmentation; and what to do next";

    public override string Description =>
        "Sorts a process's resident memory, without stopping it: V8's heaps by thread and space (from the headers of their pages), what their objects hold outside (V8's own count), "
        + "malloc's main heap, arenas and large blocks with what is free inside (glibc's), stacks, programs, mapped files. Of a core the bytes in the file stand for what was resident.\n"
        + "One look says what most of it is. With --every 30s there are two looks, and the verdict is about what grew between them, not about size; the exit code is then 1 where something grew. "
        + "What native code holds counts as native, also what V8 and Node need themselves (10 to 20 MiB). Limits of control groups are those of version 1 and 2.";

    public override string Example => "holdfast triage samples/out-of-memory.hfcore";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        new("TARGET", ParameterKind.Text, "pid:N, or a core dump of a Node.js process") { IsPositional = true },
        new("every", ParameterKind.Text, "take two looks, so far apart: 30s"),
        PsCommand.ProcParameter,
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.TriageRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        string target = arguments.Text("TARGET");
        TimeSpan? every = arguments.TextOrNull("every") is { } text ? Durations.Parse("every", text) : null;
        if (!LiveTarget.IsOne(target)) return OfCore(target, every, context);
        LiveTarget live = LiveTarget.Parse(target);
        if (live.Kind != LiveTargetKind.Process)
            throw new InputException($"{target}: where memory is cannot be seen through an inspector or a page. Expected pid:N on the machine where it runs, or a core.");
        var proc = new ProcFolder(arguments.Text("proc"));
        NodeProcess process = new NodeProcesses(proc).Get(live.Pid);
        var looks = new LivePicture(proc, process);
        MemoryPicture first = looks.Take(context.Work);
        MemoryPicture? before = null;
        if (every is { } time)
        {
            context.Work.Report($"waiting {Durations.Show(time.TotalSeconds)} for a second look");
            context.Work.Cancellation.WaitHandle.WaitOne(time);
            context.Work.ThrowIfCancelled();
            (before, first) = (first, looks.Take(context.Work));
        }

        ContainerLimits? container = ContainerLimits.Read(proc, live.Pid);
        MachineMemory? machine = MachineMemory.Read(proc);
        return Describe(target, first, before,
            container is null ? null : new TriageContainerRecord(container.Version, container.Path, container.Limit, container.Usage, container.Unreclaimable),
            machine is null ? null : new TriageMachineRecord(machine.Total, machine.Available));
    }

    private static CommandResult OfCore(string target, TimeSpan? every, CommandContext context)
    {
        if (every is not null) throw new InputException($"--every: {target} is no running process; a core does not change. Take two cores and compare them with `holdfast leaks`.");
        using CoreSession core = context.OpenCore(target, allThreads: true);
        MemoryPicture picture = CorePicture.Take(core, context.Work);
        string note = core.Image.Notes.Packed is null ? "" : " This is a packed core: of memory outside V8's heaps it has only what objects refer to, so what native code had is not counted.";
        return Describe(target, picture, null, null, null, note);
    }

    private static CommandResult Describe(string target, MemoryPicture now, MemoryPicture? before, TriageContainerRecord? container, TriageMachineRecord? machine, string note = "")
    {
        ResidencyReport report = ResidencyReport.Run(now, before);
        var record = new TriageRecord(
            target, before is null ? null : Math.Round((now.At - before.At).TotalSeconds, 3), TriageAdvice.Name(report.Verdict), TriageAdvice.Explain(report) + note,
            TriageAdvice.Next(report, target, name => CommandRegistry.All.Any(c => c.Name == name)), now.Rss, report.RssGrowth,
            [.. report.Causes.Select(c => new TriageCauseRecord(TriageAdvice.Name(c.Verdict), c.Bytes, c.Growth))],
            [.. now.Parts.Select(p => new TriagePartRecord(p.Kind, p.Count, p.Virtual, p.Resident, p.Free, before is null ? null : p.Resident - before.Resident(p.Kind)))],
            [.. now.Heaps.Select(h => new TriageHeapRecord(h.Thread, h.Size, h.Resident, h.Free, h.External, h.ArrayBuffers, [.. h.Spaces.Select(s => new TriageSpaceRecord(s.Name, s.Size, s.Resident, s.Allocated))]))],
            now.Threads, now.OpenFiles, now.Swap, container, machine);
        return new CommandResult(record, TriageReport.Build(record)) { Found = before is not null && report.Verdict != ResidencyVerdict.NotGrowing };
    }
}
