using System.Text.Json.Serialization.Metadata;
using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Reports;

namespace Holdfast.Commands;

/// <summary>What strings hold.</summary>
public sealed class StringsCommand : Command
{
    /// <summary>Characters of a text that are shown unless all were asked for.</summary>
    private const int ShownText = 60;

    /// <summary>Characters of a string that V8 writes.</summary>
    private const int WrittenText = 1024;

    public override string Name => "strings";

    public override string Summary => "strings that are there several times, or the largest";

    public override string Description =>
        "Duplicates are counted as Chrome DevTools does: the same text in several strings, the wasted bytes being those of all "
        + "but the largest. V8 writes at most 1,024 characters of a string into a snapshot, so texts that only differ after "
        + "that look the same: those are marked as cut. Texts can be secrets: they are cut to 60 characters unless --full is given.";

    public override string Example => "holdfast strings samples/leaky-t2.heapsnapshot.zst --limit 10";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Input,
        Parameter.Flag("duplicates", "texts that several strings hold, those that waste most first (the default)"),
        Parameter.Flag("largest", "the strings with most bytes instead"),
        new("pattern", ParameterKind.Text, "only texts that match this glob: 'GET /*'"),
        Parameter.Limit(20),
        Parameter.Flag("full", "show whole texts"),
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.StringsRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        if (arguments.Flag("largest") && arguments.Flag("duplicates"))
            throw new InputException("--duplicates and --largest are two answers: give one of them.");
        using Heap heap = context.Open(arguments.Text("IN"));
        Glob? pattern = arguments.TextOrNull("pattern") is { } text ? new Glob(text) : null;
        int length = arguments.Flag("full") ? int.MaxValue : ShownText;
        return arguments.Flag("largest")
            ? Largest(heap, pattern, arguments.Limit(), length, context.Work)
            : Duplicates(heap, pattern, arguments.Limit(), length, context.Work);
    }

    private static CommandResult Duplicates(Heap heap, Glob? pattern, int limit, int length, Work work)
    {
        DuplicateStrings found = DuplicateStrings.Run(heap, work);
        DuplicateString[] groups = [.. found.Groups.Where(g => pattern is null || pattern.Matches(heap.Names[g.First]))];
        DuplicateStringRecord[] shown = [.. groups.Take(limit).Select(g => Describe(heap, g, length))];
        long wasted = groups.Sum(g => g.Wasted);
        var record = new StringsRecord(shown, null, groups.Length, groups.Sum(g => g.ShallowSize), wasted);
        var report = new Report(
        [
            new FactsBlock(null,
            [
                new("strings compared", Cell.Count(found.Strings)),
                new("texts held more than once", Cell.Count(groups.Length)),
                new("wasted on copies", Cell.Bytes(wasted)),
            ]),
            new TableBlock("Duplicated strings", ["wasted", "count", "shallow", "retained", "e.g.", "text"],
                [.. shown.Select(Cells)],
                Leftovers.Of(groups.Length - shown.Length, "texts", groups.Skip(shown.Length).Sum(g => g.Wasted))),
        ]);
        return new CommandResult(record, report);
    }

    private static DuplicateStringRecord Describe(Heap heap, DuplicateString group, int length)
    {
        string text = heap.Names[group.First];
        return new DuplicateStringRecord(
            NodeText.Cut(text, length), text.Length, group.Count, group.ShallowSize, group.RetainedSize, group.Wasted,
            text.Length >= WrittenText, heap.Graph.Ids[(int)group.First]);
    }

    private static Cell[] Cells(DuplicateStringRecord row) =>
    [
        Cell.Bytes(row.WastedSize), Cell.Count(row.Count), Cell.Bytes(row.ShallowSize), Cell.Bytes(row.RetainedSize),
        Cell.NodeId(row.Id), Cell.Text((row.Incomplete ? "(cut by V8) " : "") + row.Value),
    ];

    private static CommandResult Largest(Heap heap, Glob? pattern, int limit, int length, Work work)
    {
        LargestStrings found = LargestStrings.Run(heap, pattern, limit, work);
        LargeStringRecord[] shown = [.. found.Nodes.Select(n => Describe(heap, n, length))];
        var record = new StringsRecord(null, shown, found.Count, found.ShallowSize, null);
        long left = found.ShallowSize - shown.Sum(s => s.ShallowSize);
        var report = new Report(
        [
            new FactsBlock(null, [new("strings", Cell.Count(found.Count)), new("shallow size", Cell.Bytes(found.ShallowSize))]),
            new TableBlock("Largest strings", ["shallow", "retained", "id", "type", "text"],
                [.. shown.Select(s => (Cell[])[Cell.Bytes(s.ShallowSize), Cell.Bytes(s.RetainedSize), Cell.NodeId(s.Id), Cell.Text(s.Type), Cell.Text(s.Value)])],
                Leftovers.Of(found.Count - shown.Length, "strings", left)),
        ]);
        return new CommandResult(record, report);
    }

    private static LargeStringRecord Describe(Heap heap, NodeIndex node, int length)
    {
        string text = heap.Names[node];
        return new LargeStringRecord(
            heap.Graph.Ids[(int)node], heap.Graph.NodeTypeName(node), NodeText.Cut(text, length), text.Length, heap.Shallow[node], heap.Retained[node]);
    }
}
