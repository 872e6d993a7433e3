using Holdfast.Model.Debugging;
using Holdfast.Reports;

namespace Holdfast.Commands;

/// <summary>Handles and requests as an answer.</summary>
internal static class HandleReports
{
    public static CommandResult Build(IReadOnlyList<ActiveHandle> found, string what, int limit)
    {
        KindCount[] kinds = [.. found.GroupBy(h => h.Kind).Select(g => new KindCount(g.Key, g.Count())).OrderByDescending(k => k.Count).ThenBy(k => k.Kind, StringComparer.Ordinal)];
        var record = new HandlesRecord(found.Count, kinds, [.. found.Take(limit)]);
        var blocks = new List<ReportBlock> { new FactsBlock(null, [new(what, Cell.Count(record.Count)), .. kinds.Select(k => new Fact("  " + k.Kind, Cell.Count(k.Count)))]) };
        if (record.Handles.Count > 0)
        {
            blocks.Add(new TableBlock(null, ["kind", "object", "id", "keeps alive", "details"],
                [.. record.Handles.Select(h => (Cell[])[Cell.Text(h.Kind), Cell.Name(h.Owner), Cell.NodeId(h.OwnerId), Cell.Text(h.IsReferenced switch { true => "yes", false => "no", _ => "" }), Cell.Name(string.Join(", ", h.Details.Select(d => $"{d.Name} {d.Text}")))])],
                Leftovers.Of(record.Count - record.Handles.Count, what)));
        }

        return new CommandResult(record, new Report(blocks));
    }
}
