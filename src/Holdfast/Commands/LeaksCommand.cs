using System.Text.Json.Serialization.Metadata;
using Holdfast.Analyses.Leaks;

namespace Holdfast.Commands;

/// <summary>Is it a leak, and what is.</summary>
public sealed class LeaksCommand : Command
{
    public override string Name => "leaks";

    public override string Summary => "is it a leak, and what is: what accumulates, who holds it, which line, what to look for";

    public override string Description =>
        "Takes three or more snapshots of one process, oldest first, with the same work done between each two, or the folder that "
        + "`holdfast capture --count 3` wrote, and gives a verdict: "
        + "leak (some place holds more objects after every interval, and they stay), no_leak, or inconclusive with the reason. "
        + "A suspect is a constructor whose objects accumulate at one holder: objects that are new since the first snapshot by their "
        + "ids, still there and not weakly held. What a warm process does anyway is none: compiling code, filling a cache that then "
        + "stops, replacing one object by another. With two snapshots growth is shown, but never judged a leak; with one, what takes most "
        + "room. Exit code 1 means a leak, or with --budget that a budget was exceeded.";

    public override string Example => "holdfast leaks samples/leaky-t0.heapsnapshot.zst samples/leaky-t1.heapsnapshot.zst samples/leaky-t2.heapsnapshot.zst";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Input with { Name = "SNAPSHOTS", AtMost = MostSnapshots },
        Parameter.Limit(10),
        Parameter.Flag("all", "every suspect in full, with its whole path"),
        new("budget", ParameterKind.Text, "check against the budgets of this JSON file, and let them decide the exit code"),
        new("junit", ParameterKind.Text, "write the checks as JUnit XML to this file"),
        Parameter.Flag("github", "write GitHub annotations for the checks that failed to standard error"),
    ];

    /// <summary>Snapshots of one series.</summary>
    internal const int MostSnapshots = 100;

    public override JsonTypeInfo RecordType => CommandJson.Default.LeaksRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        IReadOnlyList<string> paths = SeriesInputs.Of(arguments);
        Budget? budget = arguments.TextOrNull("budget") is { } file ? Budget.Read(file) : null;
        string? junit = arguments.TextOrNull("junit");
        if (junit is not null) OutputFiles.Check(junit, paths);
        LeakReport report = LeakSearch.Run(paths, place => context.Open(paths[place]), context.Work);
        bool all = arguments.Flag("all");
        IReadOnlyList<BudgetCheck> checks = BudgetChecks.Run(budget ?? Budget.NoLeak, report, context.Work);
        LeaksRecord record = LeaksRecord.From(report, paths, all ? int.MaxValue : arguments.Limit(), budget is null ? null : checks);
        LeaksRecord whole = LeaksRecord.From(report, paths, int.MaxValue, null);
        return new CommandResult(record, LeaksReport.Build(record, all))
        {
            Found = budget is null ? report.Verdict == Verdict.Leak : checks.Any(c => !c.Passed),
            Files = junit is null ? [] : [new AttachedFile(junit, JUnitReport.Write(checks, whole))],
            Notes = arguments.Flag("github") ? GitHubAnnotations.Write(checks, whole) : [],
        };
    }
}
