using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Reports;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging;

namespace Holdfast.Commands;

/// <summary>Who refers to a value.</summary>
public sealed class RefsCommand : Command
{
    private const int DeepLevels = 6;

    public override string Name => "refs";

    public override string Summary => "who refers to a value of a core dump: by address, name, text or number";

    public override string Description =>
        "Looks through all objects for what refers to the object at an address (with a text or number instead: to equal strings, to that number), or, with "
        + "--name, for what is kept under a name: properties, elements, entries of collections, variables of closures, slots of promises and bound "
        + "functions, registers of generators, elements of arrays of numbers. With --deep also what refers to those, level by level; `paths` gives the "
        + "ways from the roots. V8's own references (maps, code, caches) are counted, and shown with --all.";

    public override string Example => "holdfast refs samples/out-of-memory.hfcore --name customer --limit 3";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.CoreDump,
        new("ADDR", ParameterKind.Text, "the object's address") { IsPositional = true, AtLeast = 0 },
        new("name", ParameterKind.Text, "what is kept under this name: a property (also #private and [Symbol(x)]) or a variable"),
        new("string", ParameterKind.Text, "who refers to a string with exactly this text"),
        new("number", ParameterKind.Text, "who has this number"),
        Parameter.Flag("deep", "also what refers to those, up to 6 levels"),
        Parameter.Flag("all", "also V8's own references"),
        Parameter.Limit(50),
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.RefsRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        string? address = arguments.TextOrNull("ADDR"), name = arguments.TextOrNull("name"), text = arguments.TextOrNull("string"), number = arguments.TextOrNull("number");
        if (new[] { address, name, text, number }.Count(a => a is not null) != 1) throw new InputException("refs wants one of an address, --name NAME, --string TEXT, --number N.");
        using CoreSession core = context.OpenCore(arguments.Text("IN"));
        var search = new ReferenceSearch(core, context.Work);
        int levels = arguments.Flag("deep") ? DeepLevels : 1;
        List<FoundReference> found = address is not null ? search.ToObject(CoreAddresses.Find(core, address), levels)
            : name is not null ? search.ByName(name)
            : text is not null ? search.ToText(text, levels)
            : search.ToNumber(Parse(number!));
        FoundReference[] shown = arguments.Flag("all") ? [.. found] : [.. found.Where(r => r.Kind != "internal" || IsProgram(r))];
        var record = new RefsRecord(shown.Length, found.Count - shown.Length, [.. shown.Take(arguments.Limit())]);
        return new CommandResult(record, BuildReport(record));
    }

    private static double Parse(string number) => double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        ? value
        : throw new InputException($"--number {number}: expected a number such as 42 or 0.5.");

    /// <summary>Slots of a program's own objects count: what a promise or a bound function holds.</summary>
    private static bool IsProgram(FoundReference reference) => !reference.Owner.StartsWith("system / ", StringComparison.Ordinal);

    private static Report BuildReport(RefsRecord record)
    {
        var facts = new List<Fact> { new("references", Cell.Count(record.Count)) };
        if (record.Internal > 0) facts.Add(new("V8's own left out (--all)", Cell.Count(record.Internal)));
        LeftOut? left = Leftovers.Of(record.Count - record.References.Count, "references");
        if (record.References.Any(r => r.Referrers is not null))
            return new Report([new FactsBlock(null, facts), new TreeBlock("References", ["id"], "from", [.. record.References.Select(Tree)], left)]);
        return new Report([new FactsBlock(null, facts), new TableBlock("References", ["from", "id", "kind", "name", "value"],
            [.. record.References.Select(r => (Cell[])[Cell.Name(r.Owner), Cell.NodeId(r.From), Cell.Text(r.IsWeak ? r.Kind + " (weak)" : r.Kind), Cell.Name(r.Name), Cell.Name(r.Value)])], left)]);
    }

    private static TreeItem Tree(FoundReference reference) =>
        new($"{reference.Owner} {reference.Kind} {reference.Name}", [Cell.NodeId(reference.From)], [.. (reference.Referrers ?? []).Select(Tree)]);
}
