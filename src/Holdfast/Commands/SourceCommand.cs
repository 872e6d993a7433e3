using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Reports;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging;

namespace Holdfast.Commands;

/// <summary>Source text from the heap.</summary>
public sealed class SourceCommand : Command
{
    public override string Name => "source";

    public override string Summary => "the source around a function or a frame of the stack";

    public override string Description =>
        "Shows lines of a script from the core itself: around where a function stands (the address of a function or of its shared part), from a script's "
        + "beginning, or around where a frame is, by its number in bt (of the thread that --thread names). Node's own scripts have their text in the node binary.";

    public override string Example => "holdfast source samples/out-of-memory.hfcore 15";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.CoreDump,
        new("PLACE", ParameterKind.Text, "an address as all commands show it, or the number of a frame as bt shows it") { IsPositional = true },
        new("lines", ParameterKind.Number, "how many lines to show") { Default = "11" },
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.SourceRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        string place = arguments.Text("PLACE");
        int lines = (int)Math.Clamp(arguments.Number("lines"), 1, Limits.MaxSourceLines);
        using CoreSession core = context.OpenCore(arguments.Text("IN"), allThreads: true);
        var record = new SourceRecord(core.Name, Find(core, place, arguments.TextOrNull("thread"), lines));
        return new CommandResult(record, BuildReport(record.Source));
    }

    private static SourceExcerpt Find(CoreSession core, string place, string? thread, int lines)
    {
        var text = new SourceText(core);
        if (!int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return NodeIdText.TryParse(place, out ulong address) ? text.Around(address, lines)
                : throw new InputException($"{place}: expected an address like 0x1a2b3c4d5e61, or the number of a frame.");
        }

        var reader = new StackReader(core);
        int index = reader.IndexOf(thread ?? "main");
        if (index < 0) throw new InputException($"{core.Name}: no thread {thread ?? "main"}. `holdfast threads` lists them.");
        ThreadStack stack = reader.Read(index, number == int.MaxValue ? number : number + 1, out _);
        if (number >= stack.Frames.Count) throw new InputException($"{core.Name}: no frame {number}: the stack has {stack.Frames.Count}.");
        StackFrame frame = stack.Frames[number];
        if (frame.ScriptAddress is not { } script) throw new InputException($"{core.Name}: frame {number} ({frame.Name}) is not of a script, so that it has no source here.");
        return text.Around(script, Math.Max(0, frame.Position), frame.Name, lines);
    }

    private static Report BuildReport(SourceExcerpt source)
    {
        var lines = new List<Cell[]>();
        for (int i = 0; i < source.Lines.Count; i++)
        {
            int line = source.FirstLine + i;
            lines.Add([Cell.Text(line == source.Line ? ">" : ""), Cell.Text(line.ToString(CultureInfo.InvariantCulture)), Cell.Text(source.Lines[i])]);
        }

        return new Report(
        [
            new FactsBlock(null, [new("function", Cell.Name(source.What)), new("at", Cell.Name($"{source.Script}:{source.Line}:{source.Column}")), new("script", Cell.Text(NodeIdText.Show(source.ScriptAddress)))]),
            new TableBlock(null, ["", "line", "source"], lines),
        ]);
    }
}
