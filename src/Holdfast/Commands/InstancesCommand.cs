using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Model.Debugging;
using Holdfast.Reports;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging;
using Holdfast.Sources.CoreDump.Debugging.Values;

namespace Holdfast.Commands;

/// <summary>The objects of one constructor.</summary>
public sealed class InstancesCommand : Command
{
    public override string Name => "instances";

    public override string Summary => "the objects of a constructor, one by one";

    public override string Description =>
        "Lists the objects of a constructor in the order of their addresses, page by page (--limit, --offset); with --verbose with their values. A "
        + "class's prototype is not one of its instances, and objects of classes that extend it are listed under their own. The name may be a glob.";

    public override string Example => "holdfast instances samples/out-of-memory.hfcore Map --limit 3 --verbose";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Input,
        new("NAME", ParameterKind.Text, "the constructor, as `objects` shows it, or a glob") { IsPositional = true },
        Parameter.Flag("verbose", "of core dumps: with their properties, elements and entries"),
        Parameter.Limit(30),
        new("offset", ParameterKind.Number, "how many to pass over first") { Default = "0" },
        new("length", ParameterKind.Number, "characters of each string; 0 gives all") { Default = "200" },
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.InstancesRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        string name = arguments.Text("NAME");
        bool isVerbose = arguments.Flag("verbose");
        long offset = arguments.Number("offset");
        InstancesRecord record;
        using (CoreSession? core = context.TryOpenCore(arguments.Text("IN")))
            record = core is null ? OfSnapshot(arguments, name, offset, context) : OfCore(core, name, isVerbose, offset, arguments, context.Work);
        return new CommandResult(record, BuildReport(record, offset, isVerbose));
    }

    private static InstancesRecord OfCore(CoreSession core, string name, bool isVerbose, long offset, Arguments arguments, Work work)
    {
        ObjectCensus census = core.Census(work);
        int[] found = [.. census.InstancesOf(ObjectsCommand.Wanted(name))];
        if (found.Length == 0) throw Missing(name, census.Names);
        var reader = new ValueReader(core, new ValueOptions(isVerbose ? 1 : 0, 20, arguments.Limit("length")));
        return new InstancesRecord(name, found.Length, [.. Page(found, offset, arguments.Limit()).Select(i => reader.Read(core.Heap[i], isVerbose ? 1 : 0))]);
    }

    private static IEnumerable<int> Page(int[] all, long offset, int limit) => all.Skip((int)Math.Min(offset, int.MaxValue)).Take(limit);

    private static InstancesRecord OfSnapshot(Arguments arguments, string name, long offset, CommandContext context)
    {
        using Heap heap = context.Open(arguments.Text("IN"));
        Predicate<string> isWanted = ObjectsCommand.Wanted(name);
        bool[] wanted = [.. Enumerable.Range(0, heap.Classes.Catalog.Count).Select(i => isWanted(heap.Classes.Catalog[i].Name))];
        int[] found = [.. Enumerable.Range(0, heap.Graph.NodeCount).Where(i => wanted[heap.Classes.Span[i]] && heap.IsCounted((NodeIndex)i)).OrderBy(i => heap.Graph.Ids[i])];
        if (found.Length == 0) throw Missing(name, Enumerable.Range(0, heap.Classes.Catalog.Count).Select(i => heap.Classes.Catalog[i].Name));
        return new InstancesRecord(name, found.Length, [.. Page(found, offset, arguments.Limit()).Select(i => OfNode(heap, (NodeIndex)i))]);
    }

    private static Value OfNode(Heap heap, NodeIndex node) =>
        new(heap.Graph.NodeTypeName(node), NodeText.Show(heap, node)) { Id = heap.Graph.Ids[(int)node], Class = heap.Classes[node].Name, Size = heap.Shallow[node] };

    private static InputException Missing(string name, IEnumerable<string> known)
    {
        IReadOnlyList<string> near = NearestNames.Find(name, known);
        string hint = near.Count > 0 ? $" There are: {string.Join(", ", near)}." : " `holdfast objects` lists constructors.";
        return new InputException($"{name}: no object of this constructor.{hint}");
    }

    private static Report BuildReport(InstancesRecord record, long offset, bool isVerbose)
    {
        var blocks = new List<ReportBlock> { new FactsBlock(null, [new("constructor", Cell.Name(record.Constructor)), new("instances", Cell.Count(record.Count))]) };
        LeftOut? left = Leftovers.Of(record.Count - offset - record.Instances.Count, "instances", null,
            string.Create(CultureInfo.InvariantCulture, $"--offset {offset + record.Instances.Count}"));
        if (isVerbose)
        {
            foreach (Value value in record.Instances) blocks.Add(new CodeBlock(null, $"{NodeIdText.Show(value.Id ?? 0)} {ValuePrinter.Print(value)}"));
            if (left is not null) blocks.Add(new TextBlock(null, string.Create(CultureInfo.InvariantCulture, $"… {left.Count} more instances: {left.HowToSee}")));
            return new Report(blocks);
        }

        blocks.Add(new TableBlock("Instances", ["id", "object", "shallow"],
            [.. record.Instances.Select(v => (Cell[])[Cell.NodeId(v.Id ?? 0), Cell.Name(v.Text), Cell.Bytes(v.Size ?? 0)])], left));
        return new Report(blocks);
    }
}
