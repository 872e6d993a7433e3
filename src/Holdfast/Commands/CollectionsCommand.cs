using System.Text.Json.Serialization.Metadata;
using Holdfast.Analyses.Leaks;
using Holdfast.Common;
using Holdfast.Reports;

namespace Holdfast.Commands;

/// <summary>How large Maps, Sets, arrays, dictionaries and listener lists are, and what does not fit together.</summary>
public sealed class CollectionsCommand : Command
{
    public override string Name => "collections";

    public override string Summary => "Maps, Sets, arrays, dictionaries and listener lists by size and growth, and what follows churn instead of what is live";

    public override string Description =>
        "Lists containers by how much they grew over the snapshots, or of one snapshot by their size, named by owner and property. "
        + "Entries are what a snapshot shows: small integers, true, false, null and undefined are not in it, so an array of numbers shows "
        + "by its store only. With --live a constructor stands for what is alive, and containers that have more entries than "
        + "there are such objects, and go on growing while these do not, are told: they follow what has come and gone. Counters "
        + "such as opened and closed on one object are told where they drift apart; values of numbers are in snapshots only "
        + "if they were written with v8.writeHeapSnapshot(file, { exposeNumericValues: true }) (Node 20 and later).";

    public override string Example =>
        "holdfast collections samples/leaky-t0.heapsnapshot.zst samples/leaky-t1.heapsnapshot.zst samples/leaky-t2.heapsnapshot.zst --limit 8";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Input with { Name = "SNAPSHOTS", AtMost = LeaksCommand.MostSnapshots },
        Parameter.Limit(20),
        new("live", ParameterKind.Text, "the constructor of what is alive, such as Peer or Session"),
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.CollectionsRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        IReadOnlyList<string> paths = SeriesInputs.Of(arguments);
        CollectionReport report = Collections.Run(paths, place => context.Open(paths[place]), arguments.TextOrNull("live"), arguments.Limit(), context.Work);
        CollectionsRecord record = CollectionsRecord.From(report, paths);
        return new CommandResult(record, BuildReport(record));
    }

    private static Report BuildReport(CollectionsRecord record)
    {
        int snapshots = record.Snapshots.Count;
        string[] sizes = snapshots == 1 ? ["entries"] : [.. Enumerable.Range(0, snapshots).Select(i => $"entries {i}"), "growth"];
        var blocks = new List<ReportBlock>
        {
            LeaksReport.Snapshots(record.Snapshots),
            new TableBlock("Containers", ["kind", "name", .. sizes, "store", "retained", "id"], [.. record.Containers.Select(Cells)],
                Leftovers.Of(record.ContainerCount - record.Containers.Count, "containers")),
        };
        if (record.Asymmetries.Count > 0) blocks.Add(new TextBlock("Asymmetries", string.Join("\n", record.Asymmetries.Select(a => $"{NodeIdText.Show(a.Id)} {a.Explanation}"))));
        return new Report(blocks);

        Cell[] Cells(CollectionRecord row) =>
        [
            Cell.Text(row.Kind), Cell.Name(row.Name),
            .. row.Sizes.Select(s => Cell.Count(s)), .. snapshots == 1 ? (Cell[])[] : [Cell.CountChange(row.Growth)],
            Cell.Bytes(row.StoreSizes[^1]), Cell.Bytes(row.RetainedSize), Cell.NodeId(row.Id),
        ];
    }
}
