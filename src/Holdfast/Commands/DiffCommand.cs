using System.Text.Json.Serialization.Metadata;
using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Reports;

namespace Holdfast.Commands;

/// <summary>What grew between snapshots.</summary>
public sealed class DiffCommand : Command
{
    /// <summary>Less than this share of objects in common, and the snapshots hardly come from one process.</summary>
    private const double LeastKeptShare = 0.2;

    private static readonly string[] Orders = ["retained", "size", "count"];

    public override string Name => "diff";

    public override string Summary => "what grew, by constructor and by object identity, over two or more snapshots";

    public override string Description =>
        "Snapshots of one process, oldest first. Growth is from the first to the last, by what the objects of a class retain, "
        + "by their own bytes, and by their number. Added and removed are objects, told apart by their ids: a class whose number "
        + "stays the same may still have been replaced whole. Classes are named as in the last snapshot.";

    public override string Example => "holdfast diff samples/leaky-t0.heapsnapshot.zst samples/leaky-t1.heapsnapshot.zst samples/leaky-t2.heapsnapshot.zst --limit 8";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Input with { Name = "SNAPSHOTS", AtLeast = 2, AtMost = 100 },
        new("by", ParameterKind.Text, "one table only: growth by retained size, by shallow size, or by count") { Choices = Orders },
        Parameter.Limit(15),
        new("min-count", ParameterKind.Number, "leave out classes that gained fewer objects") { Default = "0" },
        new("min-size", ParameterKind.Number, "leave out classes that gained fewer shallow bytes") { Default = "0" },
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.DiffRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        IReadOnlyList<string> paths = SeriesInputs.Of(arguments);
        SnapshotDiff diff = SnapshotDiff.Run(paths.Count, place => context.Open(paths[place]), context.Work);
        Warn(paths, diff, context.Work);

        long minCount = arguments.Number("min-count"), minSize = arguments.Number("min-size");
        ClassDiffRow[] rows =
        [
            .. diff.Classes.Where(row => (minCount == 0 || row.CountGrowth >= minCount) && (minSize == 0 || row.ShallowGrowth >= minSize)),
        ];
        int limit = arguments.Limit();
        string? by = arguments.TextOrNull("by");
        var record = new DiffRecord(
            [.. paths.Select((path, i) => new SnapshotRecord(path, diff.Points[i].NodeCount, diff.Points[i].TotalSize))],
            [.. Sort(rows, by ?? "retained").Take(limit).Select(ClassDiffRecord.From)],
            rows.Length,
            Math.Round(diff.KeptShare, 4));
        return new CommandResult(record, BuildReport(paths, diff, rows, by is null ? Orders : [by], limit));
    }

    private static void Warn(IReadOnlyList<string> paths, SnapshotDiff diff, Work work)
    {
        for (int i = 1; i < paths.Count; i++)
        {
            if (diff.NewestIds[i] < diff.NewestIds[i - 1])
                work.Warn($"{paths[i]} is older than {paths[i - 1]} by its object ids: is the order right?");
        }

        if (diff.KeptShare < LeastKeptShare)
        {
            work.Warn($"only {diff.KeptShare:P0} of the first snapshot's objects are in the last: they come from different processes, "
                + "or much was replaced. Counts and sizes by class are right; added and removed mean little.");
        }
        else if (diff.Classes.Count == 0)
        {
            work.Warn("the snapshots hold the same objects: the same file twice?");
        }
    }

    private static IOrderedEnumerable<ClassDiffRow> Sort(IEnumerable<ClassDiffRow> rows, string by) =>
        rows.OrderByDescending(row => Growth(row, by)).ThenByDescending(row => row.ShallowGrowth).ThenBy(row => row.Key.ToString(), StringComparer.Ordinal);

    private static long Growth(ClassDiffRow row, string by) =>
        by switch { "size" => row.ShallowGrowth, "count" => row.CountGrowth, _ => row.RetainedGrowth };

    private static Report BuildReport(
        IReadOnlyList<string> paths, SnapshotDiff diff, ClassDiffRow[] rows, IReadOnlyList<string> orders, int limit)
    {
        var blocks = new List<ReportBlock>
        {
            new TableBlock(null, ["snapshot", "nodes", "total size", "growth"],
            [
                .. paths.Select((path, i) => (Cell[])
                [
                    Cell.Name(path), Cell.Count(diff.Points[i].NodeCount), Cell.Bytes(diff.Points[i].TotalSize),
                    i == 0 ? Cell.Empty : Cell.BytesChange(diff.Points[i].TotalSize - diff.Points[i - 1].TotalSize),
                ]),
            ]),
        };
        blocks.AddRange(orders.Select(by => BuildTable(rows, by, paths.Count, limit)));
        return new Report(blocks);
    }

    private static ReportBlock BuildTable(ClassDiffRow[] rows, string by, int snapshots, int limit)
    {
        string title = by switch { "size" => "Growth by shallow size", "count" => "Growth by count", _ => "Growth by retained size" };
        ClassDiffRow[] growing = [.. Sort(rows.Where(row => Growth(row, by) > 0), by)];
        if (growing.Length == 0) return new TextBlock(title, "nothing grew");
        ClassDiffRow[] shown = [.. growing.Take(limit)];
        string[] columns = ["constructor", .. Enumerable.Range(0, snapshots).Select(i => $"count {i}"), "added", "removed", "shallow", "retained"];
        return new TableBlock(title, columns, [.. shown.Select(Cells)],
            Leftovers.Of(growing.Length - shown.Length, "classes that grew", growing.Skip(shown.Length).Sum(row => row.ShallowGrowth)));
    }

    private static Cell[] Cells(ClassDiffRow row) =>
    [
        Cell.Name(ClassNames.Show(row.Key)),
        .. row.Counts.Select(count => Cell.Count(count)),
        Cell.CountChange(row.Change.AddedCount),
        Cell.CountChange(-row.Change.RemovedCount),
        Cell.BytesChange(row.ShallowGrowth),
        Cell.BytesChange(row.RetainedGrowth),
    ];
}
