using System.Text.Json.Serialization.Metadata;
using Holdfast.Model.Debugging;
using Holdfast.Reports;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging;

namespace Holdfast.Commands;

/// <summary>The functions that objects were made with.</summary>
public sealed class ConstructorsCommand : Command
{
    public override string Name => "constructors";

    public override string Summary => "the functions that the objects of a core dump were made with, and where they stand";

    public override string Description =>
        "Lists constructors with the number of objects made directly with each, the function's address and place in the source, and the address of its "
        + "prototype. Two classes of one name are two lines here, and one in `objects`.";

    public override string Example => "holdfast constructors samples/out-of-memory.hfcore --limit 5";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.CoreDump,
        new("name", ParameterKind.Text, "only constructors of this name, or a glob"),
        Parameter.Limit(30),
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.ConstructorsRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        using CoreSession core = context.OpenCore(arguments.Text("IN"));
        IReadOnlyList<FoundConstructor> found = FunctionList.Constructors(core, ObjectsCommand.Wanted(arguments.TextOrNull("name")), context.Work);
        var record = new ConstructorsRecord(found.Count, [.. found.Take(arguments.Limit())]);
        return new CommandResult(record, new Report(
        [
            new TableBlock(null, ["constructor", "objects", "shallow", "function", "prototype", "at"],
                [.. record.Constructors.Select(c => (Cell[])[Cell.Name(c.Name), Cell.Count(c.Instances), Cell.Bytes(c.ShallowSize), Cell.NodeId(c.Id), c.Prototype is { } p ? Cell.NodeId(p) : Cell.Empty, Cell.Name(c.Location)])],
                Leftovers.Of(record.Count - record.Constructors.Count, "constructors")),
        ]));
    }
}
