using System.Text.Json.Serialization.Metadata;
using Holdfast.Model.Debugging;
using Holdfast.Reports;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging.Node;

namespace Holdfast.Commands;

/// <summary>JavaScript that waits to run in a core dump: microtasks, nextTicks, immediates.</summary>
public sealed class WorkQueueCommand : Command
{
    public override string Name => "workqueue";

    public override string Summary => "JavaScript that waits to run in a core dump: microtasks, nextTicks, immediates";

    public override string Description =>
        "Lists V8's microtasks (reactions of promises, async functions that go on), process.nextTick callbacks and immediates that were due when the core "
        + "was taken: a queue that only grows is a loop that never gets to the end of a turn.";

    public override string Example => "holdfast workqueue samples/out-of-memory.hfcore";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.CoreDump,
        Parameter.Limit(50),
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.WorkQueueRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        using CoreSession core = context.OpenCore(arguments.Text("IN"));
        IReadOnlyList<PendingWork> found = new WorkQueue(core, context.Work).Pending();
        var record = new WorkQueueRecord(found.Count, [.. found.Take(arguments.Limit())]);
        var facts = new FactsBlock(null, [new("pending", Cell.Count(record.Count))]);
        if (record.Count == 0) return new CommandResult(record, new Report([facts]));
        return new CommandResult(record, new Report(
        [
            facts,
            new TableBlock("Pending", ["queue", "kind", "callback", "at", "id"],
                [.. record.Pending.Select(t => (Cell[])[Cell.Text(t.Queue), Cell.Text(t.Kind), Cell.Name(t.Callback), Cell.Name(t.Location), Cell.NodeId(t.Id)])],
                Leftovers.Of(record.Count - record.Pending.Count, "tasks")),
        ]));
    }
}
