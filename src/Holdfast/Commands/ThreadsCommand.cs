using System.Text.Json.Serialization.Metadata;
using Holdfast.Model.Debugging;
using Holdfast.Reports;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging;

namespace Holdfast.Commands;

/// <summary>The threads of a process.</summary>
public sealed class ThreadsCommand : Command
{
    /// <summary>Frames among which the one of JavaScript is looked for.</summary>
    private const int LookedThrough = 200;

    public override string Name => "threads";

    public override string Summary => "every thread of a process, with what it was doing";

    public override string Description =>
        "Lists the threads of a core: the system's id, the name in Node of those that run JavaScript, the signal where one ended the process, "
        + "and the innermost frame: of JavaScript, or of native code where there is none. bt shows whole stacks.";

    public override string Example => "holdfast threads samples/out-of-memory.hfcore";

    public override IReadOnlyList<Parameter> Parameters { get; } = [Parameter.CoreDump];

    public override JsonTypeInfo RecordType => CommandJson.Default.ThreadsRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        using CoreSession core = context.OpenCore(arguments.Text("IN"), allThreads: true);
        var reader = new StackReader(core);
        var threads = new List<ThreadRecord>();
        for (int i = 0; i < reader.ThreadCount; i++)
        {
            context.Work.ThrowIfCancelled();
            ThreadStack stack = reader.Read(i, LookedThrough, out _);
            StackFrame? top = stack.Frames.FirstOrDefault(f => FrameKind.IsJavaScript(f.Kind) && f.Script is not null) ?? (stack.Frames.Count > 0 ? stack.Frames[0] : null);
            threads.Add(new ThreadRecord(stack.Number, stack.Id, stack.Isolate, stack.IsCrashed ? stack.Signal : null, top?.Kind, top?.Name, top is null ? null : BtCommand.Place(top)));
        }

        var record = new ThreadsRecord(core.Name, threads);
        return new CommandResult(record, new Report([new TableBlock(null, ["thread", "system id", "isolate", "signal", "kind", "function", "at"],
            [.. threads.Select(t => (Cell[])[Cell.Count(t.Number), Cell.Text(Text(t.Id)), Cell.Name(t.Isolate ?? ""), Cell.Text(t.Signal ?? ""), Cell.Text(t.Kind ?? ""), Cell.Name(t.Function ?? ""), Cell.Name(t.At ?? "")])])]));
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
