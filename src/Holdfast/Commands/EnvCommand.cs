using System.Text.Json.Serialization.Metadata;
using Holdfast.Model.Debugging;
using Holdfast.Reports;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging.Node;

namespace Holdfast.Commands;

/// <summary>The process of a core dump: versions, arguments, paths, uptime, environment.</summary>
public sealed class EnvCommand : Command
{
    public override string Name => "env";

    public override string Summary => "the process of a core dump: versions, arguments, paths, uptime, environment";

    public override string Description =>
        "Shows Node's and V8's version, the command line, the working directory, how long the process had run, and the names of its environment variables when "
        + "it began. Their values are shown with --show-values only: they are where secrets are.";

    public override string Example => "holdfast env samples/out-of-memory.hfcore";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.CoreDump,
        Parameter.Flag("show-values", "also show the values of environment variables"),
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.ProcessFacts;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        using CoreSession core = context.OpenCore(arguments.Text("IN"));
        bool withValues = arguments.Flag("show-values");
        ProcessFacts facts = ProcessReader.Run(core, withValues, context.Work);
        return new CommandResult(facts, new Report(
        [
            new FactsBlock(null, [.. facts.Facts.Select(f => new Fact(f.Name, Cell.Text(f.Text)))]),
            new FactsBlock("Environment", [.. facts.Environment.Select(e => new Fact(e.Name, Cell.Text(withValues ? e.Text : "(--show-values)")))]),
        ]));
    }
}
