using System.Text.Json.Serialization.Metadata;
using Holdfast.Analyses.Growth;
using Holdfast.Common;
using Holdfast.Sources.Live;
using Holdfast.Sources.Live.Watching;

namespace Holdfast.Commands;

/// <summary>Whether a running process's memory grows.</summary>
public sealed class WatchCommand : Command
{
    private const string DefaultEvery = "2s";

    public override string Name => "watch";

    public override string Summary => "does the memory of a running process grow: slope, verdict, time to the limit, exit code for CI";

    public override string Description =>
        "pid:N is watched from outside: /proc, and V8's spaces by the headers of their pages where its memory may be read; the process notices nothing. "
        + "ws://… and http://host:port ask an inspector, each thread by itself; http://host/metrics is a Prometheus page (nodejs_heap_*, with any prefix); a file or - is a log with "
        + "what process.memoryUsage() gave, as JSON or as the console prints it, with times or without.\n"
        + "Growth is that of the floor: what is left after garbage is collected, or the least of each stretch of time. a minute is the median of the slopes between its points, at least "
        + "and at most its range with 95 % confidence. growing: the floor rises for sure, and by more than 0.5 %; warming up: it rises less and less. Exit code 1: growing, or counters that drift apart.\n"
        + "--capture-when takes comparisons joined by and, or: slope>1MiB/min, slope(rss)>2MiB/h, rss>1.5GiB, heap_used>85% (of its limit), limit>85% (of any), time_to_limit<10min. "
        + "Without --for it goes on until Ctrl-C, which gives the answer so far (exit code 130).";

    public override string Example => "holdfast watch samples/memory-usage.log";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        new("TARGET", ParameterKind.Text, "pid:N, ws://host:port/id, http://host:port of an inspector, http://host/metrics, a log, or - for standard input") { IsPositional = true },
        new("for", ParameterKind.Text, "how long: 10m"),
        new("every", ParameterKind.Text, "time between readings; of a log without times, how far its lines are apart") { Default = DefaultEvery },
        new("compare", ParameterKind.Text, "two counters that should stay together: opened,closed; any metrics of a page, or figures"),
        new("capture-when", ParameterKind.Text, "run capture once this holds: 'slope>1MiB/min', 'limit>85%'"),
        new("capture-to", ParameterKind.Text, "the folder of what is captured") { Default = "." },
        Parameter.Flag("inspector", "ask a pid's open inspector instead of looking from outside"),
        Parameter.Flag("open-inspector", "open a pid's inspector by SIGUSR1 on loopback, and close it afterwards"),
        Parameter.Flag("values", "with --format json: all values, as pairs of seconds and value"),
        PsCommand.ProcParameter,
    ];

    public override bool ShowsLive => true;

    public override JsonTypeInfo RecordType => CommandJson.Default.WatchRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        WatchSettings settings = WatchSettings.Read(arguments);
        WatchCapture? capture = settings.CaptureWhen is null ? null : WatchCapture.Prepare(settings.Target, arguments.Text("capture-to"), CommandRegistry.All);
        string[] wanted = [.. settings.Comparisons.SelectMany(c => (string[])[c.First, c.Second]).Distinct()];
        using ReadingSource source = ReadingSources.Open(
            settings.Target, context.OpenStandardInput, new ProcFolder(arguments.Text("proc")),
            new ReadingOptions(settings.Every, wanted, arguments.Flag("inspector"), arguments.Flag("open-inspector")), context.Work);
        var run = new WatchRun(settings, source, capture, context);
        bool withValues = arguments.Flag("values");
        run.Run(() => Describe(run, settings, source, false).Report);
        if (run.Process.Readings == 0)
        {
            throw new InputException(source.IsRecorded
                ? $"{settings.Target}: has nothing that process.memoryUsage() gives (rss, heapUsed), neither as JSON nor as the console prints it."
                : $"{settings.Target}: ended before it could be read.");
        }

        if (source is MemoryLog { LacksTimes: true })
            context.Work.Warn($"{settings.Target}: readings have no time; they are taken as {Durations.Show(settings.Every.TotalSeconds)} apart (--every says how far).");
        return Describe(run, settings, source, withValues);
    }

    private static CommandResult Describe(WatchRun run, WatchSettings settings, ReadingSource source, bool withValues)
    {
        WatchSummary summary = WatchSummary.Run(run.Process);
        WatchComparisonRecord[] comparisons = [.. settings.Comparisons.Select(c => Compare(run.Process, settings.Target, c.First, c.Second))];
        var record = new WatchRecord(
            settings.Target, source.Description, source is MemoryLog { LacksTimes: true } ? null : run.Process.Start, Math.Round(run.Process.Seconds, 3), run.Process.Readings,
            VerdictNames.Of(summary.Verdict), WatchReport.Explain(summary, comparisons), run.End, [.. summary.Figures.Select(f => WatchFigureRecord.Of(f, withValues))], comparisons, run.Capture);
        return new CommandResult(record, WatchReport.Build(record, summary))
        {
            Found = summary.Verdict == GrowthVerdict.Growing || comparisons.Any(c => c.IsDiverging),
            IsInterrupted = run.End == WatchRun.Interrupted,
        };
    }

    private static WatchComparisonRecord Compare(WatchedProcess process, string target, string first, string second)
    {
        WatchedSeries Series(string name) => process.Find(name)
            ?? throw new InputException($"--compare: {target} has no figure {name}. It has {string.Join(", ", process.Series.Select(s => s.Name).Distinct())}.");
        WatchedSeries a = Series(first), b = Series(second);
        Divergence found = Divergence.Run(a.Samples, b.Samples);
        return new WatchComparisonRecord(
            first, second, found.IsDiverging, a.Last, b.Last, found.Difference, WatchFigureRecord.Known(found.Slope, found.Slope.Value), WatchFigureRecord.Known(found.Slope, found.Slope.Low),
            WatchFigureRecord.Known(found.Slope, found.Slope.High));
    }
}
