using System.Text.Json.Serialization.Metadata;
using Holdfast.Analyses;
using Holdfast.Analyses.Derived;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Model.Debugging;
using Holdfast.Reports;
using Holdfast.Sources.CoreDump;

namespace Holdfast.Commands;

/// <summary>Everything about one object.</summary>
public sealed class InspectCommand : Command
{
    private const int ShownText = 200;

    public override string Name => "inspect";

    public override string Summary => "everything about one object: what it is, what it points at, what points at it";

    public override string Description =>
        "Shows one object by its id: class, sizes, distance, dominator, where its function or constructor stands, its edges by "
        + "type, and its retainers, nearest to the roots first; with an allocation timeline also the stack that allocated it. "
        + "Of a core dump also its value with everything it consists of, as `print` has it, and the slots of its kind: a promise's state and reactions, a "
        + "closure's variables, where a function stands, bytes of buffers; what cannot be read is ??? with the reason. "
        + "The text of a string is cut to 200 characters unless --full is given; those it only points at to 40.";

    public override string Example => "holdfast inspect samples/leaky-t2.heapsnapshot.zst @76399";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Input,
        new("ID", ParameterKind.Text, "the object, @ID as every command shows it") { IsPositional = true },
        Parameter.Limit(20),
        Parameter.Flag("full", "show the whole text of a string"),
        new("depth", ParameterKind.Number, "of core dumps: levels of objects inside objects") { Default = "1" },
        new("length", ParameterKind.Number, "of core dumps: characters of each string; 0 gives all") { Default = "200" },
        Parameter.Flag("full-string", "the same as --full"),
        Parameter.Flag("print-map", "of core dumps: also the hidden class"),
        Parameter.Flag("print-source", "of core dumps: also a function's source"),
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.InspectRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        string input = arguments.Text("IN"), id = arguments.Text("ID");
        bool isFull = arguments.Flag("full") || arguments.Flag("full-string");
        using CoreSession? core = context.TryOpenCore(input);
        Value? value = core is null ? null : ValueOf(core, id, isFull, arguments);
        using Heap heap = context.Open(input, core);
        if (value?.Id is { } address && heap.Graph.FindById(address) == NodeIndex.None)
            throw new InputException($"{id}: is {value.Text}, which nothing holds any more: garbage. `holdfast print` shows its value, and --include-garbage gives it a place among the others.");
        NodeIndex node = NodeReferences.Find(heap, id);
        NodeDetails details = NodeDetails.Run(heap, node, arguments.Limit(), context.Work);
        InspectRecord record = Describe(heap, details, isFull ? int.MaxValue : ShownText, new SourceLocations(heap.Graph, context.Work)) with { Value = value };
        Report report = BuildReport(record);
        return new CommandResult(record, value is null ? report : new Report([.. ValueReports.Build(value), .. report.Blocks]));
    }

    /// <summary>What is at an address, null for what is no object of the heap: the roots, and memory outside.</summary>
    private static Value? ValueOf(CoreSession core, string id, bool isFull, Arguments arguments) =>
        NodeIdText.TryParse(id, out ulong address) && core.Heap.IndexOf(address | 1) >= 0
            ? ValueParameters.Inspect(core, id, arguments, arguments.Flag("print-map"), arguments.Flag("print-source"), isFull)
            : null;

    private static InspectRecord Describe(Heap heap, NodeDetails details, int length, SourceLocations locations)
    {
        HeapGraph graph = heap.Graph;
        NodeIndex node = details.Node;
        NodeIndex dominator = heap.Dominators.Dominators[(int)node];
        return new InspectRecord(
            graph.Ids[(int)node], heap.Classes[node].Name, graph.NodeTypeName(node), NodeText.Name(heap, node, length),
            heap.Shallow[node], heap.Retained[node], heap.Distances[node],
            node == graph.Root ? null : DescribeNode(heap, dominator), LocationRecord.From(locations.Find(node)), Detachedness(heap, node),
            [.. details.Edges.Select(g => new EdgeGroupRecord(g.Type, g.Count, [.. g.Links.Select(l => Describe(heap, l))]))],
            [.. details.Retainers.Select(l => Describe(heap, l))], details.RetainerCount,
            details.AllocatedBy.Count == 0 ? null : [.. details.AllocatedBy.Select(FrameRecord.From)]);
    }

    private static NodeRecord DescribeNode(Heap heap, NodeIndex node) => new(
        heap.Graph.Ids[(int)node], NodeText.Show(heap, node), heap.Graph.NodeTypeName(node), heap.Shallow[node], heap.Retained[node]);

    private static LinkRecord Describe(Heap heap, NodeLink link) => new(
        link.Name, heap.Graph.EdgeTypeName(link.Edge), heap.Graph.Ids[(int)link.Other], NodeText.Show(heap, link.Other),
        heap.Graph.NodeTypeName(link.Other), heap.Distances[link.Other], heap.Shallow[link.Other], heap.Retained[link.Other]);

    private static string? Detachedness(Heap heap, NodeIndex node)
    {
        if (heap.Dom.IsDetached(node)) return "detached";
        ReadOnlySpan<byte> states = heap.Graph.Detachedness;
        return states.IsEmpty || states[(int)node] != 1 ? null : "attached";
    }

    private static Report BuildReport(InspectRecord record)
    {
        var blocks = new List<ReportBlock> { new FactsBlock(null, Facts(record)) };
        foreach (EdgeGroupRecord group in record.Edges)
        {
            blocks.Add(new TableBlock($"Edges of type {group.EdgeType}", ["edge", "to", "id", "shallow", "retained"],
                [.. group.Links.Select(l => (Cell[])[Cell.Name(NodeText.Edge(l.EdgeType, l.Edge)), Cell.Name(l.Node), Cell.NodeId(l.Id), Cell.Bytes(l.ShallowSize), Cell.Bytes(l.RetainedSize)])],
                Leftovers.Of(group.Count - group.Links.Count, "edges")));
        }

        blocks.Add(new TableBlock("Retainers", ["retainer", "id", "edge", "distance"],
            [.. record.Retainers.Select(l => (Cell[])[Cell.Name(l.Node), Cell.NodeId(l.Id), Cell.Name(NodeText.Edge(l.EdgeType, l.Edge)), Distance(l.Distance)])],
            Leftovers.Of(record.RetainerCount - record.Retainers.Count, "retainers")));
        if (record.AllocatedBy is { } stack)
        {
            blocks.Add(new TableBlock("Allocated by", ["function", "at"],
                [.. stack.Select(f => (Cell[])[Cell.Name(f.Function.Length == 0 ? "(anonymous function)" : f.Function), Cell.Name(f.Script.Length == 0 ? "" : $"{f.Script}:{f.Line}:{f.Column}")])]));
        }

        return new Report(blocks);
    }

    private static List<Fact> Facts(InspectRecord record)
    {
        bool isString = record.Type is "string" or "concatenated string" or "sliced string";
        var facts = new List<Fact>
        {
            new("class", Cell.Name(record.Class)),
            new(isString ? "text" : "name", isString ? Cell.Text(record.Name) : Cell.Name(record.Name)),
            new("type", Cell.Text(record.Type)),
            new("id", Cell.NodeId(record.Id)),
            new("shallow size", Cell.Bytes(record.ShallowSize)),
            new("retained size", Cell.Bytes(record.RetainedSize)),
            new("distance", Distance(record.Distance)),
        };
        if (record.Dominator is { } dominator) facts.Add(new("dominator", Cell.Name($"{dominator.Name} {NodeIdText.Show(dominator.Id)}")));
        if (record.Location is { } location) facts.Add(new("location", Cell.Name(location.Show())));
        if (record.Detachedness is { } state) facts.Add(new("DOM state", Cell.Text(state)));
        return facts;
    }

    private static Cell Distance(int distance) => distance switch
    {
        Distances.Unreached => Cell.Text("not reached"),
        >= Distances.SystemBase => Cell.Text($"{distance - Distances.SystemBase:N0} from V8's roots"),
        _ => Cell.Count(distance),
    };
}
