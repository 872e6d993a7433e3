using System.Text.Json.Serialization.Metadata;
using Holdfast.Model.Debugging;
using Holdfast.Reports;
using Holdfast.Sources.CoreDump;

namespace Holdfast.Commands;

/// <summary>A value of a core as the console would show it.</summary>
public sealed class PrintCommand : Command
{
    public override string Name => "print";

    public override string Summary => "a value of a core dump, as JavaScript's console would write it";

    public override string Description =>
        "Reads the value at an address and prints it with its properties, elements and entries, as console.log would. Strings are cut to --length "
        + "characters, each group to --limit parts, objects inside objects to --depth levels. What cannot be read is ??? with the reason. "
        + "`inspect` tells more about one object: its internal slots, a closure's variables, its size, and who holds it.";

    public override string Example => "holdfast print samples/out-of-memory.hfcore 0x36a55fd06d9";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.CoreDump,
        new("ADDR", ParameterKind.Text, "the object's address, as every command shows it") { IsPositional = true },
        .. ValueParameters.Parts(2),
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.PrintRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        using CoreSession core = context.OpenCore(arguments.Text("IN"));
        Value value = ValueParameters.Inspect(core, arguments.Text("ADDR"), arguments);
        return new CommandResult(new PrintRecord(value), new Report([new CodeBlock(null, ValuePrinter.Print(value))]));
    }
}
