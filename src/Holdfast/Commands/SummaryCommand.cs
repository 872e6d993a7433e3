using System.Text.Json.Serialization.Metadata;
using Holdfast.Analyses;
using Holdfast.Analyses.Derived;
using Holdfast.Reports;

namespace Holdfast.Commands;

/// <summary>What is in a heap.</summary>
public sealed class SummaryCommand : Command
{
    public override string Name => "summary";

    public override string Summary => "what is in this heap: class table, statistics, biggest dominators";

    public override string Description =>
        "Groups all objects by constructor, as Chrome DevTools does: plain objects by the properties they share, everything "
        + "that is no JavaScript object by its kind in parentheses. Shallow size is the objects' own bytes; retained size is "
        + "what would be freed if they went. Distance is the shortest way from the program's roots.";

    public override string Example => "holdfast summary samples/leaky-t2.heapsnapshot.zst --limit 10";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Input,
        new("sort", ParameterKind.Text, "what to order classes by") { Default = "retained", Choices = ["retained", "shallow", "count", "name"] },
        Parameter.Limit(20),
        Parameter.Flag("contexts", "also attribute sizes to native contexts (realms: the main one, vm contexts, iframes)"),
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.SummaryRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        using Heap heap = context.Open(arguments.Text("IN"));
        IReadOnlyList<ClassRow> all = ClassTable.Run(heap, context.Work);
        ClassRow[] rows = Sort(all, arguments.Text("sort"));
        int limit = arguments.Limit();
        HeapStatistics statistics = HeapStatistics.Run(heap, context.Work);
        IReadOnlyList<DominatorRow> biggest = DominatorList.Biggest(heap, heap.Graph.Root, Math.Min(limit, 10), context.Work).Rows;
        NativeContextSizes? contexts = arguments.Flag("contexts") ? NativeContextSizes.Run(heap, context.Work) : null;
        ClassRow[] shown = [.. rows.Take(limit)];
        var record = new SummaryRecord(
            heap.Graph.NodeCount, heap.Graph.EdgeCount, heap.TotalSize, [.. shown.Select(ClassRecord.From)], rows.Length,
            StatisticsRecord.From(statistics), [.. biggest.Select(NodeRecord.From)],
            contexts is null ? null : NativeContextsRecord.From(contexts), CoreRecord.From(heap.Graph.Origin));
        return new CommandResult(record, BuildReport(heap, statistics, rows, shown, biggest, contexts));
    }

    private static ClassRow[] Sort(IReadOnlyList<ClassRow> rows, string by)
    {
        IOrderedEnumerable<ClassRow> sorted = by switch
        {
            "shallow" => rows.OrderByDescending(r => r.ShallowSize),
            "count" => rows.OrderByDescending(r => r.Count),
            "name" => rows.OrderBy(r => r.Key.Name, StringComparer.Ordinal),
            _ => rows.OrderByDescending(r => r.RetainedSize),
        };
        return [.. sorted.ThenByDescending(r => r.ShallowSize).ThenBy(r => r.Key.ToString(), StringComparer.Ordinal)];
    }

    private static Report BuildReport(
        Heap heap, HeapStatistics statistics, IReadOnlyList<ClassRow> all, ClassRow[] shown,
        IReadOnlyList<DominatorRow> biggest, NativeContextSizes? contexts)
    {
        long total = heap.TotalSize;
        var blocks = new List<ReportBlock>
        {
            new FactsBlock(null,
            [
                new("nodes", Cell.Count(heap.Graph.NodeCount)),
                new("edges", Cell.Count(heap.Graph.EdgeCount)),
                new("total size", Cell.Bytes(total)),
                new("  code", Cell.Bytes(statistics.Code)),
                new("  strings", Cell.Bytes(statistics.Strings)),
                new("  JavaScript arrays", Cell.Bytes(statistics.JsArrays)),
                new("  typed arrays", Cell.Bytes(statistics.TypedArrays)),
                new("  native, all", Cell.Bytes(statistics.Native)),
                new("  V8's own", Cell.Bytes(statistics.System)),
            ]),
            new TableBlock("Classes", ["constructor", "distance", "count", "shallow", "retained", "of total"],
                [.. shown.Select(r => ClassCells(r, total))],
                Leftovers.Of(all.Count - shown.Length, "classes", all.Skip(shown.Length).Sum(r => r.ShallowSize))),
            new TableBlock("Biggest dominators", ["object", "id", "shallow", "retained", "of total"],
                [.. biggest.Select(r => (Cell[])[Cell.Name(r.Name), Cell.NodeId(r.Id), Cell.Bytes(r.ShallowSize), Cell.Bytes(r.RetainedSize), Cell.Share(r.RetainedSize, total)])]),
        };
        if (contexts is not null) blocks.Add(ContextsBlock(contexts));
        if (heap.Graph.Origin is { } origin) blocks.Insert(0, CoreBlock(origin));
        return new Report(blocks);
    }

    private static FactsBlock CoreBlock(Model.HeapOrigin origin) => new(null,
    [
        new("V8", Cell.Text(origin.V8Version)),
        new("thread", Cell.Text(origin.Threads.Count == 1 ? origin.Thread : $"{origin.Thread} of {string.Join(", ", origin.Threads)}")),
        new("garbage, not counted", Cell.Bytes(origin.GarbageBytes)),
        new("  objects", Cell.Count(origin.GarbageCount)),
    ]);

    private static Cell[] ClassCells(ClassRow row, long total) =>
    [
        Cell.Name(ClassNames.Show(row.Key)),
        row.Distance is >= 0 and < Distances.SystemBase ? Cell.Count(row.Distance) : Cell.Text("-"),
        Cell.Count(row.Count),
        Cell.Bytes(row.ShallowSize),
        Cell.Bytes(row.RetainedSize),
        Cell.Share(row.RetainedSize, total),
    ];

    private static TableBlock ContextsBlock(NativeContextSizes contexts) =>
        new("Native contexts", ["context", "id", "attributed", "retained"],
        [
            .. contexts.Contexts.Select(c => (Cell[])[Cell.Name(c.Name), Cell.NodeId(c.Id), Cell.Bytes(c.AttributedSize), Cell.Bytes(c.RetainedSize)]),
            [Cell.Text("shared by several"), Cell.Empty, Cell.Bytes(contexts.SharedSize), Cell.Empty],
            [Cell.Text("not attributed"), Cell.Empty, Cell.Bytes(contexts.UnattributedSize), Cell.Empty],
        ]);
}
