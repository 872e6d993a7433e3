using Holdfast.Reports;

namespace Holdfast.Commands;

/// <summary>What was captured, for people.</summary>
internal static class CaptureReport
{
    public static IEnumerable<ReportBlock> Build(IReadOnlyList<CapturedFileRecord> taken, string folder, string method)
    {
        yield return new FactsBlock(null,
        [
            new("method", Cell.Text(method)),
            new("folder", Cell.Text(folder)),
            .. taken.Sum(c => c.LeftOutBytes ?? 0) is > 0 and var left ? (Fact[])[new("left out, large buffers", Cell.Bytes(left / taken.Count))] : [],
        ]);
        yield return new TableBlock("Captured", ["file", "thread", "size", "stood still"],
            [.. taken.Select(c => (Cell[])[Cell.Text(c.File), Cell.Text(c.Thread), Cell.Bytes(c.Bytes), Cell.Text(c.PauseMilliseconds is { } pause ? Durations.Show(pause / 1000) : "")])]);
    }
}
