using System.Text.Json.Serialization.Metadata;
using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Reports;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging;

namespace Holdfast.Commands;

/// <summary>The stacks of threads.</summary>
public sealed class BtCommand : Command
{
    private const string AllThreads = "all";

    public override string Name => "bt";

    public override string Summary => "the stack of a thread: JavaScript and native frames, with arguments";

    public override string Description =>
        "Shows the frames of a thread, innermost first: of JavaScript how the code runs (interpreted, baseline, maglev, turbofan; functions "
        + "compiled into another are marked), the function, what it was called on and with, and script:line:column; of native code the "
        + "function where the node binary is there to say it, else the file and offset. Also what ended the process, and the exception being thrown. "
        + "--thread takes main, a worker's name or number, a system thread id, or all. What cannot be read is shown as ???.";

    public override string Example => "holdfast bt samples/out-of-memory.hfcore";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.CoreDump,
        Parameter.Limit(100) with { Help = "how many frames of each thread to give; 0 gives all" },
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.BtRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        using CoreSession core = context.OpenCore(arguments.Text("IN"), allThreads: true);
        var reader = new StackReader(core);
        var threads = new List<BtThreadRecord>();
        foreach (int index in Chosen(reader, core, arguments.TextOrNull("thread")))
        {
            context.Work.ThrowIfCancelled();
            ThreadStack stack = reader.Read(index, arguments.Limit(), out int left);
            threads.Add(new BtThreadRecord(stack, left));
        }

        var record = new BtRecord(core.Name, reader.Crash(), threads);
        return new CommandResult(record, BuildReport(record));
    }

    private static IEnumerable<int> Chosen(StackReader reader, CoreSession core, string? thread)
    {
        if (reader.ThreadCount == 0) throw new InputException($"{core.Name}: the core has no threads (notes of type NT_PRSTATUS). It is damaged; take it again.");
        if (thread == AllThreads) return Enumerable.Range(0, reader.ThreadCount);
        int index = reader.IndexOf(thread ?? "main");
        if (index < 0 && thread is null) return [0];
        return index >= 0 ? [index] : throw new InputException($"{core.Name}: no thread {thread}. `holdfast threads` lists them; all gives all.");
    }

    private static Report BuildReport(BtRecord record)
    {
        var blocks = new List<ReportBlock>();
        if (record.Crash is { } crash)
        {
            var facts = new List<Fact> { new(crash.IsCrash ? "crash" : "stopped by", Cell.Text($"{crash.Signal}: {crash.Text}")) };
            if (crash.Address is { } address) facts.Add(new("address", Cell.Text($"0x{address:x}")));
            blocks.Add(new FactsBlock(null, facts));
        }

        foreach (BtThreadRecord thread in record.Threads)
        {
            ThreadStack stack = thread.Thread;
            if (stack.Exception is { } exception) blocks.Add(new FactsBlock(null, [new("exception", Cell.Text(exception.Text)), new("its address", Cell.Text(exception.Id is { } at ? NodeIdText.Show(at) : ""))]));
            blocks.Add(new TableBlock(Title(stack), ["frame", "kind", "function", "at", "this", "arguments"],
                [.. stack.Frames.Select(Row)], Leftovers.Of(thread.LeftOut, "frames")));
            if (stack.Problem is { } problem) blocks.Add(new TextBlock(null, $"??? {problem}"));
        }

        return new Report(blocks);
    }

    private static string Title(ThreadStack stack) =>
        $"Thread {stack.Number}{(stack.Isolate is null ? "" : $" {stack.Isolate}")} (system id {stack.Id}){(stack.IsCrashed ? $", {stack.Signal}" : "")}";

    private static Cell[] Row(StackFrame frame) =>
    [
        Cell.Count(frame.Number),
        Cell.Text(frame.IsInlined ? $"{frame.Kind}, inlined" : frame.Kind),
        Cell.Name(frame.Name),
        Cell.Name(Place(frame)),
        Cell.Name(frame.This?.Text ?? ""),
        Cell.Name(Arguments(frame)),
    ];

    internal static string Place(StackFrame frame)
    {
        string place = frame.Script is not { } script ? frame.Module ?? "" : frame.Line == 0 ? script : $"{(script.Length > 0 ? script : "<anonymous>")}:{frame.Line}:{frame.Column}";
        return frame.Problem is { } problem ? $"{place} ??? ({problem})".TrimStart() : place;
    }

    private static string Arguments(StackFrame frame)
    {
        if (frame.Arguments is not { } given) return "";
        string text = string.Join(", ", given.Select(a => a.Text));
        return frame.ArgumentCount > given.Count ? $"{text}, … ({frame.ArgumentCount} in all)" : text;
    }
}
