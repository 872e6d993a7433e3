using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using Holdfast.Analyses.Leaks;
using Holdfast.Common;
using Holdfast.Reports;
using Holdfast.Sources.Live;
using Holdfast.Sources.Live.Capture;

namespace Holdfast.Commands;

/// <summary>Takes what is in a running process's memory, by the way that hurts it least.</summary>
public sealed class CaptureCommand : Command
{
    private const string Automatic = "auto";
    private const int MostCaptures = LeaksCommand.MostSnapshots;

    public override string Name => "capture";

    public override string Summary => "take what is in a running process's memory, without hurting it";

    public override string Description =>
        "Ways, of which the first that fits is taken, or --method NAME:\n"
        + "memory: of pid:N. The process is stopped with ptrace for as long as its memory is copied, and goes on, also when holdfast is killed; "
        + "the copy becomes a packed core with all threads. No code of the process runs, it needs no flag, no inspector and no memory of its own, "
        + "and it may hang or spin. How long it stood still is said. --full writes a whole ELF core.\n"
        + "inspector: of ws://…, http://host:port, or pid:N, where SIGUSR1 opens it on loopback and it is closed again. V8 makes a snapshot of the "
        + "main thread or of --thread NAME or all, which stands still for that long, seconds to minutes, and may need up to eight times the heap's memory; "
        + "where there is too little, nothing is done without --force.\n"
        + "signal: of pid:N that was started with --heapsnapshot-signal.\n"
        + "rest: http://host:port of an application that writes snapshots when it is asked to; without --url as Lodestar does. Threads are --thread a,b.\n"
        + "Files are named HOST-PID-THREAD-TIME, only their owner may read them, and holdfast-captures.json in the folder lists them: "
        + "`holdfast leaks DIR` reads them as one series. With --count and --every, or --until-growth, several are taken.";

    public override string Example => "holdfast capture pid:4242 captures --count 3 --every 10m --then leaks";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        new("TARGET", ParameterKind.Text, "pid:N of a process of this machine, or ws://host:port/id or http://host:port of an inspector or application") { IsPositional = true },
        new("DIR", ParameterKind.Text, "the folder for the files, made where it is not there; -o DIR is the same") { IsPositional = true, AtLeast = 0 },
        new("method", ParameterKind.Text, "how") { Default = Automatic, Choices = [Automatic, "memory", "inspector", "signal", "rest"] },
        Parameter.Flag("full", "memory: a whole ELF core, as gcore writes it, instead of a packed one"),
        Parameter.Flag("with-buffers", "memory: also native buffers of 1 MiB and more"),
        Parameter.Flag("redact", "memory: leave out what strings, numbers and buffers hold"),
        Parameter.Flag("gc", "inspector: collect garbage first"),
        new("track-allocations", ParameterKind.Text, "inspector: a timeline with allocation stacks over this time (30s)"),
        new("sample", ParameterKind.Text, "inspector: a sampling profile (.heapprofile) over this time"),
        new("url", ParameterKind.Text, "rest: what is asked, as 'POST /dump?thread={thread}&dir={dir}'"),
        new("json-path", ParameterKind.Text, "rest: where in the answer the file's path is") { Default = RestSnapshot.Lodestar.FilePath },
        new("count", ParameterKind.Number, "how many to take") { Default = "1" },
        new("every", ParameterKind.Text, "the time between two (30s, 10m, 1h)"),
        new("until-growth", ParameterKind.Text, "take the next when resident memory has grown by so much (20%)"),
        new("then", ParameterKind.Text, "what to do at the end") { Choices = ["leaks"] },
    ];

    public override string WrittenFile => "DIR";

    public override bool IsForShell => false;

    public override bool HasRunnableExample => false;

    public override JsonTypeInfo RecordType => CommandJson.Default.CaptureRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        string folder = arguments.TextOrNull("DIR") ?? ".";
        CaptureMethod method = MethodOf(LiveTarget.Parse(arguments.Text("TARGET")), arguments, context.Work);
        CaptureSeries series = SeriesOf(method, folder, arguments);
        MakeFolder(folder);
        List<CapturedFileRecord> taken = series.Run(context);
        LeaksRecord? leaks = null;
        var blocks = new List<ReportBlock>(CaptureReport.Build(taken, folder, method.Name));
        bool found = false;
        if (arguments.TextOrNull("then") is not null)
        {
            IReadOnlyList<string> paths = [.. taken.GroupBy(c => c.Thread).First().Select(c => Path.Combine(folder, c.File))];
            LeakReport report = LeakSearch.Run(paths, place => context.Open(paths[place]), context.Work);
            leaks = LeaksRecord.From(report, paths, int.MaxValue, null);
            blocks.AddRange(LeaksReport.Build(leaks, false).Blocks);
            found = report.Verdict == Verdict.Leak;
        }

        return new CommandResult(new CaptureRecord(arguments.Text("TARGET"), folder, taken, leaks), new Report(blocks)) { Found = found };
    }

    private static CaptureMethod MethodOf(LiveTarget target, Arguments arguments, Work work)
    {
        string wanted = arguments.Text("method");
        bool isInspected = arguments.TextOrNull("track-allocations") is not null || arguments.TextOrNull("sample") is not null;
        if (target.Kind != LiveTargetKind.Process)
        {
            if (wanted is "memory" or "signal" || arguments.Flag("full")) throw new InputException($"{target.Text}: --method {(arguments.Flag("full") ? "memory" : wanted)} is for processes of this machine: give pid:N. `holdfast ps` lists them.");
            return wanted == "rest" || (wanted == Automatic && arguments.TextOrNull("url") is not null) ? Rest(target, arguments) : Inspector(target, arguments);
        }

        NodeProcess process = new NodeProcesses(new ProcFolder()).Get(target.Pid);
        switch (wanted)
        {
            case "rest":
                throw new InputException($"{target.Text}: --method rest asks an application: give its address, as in http://127.0.0.1:9596.");
            case "signal":
                return new SignalMethod(process, target.Text);
            case "inspector":
                return Inspector(target, arguments);
            case Automatic when isInspected:
                return Inspector(target, arguments);
            case Automatic when !process.Access.CanReadMemory && !arguments.Flag("full"):
                bool hasSignal = process.Arguments.SnapshotSignal is not null && process.Access.CanSignal;
                work.Warn($"{target.Text}: its memory may not be read ({process.Access.Reason}); taking a snapshot by its {(hasSignal ? "signal" : "inspector")} instead, for which it stands still longer.");
                return hasSignal ? new SignalMethod(process, target.Text) : Inspector(target, arguments);
            default:
                return new MemoryMethod(process, target.Text, arguments.Flag("full"), arguments.Flag("with-buffers"), arguments.Flag("redact"));
        }
    }

    private static InspectorMethod Inspector(LiveTarget target, Arguments arguments) => new(
        target,
        new InspectorOptions(
            arguments.TextOrNull("thread") ?? "main", arguments.Flag("gc"), DurationOf(arguments, "track-allocations"), DurationOf(arguments, "sample"), arguments.Flag("force")));

    private static RestMethod Rest(LiveTarget target, Arguments arguments)
    {
        RestSnapshot rest = RestSnapshot.Lodestar with { FilePath = arguments.Text("json-path") };
        if (arguments.TextOrNull("url") is { } url)
        {
            if (url.Split(' ', 2) is not [var verb, var path] || verb is not ("GET" or "POST" or "PUT") || !path.StartsWith('/'))
                throw new InputException($"--url {url}: expected a method and a path, as in 'POST /dump?thread={{thread}}&dir={{dir}}'.");
            rest = rest with { Method = verb, Path = path };
        }

        return new RestMethod(target.Address!, target.Text, rest, (arguments.TextOrNull("thread") ?? "main").Split(','));
    }

    private static CaptureSeries SeriesOf(CaptureMethod method, string folder, Arguments arguments)
    {
        long count = arguments.Number("count");
        TimeSpan? every = DurationOf(arguments, "every");
        double? growth = GrowthOf(arguments);
        if (count is < 1 or > MostCaptures) throw new InputException($"--count {count}: expected 1 to {MostCaptures}.");
        if (count > 1 && every is null && growth is null) throw new InputException("--count: say when to take the next: --every 10m, or --until-growth 20%.");
        if (every is not null && growth is not null) throw new InputException("--every and --until-growth: give one of them.");
        if (growth is not null && method.Resident() is null) throw new InputException("--until-growth: the process's memory cannot be seen from here; use --every.");
        if (arguments.TextOrNull("sample") is not null && arguments.TextOrNull("then") is not null) throw new InputException("--then leaks: needs snapshots, and --sample takes profiles.");

        // Growth that nothing is to be taken after is no wish; it means two at least.
        return new CaptureSeries(method, folder, (int)(growth is not null ? Math.Max(count, 2) : count), every, growth);
    }

    private static TimeSpan? DurationOf(Arguments arguments, string name) => arguments.TextOrNull(name) is { } text ? Durations.Parse(name, text) : null;

    private static double? GrowthOf(Arguments arguments)
    {
        if (arguments.TextOrNull("until-growth") is not { } text) return null;
        return double.TryParse(text.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double percent) && percent is > 0 and <= 10_000 ? percent / 100
            : throw new InputException($"--until-growth {text}: expected a share above 0, as in 20%.");
    }

    private static void MakeFolder(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InputException($"{folder}: is no folder and cannot be made one: {e.Message} Nothing was done to the process.", e);
        }
    }
}
