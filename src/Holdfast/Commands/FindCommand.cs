using System.Text.Json.Serialization.Metadata;
using Holdfast.Analyses;
using Holdfast.Analyses.Derived;
using Holdfast.Model;
using Holdfast.Reports;

namespace Holdfast.Commands;

/// <summary>Objects that fit a description.</summary>
public sealed class FindCommand : Command
{
    public override string Name => "find";

    public override string Summary => "objects by constructor, name, size, id, edge, distance";

    public override string Description =>
        "Lists the objects for which all terms of an expression hold. " + FindExpression.Help + " A name is the object's own: "
        + "a function's name, a string's text (of strings put together from parts the parts have it), a constructor's name.";

    public override string Example => "holdfast find samples/leaky-t2.heapsnapshot.zst \"class:Session retained>200\" --limit 5";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Input,
        new("EXPR", ParameterKind.Text, "terms that must all hold: 'class:Map retained>1M'") { IsPositional = true, AtMost = 100 },
        new("sort", ParameterKind.Text, "what to order objects by") { Default = "retained", Choices = ["retained", "shallow", "id"] },
        Parameter.Limit(20),
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.FindRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        string text = string.Join(' ', arguments.Texts("EXPR"));
        FindExpression expression = FindExpression.Parse(text);
        FindOrder order = arguments.Text("sort") switch
        {
            "shallow" => FindOrder.Shallow,
            "id" => FindOrder.Id,
            _ => FindOrder.Retained,
        };
        using Heap heap = context.Open(arguments.Text("IN"));
        FoundNodes found = FoundNodes.Run(heap, expression, order, arguments.Limit(), context.Work);
        var record = new FindRecord(text, found.Count, found.ShallowSize, [.. found.Nodes.Select(n => Describe(heap, n))]);
        return new CommandResult(record, BuildReport(heap, record, found));
    }

    private static FoundNodeRecord Describe(Heap heap, NodeIndex node) => new(
        heap.Graph.Ids[(int)node], heap.Classes[node].Name, NodeText.Name(heap, node), heap.Graph.NodeTypeName(node),
        heap.Shallow[node], heap.Retained[node], heap.Distances[node]);

    private static Report BuildReport(Heap heap, FindRecord record, FoundNodes found)
    {
        long left = record.ShallowSize - record.Objects.Sum(o => o.ShallowSize);
        return new Report(
        [
            new FactsBlock(null, [new("objects", Cell.Count(record.Count)), new("shallow size", Cell.Bytes(record.ShallowSize))]),
            new TableBlock("Objects", ["class", "object", "id", "distance", "shallow", "retained"],
                [.. record.Objects.Select((o, i) => (Cell[])
                    [Cell.Name(o.Class), Cell.Name(NodeText.Show(heap, found.Nodes[i])), Cell.NodeId(o.Id), Distance(o.Distance), Cell.Bytes(o.ShallowSize), Cell.Bytes(o.RetainedSize)])],
                Leftovers.Of(record.Count - record.Objects.Count, "objects", left)),
        ]);
    }

    private static Cell Distance(int distance) =>
        distance is >= 0 and < Distances.SystemBase ? Cell.Count(distance) : Cell.Text("-");
}
