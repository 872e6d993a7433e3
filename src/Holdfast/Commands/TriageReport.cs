using Holdfast.Reports;

namespace Holdfast.Commands;

/// <summary>What <c>triage</c> shows.</summary>
internal static class TriageReport
{
    public static Report Build(TriageRecord record)
    {
        bool grew = record.RssGrowth is not null;
        string[] growth = grew ? ["growth"] : [];
        return new Report(
        [
            new TextBlock(TriageAdvice.Title(record.Verdict), record.Reason),
            new CodeBlock(null, $"next: {record.NextCommand}"),
            new TableBlock("What it is", ["", "resident", "share", .. growth],
                [.. record.Causes.Select(c => (Cell[])[Cell.Text(c.Name.Replace('_', ' ')), Cell.Bytes(c.Bytes), Cell.Share(c.Bytes, record.Rss), .. Growth(grew, c.Growth)])]),
            new TableBlock("Where it is", ["", "count", "addresses", "resident", "free inside", .. growth],
                [.. record.Parts.Select(p => (Cell[])[Cell.Text(p.Kind.Replace('_', ' ')), Cell.Count(p.Count), Cell.Bytes(p.Virtual), Cell.Bytes(p.Resident), p.Free is { } free ? Cell.Bytes(free) : Cell.Empty, .. Growth(grew, p.Growth)])]),
            new TableBlock("V8's heaps", ["thread", "space", "pages", "resident", "allocated"], [.. record.Heaps.SelectMany(Rows)]),
            new FactsBlock(null, [.. Facts(record)]),
        ]);
    }

    private static Cell[] Growth(bool grew, long? bytes) => grew ? [bytes is { } known ? Cell.BytesChange(known) : Cell.Empty] : [];

    private static IEnumerable<Cell[]> Rows(TriageHeapRecord heap)
    {
        foreach (TriageSpaceRecord space in heap.Spaces)
            yield return [Cell.Text(heap.Thread), Cell.Text(space.Name), Cell.Bytes(space.Size), Cell.Bytes(space.Resident), Cell.Bytes(space.Allocated)];
        if (heap.External is not { } external) yield break;
        yield return [Cell.Text(heap.Thread), Cell.Text("outside: array buffers"), Cell.Empty, Cell.Empty, Cell.Bytes(heap.ArrayBuffers ?? 0)];
        yield return [Cell.Text(heap.Thread), Cell.Text("outside: other"), Cell.Empty, Cell.Empty, Cell.Bytes(external - (heap.ArrayBuffers ?? 0))];
    }

    private static IEnumerable<Fact> Facts(TriageRecord record)
    {
        yield return new("resident", Cell.Bytes(record.Rss));
        if (record.RssGrowth is { } growth) yield return new($"growth in {Durations.Show(record.Seconds ?? 0)}", Cell.BytesChange(growth));
        if (record.Swap > 0) yield return new("swapped out", Cell.Bytes(record.Swap));
        yield return new("threads", Cell.Count(record.ThreadCount));
        if (record.OpenFileCount is { } files) yield return new("open files", Cell.Count(files));
        if (record.Container is { } group)
        {
            yield return new($"limit of its control group (v{group.Version})", Cell.Bytes(group.Limit));
            if (group.Unreclaimable is { } used) yield return new("used of that", Cell.Bytes(used));
        }

        if (record.Machine is not { } machine) yield break;
        yield return new("machine", Cell.Bytes(machine.Total));
        yield return new("available", Cell.Bytes(machine.Available));
    }
}
