using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Reports;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging;

namespace Holdfast.Commands;

/// <summary>A quick census of JavaScript objects.</summary>
public sealed class ObjectsCommand : Command
{
    public override string Name => "objects";

    public override string Summary => "the JavaScript objects, by constructor, or by constructor and properties";

    public override string Description =>
        "Counts objects by constructor, with the bytes of the objects themselves and the address of one of each; with --shapes by what properties "
        + "they have, and how long arrays, collections and buffers are. It is the quick look at a large core: no graph is made, so nothing is said of "
        + "retained sizes (`summary` does). A class's prototype is not one of its instances. Of a snapshot the objects are counted by constructor.";

    public override string Example => "holdfast objects samples/out-of-memory.hfcore --limit 5";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Input,
        Parameter.Flag("shapes", "of core dumps: by properties, too"),
        new("constructor", ParameterKind.Text, "only this constructor: a name or a glob"),
        new("property", ParameterKind.Text, "with --shapes: only objects with this property"),
        Parameter.Limit(30),
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.ObjectsRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        ObjectsRecord all = Count(arguments, context);
        Predicate<string> isWanted = Wanted(arguments.TextOrNull("constructor"));
        string? property = arguments.TextOrNull("property");
        ObjectClass[] classes = [.. all.Constructors.Where(c => isWanted(c.Name))];
        ObjectShape[]? shapes = all.Shapes is null ? null : [.. all.Shapes.Where(s => isWanted(s.Constructor) && (property is null || s.Properties.Contains(property)))];
        var record = new ObjectsRecord(all.Count, all.ShallowSize, [.. classes.Take(arguments.Limit())], shapes is null ? null : [.. shapes.Take(arguments.Limit())]);
        return new CommandResult(record, BuildReport(record, classes.Length, shapes?.Length ?? 0));
    }

    /// <summary>What a name on the command line means: itself, or a pattern.</summary>
    internal static Predicate<string> Wanted(string? name) =>
        name is null ? _ => true : Glob.IsGlob(name) ? new Glob(name).Matches : found => found == name;

    private static ObjectsRecord Count(Arguments arguments, CommandContext context)
    {
        using CoreSession? core = context.TryOpenCore(arguments.Text("IN"));
        if (core is null) return OfSnapshot(arguments.Text("IN"), context);
        ObjectCensus census = core.Census(context.Work);
        return new ObjectsRecord(census.Count, census.Bytes, census.Classes(), arguments.Flag("shapes") ? census.Shapes(context.Work) : null);
    }

    private static ObjectsRecord OfSnapshot(string input, CommandContext context)
    {
        using Heap heap = context.Open(input);
        var totals = new (long Count, long Bytes, int Example)[heap.Classes.Catalog.Count];
        for (int i = 0; i < heap.Graph.NodeCount; i++)
        {
            if (!heap.IsCounted((Model.NodeIndex)i) || heap.Graph[(Model.NodeIndex)i].Type is not (Model.NodeType.Object or Model.NodeType.Closure or Model.NodeType.RegExp)) continue;
            ref (long Count, long Bytes, int Example) total = ref totals[heap.Classes.Span[i]];
            total = (total.Count + 1, total.Bytes + heap.Shallow[(Model.NodeIndex)i], total.Count == 0 ? i : total.Example);
        }

        return new ObjectsRecord(totals.Sum(t => t.Count), totals.Sum(t => t.Bytes),
        [
            .. totals.Select((t, i) => (Total: t, Name: heap.Classes.Catalog[i].Name)).Where(c => c.Total.Count > 0)
                .Select(c => new ObjectClass(c.Name, c.Total.Count, c.Total.Bytes, heap.Graph.Ids[c.Total.Example])).OrderByDescending(c => c.ShallowSize).ThenBy(c => c.Name, StringComparer.Ordinal),
        ], null);
    }

    private static Report BuildReport(ObjectsRecord record, int classes, int shapes)
    {
        var facts = new FactsBlock(null, [new("objects", Cell.Count(record.Count)), new("shallow size", Cell.Bytes(record.ShallowSize))]);
        if (record.Shapes is { } found)
        {
            return new Report([facts, new TableBlock("Shapes", ["count", "shallow", "constructor", "length", "properties", "e.g."],
                [.. found.Select(s => (Cell[])[Cell.Count(s.Count), Cell.Bytes(s.ShallowSize), Cell.Name(s.Constructor), Cell.Text(Length(s)), Cell.Name(string.Join(", ", s.Properties)), Cell.NodeId(s.Example)])],
                Leftovers.Of(shapes - found.Count, "shapes"))]);
        }

        return new Report([facts, new TableBlock("Constructors", ["constructor", "count", "shallow", "e.g."],
            [.. record.Constructors.Select(c => (Cell[])[Cell.Name(c.Name), Cell.Count(c.Count), Cell.Bytes(c.ShallowSize), Cell.NodeId(c.Example)])],
            Leftovers.Of(classes - record.Constructors.Count, "constructors"))]);
    }

    private static string Length(ObjectShape shape)
    {
        if (shape.MostLength is not { } most || shape.LeastLength is not { } least) return "";
        return most == least ? most.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{least}–{most}");
    }
}
