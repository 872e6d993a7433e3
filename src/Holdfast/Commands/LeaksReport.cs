using System.Globalization;
using Holdfast.Common;
using Holdfast.Reports;

namespace Holdfast.Commands;

/// <summary>The answer of <c>leaks</c> for people: one screen, the first suspect in full, the others a line each.</summary>
internal static class LeaksReport
{
    public static Report Build(LeaksRecord record, bool all)
    {
        var blocks = new List<ReportBlock> { new TextBlock(VerdictNames.Show(record.Verdict), $"{Capital(record.Reason)}."), Snapshots(record.Snapshots) };
        if (record.Budget is { } checks) blocks.Add(Checks(checks));
        int full = all ? record.Suspects.Count : Math.Min(1, record.Suspects.Count);
        foreach (SuspectRecord suspect in record.Suspects.Take(full)) blocks.AddRange(Full(suspect, all));
        if (full < record.Suspects.Count)
        {
            blocks.Add(new TableBlock("Other suspects", ["", "constructor", "an interval", "keeps", "held by"], [.. record.Suspects.Skip(full).Select(Line)],
                Leftovers.Of(record.SuspectCount - record.Suspects.Count, "suspects", null, "--limit 0, or --all for every one in full")));
        }

        else if (full < record.SuspectCount)
        {
            blocks.Add(new TextBlock(null, $"… {record.SuspectCount - full} more suspects: --limit 0"));
        }

        return new Report(blocks);
    }

    public static TableBlock Snapshots(IReadOnlyList<SeriesSnapshotRecord> snapshots) =>
        new(null, ["snapshot", "nodes", "total size", "growth"],
        [
            .. snapshots.Select((s, i) => (Cell[])
            [
                Cell.Name(s.Path), Cell.Count(s.NodeCount), Cell.Bytes(s.TotalSize),
                i == 0 ? Cell.Empty : Cell.BytesChange(s.TotalSize - snapshots[i - 1].TotalSize),
            ]),
        ]);

    private static TableBlock Checks(IReadOnlyList<BudgetCheck> checks) =>
        new("Budget", ["check", "limit", "actual", ""],
            [.. checks.Select(c => (Cell[])[Cell.Name(c.Name), Cell.Count(c.Limit), Cell.Count(c.Actual), Cell.Text(c.Passed ? "ok" : "EXCEEDED")])]);

    private static IEnumerable<ReportBlock> Full(SuspectRecord s, bool all)
    {
        IEnumerable<string> sentences = s.Notes.Select(n => n.Text).Prepend(s.Explanation);
        yield return new TextBlock($"{s.Rank}. {s.Constructor}", string.Join("\n", sentences));
        var facts = new List<Fact>
        {
            new("held by", Cell.Name(s.Holder.NodeId == 0 ? s.Holder.Name : $"{s.Holder.Name} {NodeIdText.Show(s.Holder.NodeId)}")),
            new("objects", Cell.Text(Numbers(s.Counts) + (s.Growth.Count == 0 ? "" : $"; left behind: {Numbers(s.Growth)} ({s.Trend})"))),
        };
        if (s.Holder.Sizes is { } sizes) facts.Add(new Fact("entries", Cell.Text(Numbers(sizes))));
        facts.Add(new Fact("keeps", s.Growth.Count == 0 ? Cell.Bytes(s.RetainedGrowth) : Cell.BytesChange(s.RetainedGrowth)));
        if (s.ReachedGrowth > s.RetainedGrowth) facts.Add(new Fact("with others", Cell.BytesChange(s.ReachedGrowth)));
        if (s.Location is { } location) facts.Add(new Fact("code", Cell.Name(location.Show())));
        if (s.AllocatedBy is [{ } frame, ..]) facts.Add(new Fact("allocated by", Cell.Name($"{(frame.Function.Length == 0 ? "(anonymous function)" : frame.Function)} ({frame.Script}:{frame.Line}:{frame.Column})")));
        facts.AddRange(all ? WholePath(s) : [new Fact("path", Cell.Name(ShortPath(s)))]);
        if (all && s.Classes.Count > 1)
            facts.Add(new Fact("with them", Cell.Name(string.Join(", ", s.Classes.Where(c => c.Name != s.Constructor).Take(6).Select(c => $"{c.Count:N0} {c.Name}")))));
        yield return new FactsBlock(null, facts);
    }

    private static string Numbers(IReadOnlyList<int> numbers) =>
        string.Join(numbers.Count > 1 ? " → " : "", numbers.Select(n => n.ToString("#,0", CultureInfo.InvariantCulture)));

    /// <summary>From the holder's owner on; what is above is how the shortest path happens to get there.</summary>
    private static string ShortPath(SuspectRecord s)
    {
        int first = Math.Max(0, s.HolderStep - 1);
        return (first > 0 ? "… " : "") + string.Join(" ", s.Path.Skip(first).Select((step, i) => i == 0 ? step.Node : Step(step)));
    }

    private static IEnumerable<Fact> WholePath(SuspectRecord s)
    {
        for (int i = 0; i < s.Path.Count; i++)
            yield return new Fact(i == 0 ? "path" : "", Cell.Name($"{Step(s.Path[i])} {NodeIdText.Show(s.Path[i].Id)}{(s.Path[i].Location is { } at ? $" ({at.Show()})" : "")}"));
    }

    private static string Step(PathStepRecord step) =>
        $"{NodeText.Edge(step.EdgeType, step.Edge)} → {step.Node}{(step.Repeat > 1 ? $" (×{step.Repeat:N0})" : "")}";

    private static Cell[] Line(SuspectRecord s) =>
    [
        Cell.Text($"{s.Rank}."), Cell.Name(s.Constructor), s.Growth.Count == 0 ? Cell.Empty : Cell.CountChange((long)Math.Round(s.GrowthPerInterval)),
        s.Growth.Count == 0 ? Cell.Bytes(s.RetainedGrowth) : Cell.BytesChange(s.RetainedGrowth), Cell.Name(s.Holder.Name),
    ];

    private static string Capital(string words) => words.Length == 0 ? words : char.ToUpperInvariant(words[0]) + words[1..];
}
