using System.Text.Json.Serialization.Metadata;
using Holdfast.Analyses.Leaks;
using Holdfast.Reports;

namespace Holdfast.Commands;

public sealed class LeaksCommand : Command
{
    public override string Name => "leaks";
    public override string Summary => "debug";
    public override string Description => "";
    public override string Example => "holdfast leaks";
    public override IReadOnlyList<Parameter> Parameters { get; } = [Parameter.Input with { Name = "SNAPSHOTS", AtLeast = 1, AtMost = 100 }, Parameter.Flag("all", "all")];
    public override JsonTypeInfo RecordType => CommandJson.Default.LeaksRecord;
    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        IReadOnlyList<string> paths = arguments.Texts("SNAPSHOTS");
        LeakReport report = LeakSearch.Run(paths.Count, i => context.Open(paths[i]), context.Work);
        var text = new System.Text.StringBuilder();
        text.AppendLine($"{report.Verdict}: {report.Reason}");
        foreach (Suspect s in report.Suspects.Take(60))
        {
            text.AppendLine($"{s.Rank}. {s.Constructor} [{s.Kind}] counts {string.Join(",", s.Counts)} born {string.Join(",", s.Born)} {s.Trend} retained {s.RetainedGrowth} reached {s.ReachedGrowth}  | {s.Holder.Name} @{s.Holder.NodeId} sizes {string.Join(",", s.Holder.Sizes ?? [])}");
            text.AppendLine("     " + s.Explanation);
            text.AppendLine("     " + string.Join(" > ", s.Path.Select(p => $"({p.EdgeType}){p.Edge}:{p.Node}{(p.Repeat > 1 ? "*" : "")}")));
            text.AppendLine("     " + string.Join(", ", s.Classes.Select(c => $"{c.Name} {c.Count} {c.Bytes}")) + $"  at {s.Location?.File}");
        }
        return new CommandResult(LeaksRecord.From(report, paths, int.MaxValue), new Report([new TextBlock(null, text.ToString())]));
    }
}
