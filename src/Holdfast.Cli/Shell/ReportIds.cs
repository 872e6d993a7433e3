using System.Text.RegularExpressions;
using Holdfast.Common;
using Holdfast.Reports;

namespace Holdfast.Cli.Shell;

/// <summary>The objects an answer speaks of, for the next command.</summary>
/// <param name="First">The first one named: <c>$_</c>.</param>
/// <param name="Rows">One for each row that names one, in order: <c>$1</c>, <c>$2</c> …</param>
internal sealed partial record ReportIds(string? First, IReadOnlyList<string> Rows)
{
    public static ReportIds None { get; } = new(null, []);

    public static ReportIds Of(Report report)
    {
        string? first = null;
        var rows = new List<string>();
        foreach (ReportBlock block in report.Blocks)
        {
            switch (block)
            {
                case FactsBlock facts:
                    first ??= facts.Facts.Select(f => Id(f.Value)).FirstOrDefault(id => id is not null);
                    break;
                case TextBlock text:
                    first ??= Id(text.Text);
                    break;
                case TableBlock table:
                    foreach (IReadOnlyList<Cell> row in table.Rows) Add(rows, null, row);
                    break;
                case TreeBlock tree:
                    AddTree(rows, tree);
                    break;
            }

            if (rows.Count > 0) first ??= rows[0];
        }

        return new ReportIds(first, rows);
    }

    private static void AddTree(List<string> rows, TreeBlock tree)
    {
        var waiting = new Stack<TreeItem>(tree.Roots.Reverse());
        while (waiting.TryPop(out TreeItem? item))
        {
            Add(rows, item.Label, item.Values);
            for (int i = item.Children.Count - 1; i >= 0; i--) waiting.Push(item.Children[i]);
        }
    }

    /// <summary>An id that is a cell of its own counts before one inside words.</summary>
    private static void Add(List<string> rows, string? label, IReadOnlyList<Cell> row)
    {
        string? found = null;
        foreach (Cell cell in row)
        {
            if (cell.Kind != CellKind.NodeId) continue;
            found = NodeIdText.Show((ulong)cell.Number);
            break;
        }

        if (found is null)
        {
            foreach (Cell cell in row) found ??= Id(cell);
        }

        found ??= label is null ? null : Id(label);
        if (found is not null) rows.Add(found);
    }

    private static string? Id(Cell cell) => cell.Kind switch
    {
        CellKind.NodeId => NodeIdText.Show((ulong)cell.Number),
        CellKind.Name or CellKind.Text => Id(cell.Words),
        _ => null,
    };

    /// <summary>Addresses as they are written in text; most text has none.</summary>
    private static string? Id(string words) =>
        words.AsSpan().ContainsAny('@', 'x') && Written().Match(words) is { Success: true } match ? match.Value : null;

    [GeneratedRegex(@"(?<![\w@])(@\d+|0x[0-9a-f]{6,16})\b")]
    private static partial Regex Written();
}
