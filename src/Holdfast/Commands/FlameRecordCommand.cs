using System.Text.Json.Serialization.Metadata;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging;
using Holdfast.Sources.Live;
using Holdfast.Sources.Perf;

namespace Holdfast.Commands;

/// <summary>A flame graph of a process that runs.</summary>
public sealed class FlameRecordCommand : Command
{
    public override string Name => "flame record";

    public override string Summary => "record a running process with perf: which code touches new memory";

    public override string Description =>
        "Runs this machine's perf on a process for a while, with the event, period and call graph that suit it, and shows the stacks as flame "
        + "does. Before it starts it says what will be missing and which flags to add. What perf writes is taken away afterwards. "
        + "Names of JavaScript need: node --perf-basic-prof --interpreted-frames-native-stack. Without, functions that V8 has compiled are named from "
        + "the process's memory, once the recording is done; --no-memory leaves that.";

    public override string Example => "holdfast flame record pid:4711 --duration 30 -o faults.html";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        new("TARGET", ParameterKind.Text, "pid:N, the process to record") { IsPositional = true },
        new("event", ParameterKind.Text, "page-faults, minor-faults, major-faults, brk, mmap, or any event of perf") { Default = "page-faults" },
        new("duration", ParameterKind.Number, "seconds to record") { Default = "10" },
        new("period", ParameterKind.Number, "one sample for so many events; else 16 for page faults and 1 for others"),
        new("call-graph", ParameterKind.Text, "how perf finds callers") { Choices = ["fp", "dwarf"], Default = "fp" },
        Parameter.Flag("no-memory", "do not look into the process's memory for names, for which it stands still some milliseconds after the recording"),
        .. FlameParameters.Reading.Where(p => p.Name != "event"),
        .. FlameParameters.Shaping,
        .. FlameParameters.Looks,
        Parameter.Limit(20),
    ];

    public override IReadOnlyList<DrawingFormat> Drawings => DrawingFormat.All;

    public override bool IsForShell => false;

    public override bool HasRunnableExample => false;

    public override JsonTypeInfo RecordType => CommandJson.Default.FlameRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        string target = arguments.Text("TARGET");
        long period = arguments.TextOrNull("period") is null ? 0 : arguments.Number("period");
        RecordingPlan plan = RecordingPlan.Make(ProcessOf(target), arguments.Text("event"), period, arguments.Number("duration"), arguments.Text("call-graph"));
        foreach (string missing in plan.Missing) context.Work.Announce(missing);
        using LiveNames? names = plan.HasNames || arguments.Flag("no-memory") ? null : new LiveNames(target, context);
        StackProfile profile = PerfRecorder.Record(plan, FlameParameters.ReadText(arguments) with { Events = [], NameOf = names is null ? null : names.NameOf }, context.Work);
        return FlameCommand.Answer(profile, target, FlameParameters.ReadShape(arguments), isReversed: false, arguments, context.Work);
    }

    private static int ProcessOf(string text) => LiveTarget.IsOne(text) && LiveTarget.Parse(text) is { Kind: LiveTargetKind.Process } target ? target.Pid
        : throw new InputException($"{text}: expected pid:N, the process to record.");

    /// <summary>Names of compiled functions from the process's memory, which is looked at when the first is asked for.</summary>
    private sealed class LiveNames(string target, CommandContext context) : IDisposable
    {
        private CoreSession? _core;
        private CompiledFunctions? _functions;
        private bool _isRefused;

        public string? NameOf(ulong address)
        {
            if (_functions is null && !_isRefused) Open();
            return _functions?.NameOf(address);
        }

        public void Dispose() => _core?.Dispose();

        private void Open()
        {
            try
            {
                _core = context.OpenCore(target, allThreads: true);
                _functions = new CompiledFunctions(_core, context.Work);
            }
            catch (InputException e)
            {
                // The recording is there, and worth having without names.
                _isRefused = true;
                context.Work.Warn($"compiled functions have no names: {e.Message}");
            }
        }
    }
}
