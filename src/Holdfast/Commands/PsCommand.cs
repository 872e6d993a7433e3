using System.Text.Json.Serialization.Metadata;
using Holdfast.Common;
using Holdfast.Reports;
using Holdfast.Sources.Live;

namespace Holdfast.Commands;

/// <summary>The machine's processes of Node.js.</summary>
public sealed class PsCommand : Command
{
    /// <summary>Where /proc is.</summary>
    internal static Parameter ProcParameter { get; } = new("proc", ParameterKind.Text, "where /proc is mounted, or a copy of it: of a host seen from a container") { Default = ProcFolder.Usual };

    public override string Name => "ps";

    public override string Summary => "the machine's processes of Node.js, with their memory and what may be done with them";

    public override string Description =>
        "A process is of Node.js if its program has V8's and Node's symbols, whatever it is called. heap is what V8's heaps of all threads take, from the headers of "
        + "their pages; the process is neither stopped nor written to. may says what Holdfast could do: memory (read its memory, as triage and capture "
        + "do), inspector (it is open, and where), open inspector (SIGUSR1 would open it; ps does not send it).";

    public override string Example => "holdfast ps --proc samples/proc";

    public override IReadOnlyList<Parameter> Parameters { get; } = [ProcParameter];

    public override JsonTypeInfo RecordType => CommandJson.Default.PsRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        var proc = new ProcFolder(arguments.Text("proc"));
        var record = new PsRecord([.. new NodeProcesses(proc).All(context.Work).Select(p => Describe(proc, p, context.Work))]);
        return new CommandResult(record, record.Processes.Count == 0
            ? new Report([new TextBlock(null, "No process of Node.js runs here, or none that this user may see.")])
            : new Report(
            [
                new TableBlock(null, ["pid", "version", "script", "threads", "rss", "heap", "inspector", "may"], [.. record.Processes.Select(Cells)]),
                .. record.Processes.Where(p => p.Reason is not null).GroupBy(p => p.Reason).Select(g => new TextBlock(null, $"Memory of {string.Join(", ", g.Select(p => p.Pid))} may not be read: {g.Key}.")),
            ]));
    }

    private static PsProcessRecord Describe(ProcFolder proc, NodeProcess process, Work work)
    {
        IReadOnlyList<LivePage>? pages = PagesOf(proc, process, work)?.Where(p => p is { IsListed: true, Heap: not 0 }).ToList();
        var may = new List<string>();
        if (process.Access.CanReadMemory) may.Add("memory");
        if (process.Inspector is not null) may.Add("inspector");
        else if (process.CanOpenInspector) may.Add("open_inspector");
        return new PsProcessRecord(
            process.Pid, process.Version, process.Arguments.Script, process.Program, process.Status.Uid, process.Status.State.ToString(), process.Status.Threads,
            pages?.Select(p => p.Heap).Distinct().Count() - 1, process.Status.Rss, pages?.Sum(p => p.Bytes), pages?.Sum(p => p.Allocated), process.Inspector?.ToString(), may,
            process.Access.Reason);
    }

    private static List<LivePage>? PagesOf(ProcFolder proc, NodeProcess process, Work work)
    {
        using ProcessMemory? memory = ProcessMemory.TryOpen(proc, process.Pid);
        return memory is not null && MemoryMapping.ReadAll(proc, process.Pid) is { } mappings ? LiveHeap.Read(memory, mappings, $"pid:{process.Pid}", work) : null;
    }

    private static Cell[] Cells(PsProcessRecord p) =>
    [
        Cell.Text(p.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture)), Cell.Text(p.Version ?? "?"), Cell.Name(p.Script ?? ""), Cell.Count(p.ThreadCount), Cell.Bytes(p.Rss),
        p.HeapSize is { } heap ? Cell.Bytes(heap) : Cell.Empty, Cell.Text(p.Inspector ?? ""), Cell.Text(string.Join(", ", p.May).Replace('_', ' ')),
    ];
}
