using System.Text.Json.Serialization.Metadata;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging.Node;

namespace Holdfast.Commands;

/// <summary>What keeps the event loop of a core dump going: sockets, servers, timers, child processes, watchers.</summary>
public sealed class HandlesCommand : Command
{
    public override string Name => "handles";

    public override string Summary => "what keeps the event loop of a core dump going: sockets, servers, timers, child processes, watchers";

    public override string Description =>
        "Lists libuv's handles that belong to JavaScript objects, and Node's timers: what process._getActiveHandles() would give, with those that do not keep "
        + "the process alive, too. Addresses of sockets are those the program asked for (Node does not keep others); a timer is due in milliseconds after "
        + "the event loop began.";

    public override string Example => "holdfast handles samples/out-of-memory.hfcore";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.CoreDump,
        Parameter.Limit(50),
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.HandlesRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        using CoreSession core = context.OpenCore(arguments.Text("IN"));
        return HandleReports.Build(new HandleList(core, context.Work).Handles(), "handles", arguments.Limit());
    }
}
