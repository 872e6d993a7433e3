using Holdfast.Reports;

namespace Holdfast.Views;

/// <summary>
/// A report as text: aligned columns, one line a row, names cut in the middle where the terminal is too narrow.
/// </summary>
/// <param name="output">Where to write.</param>
/// <param name="width">Columns of the terminal; <see cref="Unlimited"/> cuts nothing.</param>
/// <param name="color">Whether headings stand out by ANSI codes.</param>
public sealed class TextView(TextWriter output, int width, bool color)
{
    /// <summary>No terminal: lines may be as long as they are.</summary>
    public const int Unlimited = int.MaxValue;

    private const int ReadableWidth = 110;
    private const string Gap = "  ";
    private const int LeastNameWidth = 12;
    private const int LeastLabelWidth = 24;

    public void Write(Report report)
    {
        bool first = true;
        foreach (ReportBlock block in report.Blocks)
        {
            if (!first) output.WriteLine();
            first = false;
            if (block.Title is { } title) WriteLine(title, Style.Bold);
            switch (block)
            {
                case TextBlock text:
                    WriteParagraphs(text.Text);
                    break;
                case CodeBlock code:
                    foreach (string line in code.Text.Split('\n')) WriteLine(Printable.Make(line));
                    break;
                case FactsBlock facts:
                    WriteFacts(facts);
                    break;
                case ChartBlock chart:
                    foreach (string line in ChartText.Lines(chart, width)) WriteLine(line);
                    break;
                case TableBlock table:
                    WriteTable(table);
                    break;
                case TreeBlock tree:
                    WriteTree(tree);
                    break;
            }
        }
    }

    private enum Style
    {
        Plain,
        Bold,
        Dim,
    }

    /// <summary>Sentences are the only thing that wraps: at the terminal's width, and nowhere later than is good to read.</summary>
    private void WriteParagraphs(string text)
    {
        int room = Math.Min(width, ReadableWidth);
        foreach (string paragraph in text.Split('\n'))
        {
            string line = "";
            foreach (string word in Printable.Make(paragraph).Split(' '))
            {
                if (line.Length > 0 && Printable.Width(line) + 1 + Printable.Width(word) > room)
                {
                    WriteLine(line);
                    line = "";
                }

                line += line.Length > 0 ? " " + word : word;
            }

            WriteLine(line);
        }
    }

    private void WriteFacts(FactsBlock block)
    {
        int labels = block.Facts.Max(f => Printable.Width(f.Label));
        bool allNumeric = block.Facts.All(f => TextFormat.IsNumeric(f.Value.Kind));
        int values = allNumeric ? block.Facts.Max(f => Printable.Width(TextFormat.Show(f.Value))) : 0;
        foreach (Fact fact in block.Facts)
        {
            string value = TextFormat.Show(fact.Value);
            value = allNumeric ? Pad(value, values, right: true) : Cut(value, width - labels - Gap.Length);
            WriteLine(Pad(fact.Label, labels, right: false) + Gap + value);
        }
    }

    private void WriteTable(TableBlock table)
    {
        var rows = table.Rows.Select(row => row.Select(TextFormat.Show).ToArray()).ToArray();
        var columns = new Column[table.Columns.Count];
        for (int i = 0; i < columns.Length; i++)
        {
            int at = i;
            int widest = rows.Length == 0 ? 0 : rows.Max(row => Printable.Width(row[at]));
            columns[i] = new Column(
                Math.Max(widest, Printable.Width(table.Columns[i])),
                table.Rows.Count > 0 && table.Rows.All(row => row[at].Kind == CellKind.Empty || TextFormat.IsNumeric(row[at].Kind)),
                table.Rows.Any(row => row[at].Kind == CellKind.Name));
        }

        columns = Fit(columns);
        WriteRow(table.Columns, columns, Style.Dim);
        foreach (string[] row in rows) WriteRow(row, columns, Style.Plain);
        WriteLeftOut(table.LeftOut);
        WriteDropped(table.Columns, columns.Length);
    }

    private readonly record struct Column(int Width, bool Right, bool CanShrink);

    /// <summary>Makes names narrower; where that is not enough, the last columns go: half a number would be another number.</summary>
    private Column[] Fit(Column[] columns)
    {
        while (!Shrink(columns) && columns.Length > 1) columns = columns[..^1];
        return columns;
    }

    /// <summary>Takes what is too much from the names, the widest first; gives whether that was enough.</summary>
    private bool Shrink(Column[] columns)
    {
        int excess = columns.Sum(c => c.Width) + Gap.Length * (columns.Length - 1) - width;
        while (excess > 0)
        {
            int widest = -1;
            for (int i = 0; i < columns.Length; i++)
            {
                if (columns[i].CanShrink && columns[i].Width > LeastNameWidth && (widest < 0 || columns[i].Width > columns[widest].Width)) widest = i;
            }

            if (widest < 0) return false;
            int next = columns.Where((c, i) => c.CanShrink && i != widest).Select(c => c.Width).DefaultIfEmpty(LeastNameWidth).Max();
            int to = Math.Max(LeastNameWidth, Math.Max(Math.Min(next, columns[widest].Width - 1), columns[widest].Width - excess));
            excess -= columns[widest].Width - to;
            columns[widest] = columns[widest] with { Width = to };
        }

        return true;
    }

    private void WriteRow(IReadOnlyList<string> cells, Column[] columns, Style style)
    {
        var parts = new string[columns.Length];
        for (int i = 0; i < parts.Length; i++) parts[i] = Pad(Printable.Cut(cells[i], columns[i].Width), columns[i].Width, columns[i].Right);
        WriteLine(string.Join(Gap, parts).TrimEnd(), style);
    }

    private void WriteTree(TreeBlock tree)
    {
        // The values stand before the labels, so that they line up whatever the depth.
        var lines = new List<(string Label, string[] Values)>();
        var waiting = new Stack<(TreeItem Item, string Guide, string ChildGuide)>();
        foreach (TreeItem root in tree.Roots.Reverse()) waiting.Push((root, "", ""));
        while (waiting.TryPop(out var next))
        {
            lines.Add((next.Guide + Printable.Make(next.Item.Label), [.. next.Item.Values.Select(TextFormat.Show)]));
            if (next.Item.Children is [var only])
            {
                // A chain stays at its depth, however long it is.
                waiting.Push((only, next.ChildGuide + "→ ", next.ChildGuide));
                continue;
            }

            for (int i = next.Item.Children.Count - 1; i >= 0; i--)
            {
                bool last = i == next.Item.Children.Count - 1;
                waiting.Push((next.Item.Children[i], next.ChildGuide + (last ? "└─ " : "├─ "), next.ChildGuide + (last ? "   " : "│  ")));
            }
        }

        int[] all = [.. tree.Columns.Select((title, i) => lines.Select(l => Printable.Width(l.Values[i])).Append(Printable.Width(title)).Max())];
        int[] widths = all;
        while (width != Unlimited && widths.Length > 1 && widths.Sum(w => w + Gap.Length) + LeastLabelWidth > width) widths = widths[..^1];
        WriteTreeLine(tree.Columns, tree.LabelTitle, widths, Style.Dim);
        foreach (var (label, values) in lines) WriteTreeLine(values, label, widths, Style.Plain);
        WriteLeftOut(tree.LeftOut);
        WriteDropped(tree.Columns, widths.Length);
    }

    private void WriteTreeLine(IReadOnlyList<string> values, string label, int[] widths, Style style)
    {
        string before = string.Concat(widths.Select((columns, i) => Pad(values[i], columns, right: true) + Gap));
        int room = width == Unlimited ? Unlimited : width - Printable.Width(before);
        WriteLine((before + Cut(label, room)).TrimEnd(), style);
    }

    private void WriteLeftOut(LeftOut? leftOut)
    {
        if (leftOut is null) return;
        string bytes = leftOut.Bytes is { } size ? $" ({TextFormat.Bytes(size)})" : "";
        WriteLine($"… {TextFormat.Count(leftOut.Count)} more {leftOut.What}{bytes}: {leftOut.HowToSee}", Style.Dim);
    }

    private void WriteDropped(IReadOnlyList<string> titles, int shown)
    {
        if (shown < titles.Count) WriteLine($"… no room for {string.Join(", ", titles.Skip(shown))}", Style.Dim);
    }

    private static string Cut(string text, int columns) => columns == Unlimited ? text : Printable.Cut(text, Math.Max(LeastNameWidth, columns));

    private static string Pad(string text, int columns, bool right)
    {
        int missing = columns - Printable.Width(text);
        return missing <= 0 ? text : right ? new string(' ', missing) + text : text + new string(' ', missing);
    }

    private void WriteLine(string line, Style style = Style.Plain)
    {
        if (width != Unlimited) line = Printable.Width(line) > width ? Printable.Cut(line, width) : line;
        if (!color || style == Style.Plain) output.WriteLine(line);
        else output.WriteLine((style == Style.Bold ? "\u001b[1m" : "\u001b[2m") + line + "\u001b[0m");
    }
}
