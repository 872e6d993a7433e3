using System.Text.Json.Serialization.Metadata;
using Holdfast.Model.Debugging;
using Holdfast.Reports;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging;

namespace Holdfast.Commands;

/// <summary>The functions of a core.</summary>
public sealed class FunctionsCommand : Command
{
    public override string Name => "functions";

    public override string Summary => "the functions of a core dump, where they stand, and how many closures of each there are";

    public override string Description =>
        "Lists functions of the program, of packages and of Node itself, each with its place in the source and the number of function objects made from "
        + "it: many closures of one function are callbacks that pile up. `closure` shows what one has captured, `source` its text.";

    public override string Example => "holdfast functions samples/out-of-memory.hfcore --limit 5";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.CoreDump,
        new("name", ParameterKind.Text, "only functions of this name, or a glob"),
        new("script", ParameterKind.Text, "only functions of scripts whose path has this in it"),
        Parameter.Limit(30),
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.FunctionsRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        using CoreSession core = context.OpenCore(arguments.Text("IN"));
        IReadOnlyList<FoundFunction> found = FunctionList.Functions(core, ObjectsCommand.Wanted(arguments.TextOrNull("name")), context.Work);
        if (arguments.TextOrNull("script") is { } script) found = [.. found.Where(f => f.Location.Contains(script, StringComparison.Ordinal))];
        var record = new FunctionsRecord(found.Count, found.Sum(f => (long)f.Closures), [.. found.Take(arguments.Limit())]);
        return new CommandResult(record, new Report(
        [
            new FactsBlock(null, [new("functions", Cell.Count(record.Count)), new("closures", Cell.Count(record.Closures))]),
            new TableBlock("Functions", ["closures", "shallow", "function", "at", "e.g."],
                [.. record.Functions.Select(f => (Cell[])[Cell.Count(f.Closures), Cell.Bytes(f.ShallowSize), Cell.Name(f.Name.Length == 0 ? "(anonymous)" : f.Name), Cell.Name(f.Location), Cell.NodeId(f.Example)])],
                Leftovers.Of(record.Count - record.Functions.Count, "functions")),
        ]));
    }
}
