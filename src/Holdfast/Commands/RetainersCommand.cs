using System.Text.Json.Serialization.Metadata;
using Holdfast.Analyses;
using Holdfast.Reports;

namespace Holdfast.Commands;

/// <summary>Who points at the objects of a constructor.</summary>
public sealed class RetainersCommand : Command
{
    public override string Name => "retainers";

    public override string Summary => "who points at these objects, as patterns with counts";

    public override string Description =>
        "Groups every edge that leads to an object of the constructor by what it starts at and what it is called. Numbered "
        + "edges (elements, slots of tables) are one, []; where a kind of retainer has more than 32 different names, the rare "
        + "ones are one, *. Weak edges and V8's own bookkeeping are left out, and counted, unless asked for. "
        + ConstructorHelp.Text;

    public override string Example => "holdfast retainers samples/leaky-t2.heapsnapshot.zst Session";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Input,
        ConstructorHelp.Parameter,
        Parameter.Limit(40),
        new("min-count", ParameterKind.Number, "leave out patterns with fewer edges") { Default = "1" },
        Parameter.Flag("weak", "also count weak edges"),
        Parameter.Flag("all", "also count V8's own bookkeeping: feedback cells, allocation sites, code caches"),
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.RetainersRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        using Heap heap = context.Open(arguments.Text("IN"));
        using NodeSet objects = NodeReferences.Select(heap, arguments.Text("CONSTRUCTOR"), context.Work);
        RetainerPatterns found = RetainerPatterns.Run(heap, objects, arguments.Flag("weak"), arguments.Flag("all"), context.Work);
        long least = arguments.Number("min-count");
        RetainerPattern[] shown = [.. found.Patterns.Where(p => p.Count >= least).Take(arguments.Limit())];
        var record = new RetainersRecord(
            objects.Label, found.Instances, found.ShallowSize, [.. shown.Select(p => RetainerPatternRecord.From(p, heap.Graph))],
            found.Patterns.Count, found.WithoutRetainer, found.WeakEdges, found.NoiseEdges);
        return new CommandResult(record, BuildReport(heap, objects.Label, found, shown));
    }

    private static Report BuildReport(Heap heap, string label, RetainerPatterns found, RetainerPattern[] shown)
    {
        var facts = new List<Fact>
        {
            new("constructor", Cell.Name(label)),
            new("instances", Cell.Count(found.Instances)),
            new("shallow size", Cell.Bytes(found.ShallowSize)),
        };
        if (found.WithoutRetainer > 0) facts.Add(new("held by none of these", Cell.Count(found.WithoutRetainer)));
        if (found.WeakEdges > 0) facts.Add(new("weak edges left out (--weak)", Cell.Count(found.WeakEdges)));
        if (found.NoiseEdges > 0) facts.Add(new("V8's own edges left out (--all)", Cell.Count(found.NoiseEdges)));
        RetainerPattern[] left = [.. found.Patterns.Skip(shown.Length)];
        return new Report(
        [
            new FactsBlock(null, facts),
            new TableBlock("Retainers", ["edges", "instances", "of all", "retainer", "edge", "bytes", "e.g."],
                [.. shown.Select(p => Cells(heap, p, found.Instances))],
                Leftovers.Of(left.Length, $"patterns ({left.Sum(p => (long)p.Count):N0} edges)", null, "--limit 0 --min-count 0")),
        ]);
    }

    private static Cell[] Cells(Heap heap, RetainerPattern p, int instances) =>
    [
        Cell.Count(p.Count),
        Cell.Count(p.Instances),
        Cell.Share(p.Instances, instances),
        Cell.Name(p.Retainer),
        Cell.Name(NodeText.Edge(p.EdgeType, p.Edge) + (p.EdgeNames > 1 ? $" ({p.EdgeNames:N0} names)" : "")),
        Cell.Bytes(p.ShallowSize),
        Cell.NodeId(heap.Graph.Ids[(int)p.Example]),
    ];
}
