using System.Text.Json.Serialization.Metadata;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging.Node;

namespace Holdfast.Commands;

/// <summary>Requests a core dump waits for: files, names, connections, writes.</summary>
public sealed class RequestsCommand : Command
{
    public override string Name => "requests";

    public override string Summary => "requests a core dump waits for: files, names, connections, writes";

    public override string Description =>
        "Lists what was asked of the system and is not done: what process._getActiveRequests() would give, with what is to be called then.";

    public override string Example => "holdfast requests samples/out-of-memory.hfcore";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.CoreDump,
        Parameter.Limit(50),
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.HandlesRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        using CoreSession core = context.OpenCore(arguments.Text("IN"));
        return HandleReports.Build(new HandleList(core, context.Work).Requests(), "requests", arguments.Limit());
    }
}
