using System.Text.Json.Serialization.Metadata;
using Holdfast.Model.Debugging;
using Holdfast.Reports;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging.Node;

namespace Holdfast.Commands;

/// <summary>The modules a core dump has loaded, required and imported.</summary>
public sealed class ModulesCommand : Command
{
    public override string Name => "modules";

    public override string Summary => "the modules a core dump has loaded, required and imported";

    public override string Description =>
        "Lists modules of require.cache and those that were imported, with the address of Node's object for each.";

    public override string Example => "holdfast modules samples/out-of-memory.hfcore";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.CoreDump,
        Parameter.Limit(50),
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.ModulesRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        using CoreSession core = context.OpenCore(arguments.Text("IN"));
        IReadOnlyList<LoadedModule> found = ModuleList.Run(core, context.Work);
        var record = new ModulesRecord(found.Count, [.. found.Take(arguments.Limit())]);
        return new CommandResult(record, new Report(
        [
            new FactsBlock(null, [new("modules", Cell.Count(record.Count))]),
            new TableBlock("Modules", ["kind", "module", "loaded", "children", "id"],
                [.. record.Modules.Select(m => (Cell[])[Cell.Text(m.Kind), Cell.Name(m.Name), Cell.Text(m.IsLoaded switch { true => "yes", false => "no", _ => "" }), m.Kind == "esm" ? Cell.Empty : Cell.Count(m.Children), Cell.NodeId(m.Id)])],
                Leftovers.Of(record.Count - record.Modules.Count, "modules")),
        ]));
    }
}
