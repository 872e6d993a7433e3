using System.Text.Json.Serialization.Metadata;
using Holdfast.Analyses;
using Holdfast.Analyses.Flame;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Reports;

namespace Holdfast.Commands;

/// <summary>What changed between two profiles of stacks.</summary>
public sealed class FlameDiffCommand : Command
{
    public override string Name => "flame diff";

    public override string Summary => "two flame graphs compared: what grew, what is new, what is gone";

    public override string Description =>
        "Compares two profiles of the same kind, the earlier first. The drawing is as wide as the second, red where it grew and blue where it "
        + "shrank; stacks that are gone are beside it, as wide as they were. The first is brought to the second's scale: by duration where both "
        + "say how long they took, else by what they weigh in all (then only shares are compared). Functions are the same however V8 ran them. "
        + "Changes of a function are with all it called.";

    public override string Example => "holdfast flame diff samples/steady.perf.txt.zst samples/growing.perf.txt.zst --limit 6";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Input with { Name = "PROFILES", AtLeast = 2, AtMost = 2, Help = "two profiles of stacks, or two heaps, the earlier first" },
        new("normalize", ParameterKind.Text, "bring the first to the second's scale by duration, by count, or not at all; else by duration where it is known") { Choices = ["duration", "count", "none"] },
        .. FlameParameters.Reading,
        .. FlameParameters.Shaping,
        .. FlameParameters.Looks,
        Parameter.Limit(15),
    ];

    public override IReadOnlyList<DrawingFormat> Drawings => DrawingFormat.All;

    public override bool IsForShell => false;

    public override JsonTypeInfo RecordType => CommandJson.Default.FlameDiffRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        IReadOnlyList<string> paths = arguments.Texts("PROFILES");
        if (paths.Count != 2) throw new InputException("PROFILES: expected two profiles, the earlier first.");
        StackProfile[] profiles = [.. paths.Select(path => Read(path, arguments, context))];
        if (profiles[0].Facts.Unit != profiles[1].Facts.Unit)
            context.Work.Warn($"{paths[0]} counts {profiles[0].Facts.Unit} and {paths[1]} counts {profiles[1].Facts.Unit}: does it make sense to compare them?");
        (string by, double scale) = Normalize(profiles[0], profiles[1], arguments.TextOrNull("normalize"));
        FlameDiff diff = FlameDiff.Run(profiles[0], profiles[1], scale, FlameParameters.ReadShape(arguments), context.Work);
        ProfileFacts facts = profiles[1].Facts;
        FlameChangeRecord[] changes = [.. diff.Changes.Select(c => Describe(diff.Tree, c))];
        int limit = arguments.Limit();
        var record = new FlameDiffRecord(
            [.. paths.Select((path, i) => new FlameProfileRecord(path, profiles[i].TotalWeight, profiles[i].TotalCount, profiles[i].Facts.Seconds is { } s ? Math.Round(s, 3) : null))],
            facts.Unit, by, Math.Round(scale, 6),
            [.. changes.Where(c => c.Delta > 0 && c.Before > 0).Take(limit)], [.. changes.Where(c => c.Before == 0).Take(limit)],
            [.. changes.Where(c => c.After == 0).Take(limit)], [.. changes.Where(c => c.Delta < 0 && c.After > 0).Take(limit)]);
        FlameGraph graph = FlameReports.Draw(diff.Tree, $"{Path.GetFileName(paths[0])} → {Path.GetFileName(paths[1])}", facts.Event, facts.Unit, facts.IsBytes,
            diff.Tree.Before ?? new long[diff.Tree.Count]);
        return new CommandResult(record, Report(record, facts.IsBytes))
        {
            Graph = FlameParameters.Dress(graph, arguments) with { NamesScripts = true, GoneFrom = diff.GoneFrom },
        };
    }

    private static StackProfile Read(string path, Arguments arguments, CommandContext context)
    {
        if (context.TryOpenStacks(path, FlameParameters.ReadText(arguments)) is { } profile) return profile;
        using Heap heap = context.Open(path);
        return HeapStacks.Run(heap, context.Work);
    }

    private static (string By, double Scale) Normalize(StackProfile before, StackProfile after, string? asked)
    {
        bool hasTimes = before.Facts.Seconds is > 0 && after.Facts.Seconds is > 0;
        if (asked == "duration" && !hasTimes) throw new InputException("--normalize duration: the profiles do not both say how long they took. Take count or none.");

        // Heaps and what is alive are states, not rates.
        string by = asked ?? (hasTimes ? "duration" : after.Facts.IsBytes ? "none" : "count");
        return (by, by switch
        {
            "duration" => after.Facts.Seconds!.Value / before.Facts.Seconds!.Value,
            "count" => before.TotalWeight == 0 ? 1 : (double)after.TotalWeight / before.TotalWeight,
            _ => 1,
        });
    }

    private static FlameChangeRecord Describe(FlameTree tree, FlameChange change)
    {
        FlameLabel facts = tree.LabelFacts[change.Label];
        return new FlameChangeRecord(tree.Labels.Decode(change.Label), FlameReports.KindName(facts.Kind), facts.File, facts.Line > 0 ? facts.Line : null,
            change.Before, change.After, change.Delta);
    }

    private static Report Report(FlameDiffRecord record, bool isBytes)
    {
        Cell Weight(long w) => isBytes ? Cell.Bytes(w) : Cell.Count(w);
        Cell Change(long w) => isBytes ? Cell.BytesChange(w) : Cell.CountChange(w);
        var blocks = new List<ReportBlock>
        {
            new TableBlock(null, ["profile", "total", "samples", "seconds"],
                [.. record.Profiles.Select(p => (Cell[])[Cell.Name(p.Path), Weight(p.Total), Cell.Count(p.Samples), p.Seconds is { } s ? Cell.Text($"{s:0.0}") : Cell.Empty])]),
            new TextBlock(null, record.NormalizedBy == "none" ? $"In {record.Unit}, as they are." : $"In {record.Unit}; the first is multiplied by {record.Scale:0.###} (by {record.NormalizedBy})."),
        };
        foreach ((string title, IReadOnlyList<FlameChangeRecord> rows) in new[] { ("Grew", record.Grew), ("New", record.New), ("Gone", record.Gone), ("Shrank", record.Shrank) })
        {
            if (rows.Count == 0) continue;
            blocks.Add(new TableBlock(title, ["change", "before", "after", "kind", "function, with what it called"],
                [.. rows.Select(c => (Cell[])[Change(c.Delta), Weight(c.Before), Weight(c.After), Cell.Text(c.Kind), Cell.Name(c.Name)])]));
        }

        return new Report(blocks);
    }
}
