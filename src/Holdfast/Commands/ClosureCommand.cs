using System.Text.Json.Serialization.Metadata;
using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Reports;
using Holdfast.Sources.CoreDump;

namespace Holdfast.Commands;

/// <summary>What a function has captured.</summary>
public sealed class ClosureCommand : Command
{
    public override string Name => "closure";

    public override string Summary => "the variables a function of a core dump has captured, scope by scope";

    public override string Description =>
        "Shows a function's variables from the innermost scope outwards, with their values, and where the function stands. V8 keeps only variables that "
        + "some function inside the scope uses, and all functions of a scope share them: what one needs, the others hold.";

    public override string Example => "holdfast closure samples/out-of-memory.hfcore 0x321fa4c42fe9";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.CoreDump,
        new("ADDR", ParameterKind.Text, "the function's address, as `functions` shows it") { IsPositional = true },
        .. ValueParameters.Parts(1),
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.PrintRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        using CoreSession core = context.OpenCore(arguments.Text("IN"));
        Value function = ValueParameters.Inspect(core, arguments.Text("ADDR"), arguments);
        if (function.Type is not ("function" or "class")) throw new InputException($"{arguments.Text("ADDR")}: is {function.Text}, not a function. `functions` lists functions.");
        ValueGroup[] kept = [.. (function.Groups ?? []).Where(g => g.Name == "code" || g.Name.StartsWith("variables", StringComparison.Ordinal))];
        Value closure = function with { Groups = kept };
        var blocks = ValueReports.Build(closure);
        if (!kept.Any(g => g.Name != "code")) blocks.Add(new TextBlock(null, "It has captured no variables."));
        return new CommandResult(new PrintRecord(closure), new Report(blocks));
    }
}
