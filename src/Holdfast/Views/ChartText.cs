using Holdfast.Reports;

namespace Holdfast.Views;

/// <summary>A figure over time, in characters: a column a stretch of time, in eighths of a row.</summary>
internal static class ChartText
{
    private const string Eighths = " ▁▂▃▄▅▆▇█";
    private const int UnlimitedColumns = 72;
    private const int FewestColumns = 8;

    /// <param name="chart">The figure.</param>
    /// <param name="width">Columns there are.</param>
    public static IEnumerable<string> Lines(ChartBlock chart, int width)
    {
        string high = TextFormat.Show(chart.High), low = TextFormat.Show(chart.Low);
        int label = Math.Max(Printable.Width(high), Printable.Width(low));
        int columns = Math.Max(FewestColumns, Math.Min(UnlimitedColumns, width == TextView.Unlimited ? UnlimitedColumns : width - label - 3));
        double?[] heights = Heights(chart, columns);
        for (int row = chart.Rows - 1; row >= 0; row--)
        {
            string text = row == chart.Rows - 1 ? high : row == 0 ? low : "";
            yield return text.PadLeft(label) + " │" + string.Concat(heights.Select(h => h is { } height ? Eighths[(int)Math.Clamp(Math.Round((height - row) * 8), 0, 8)] : ' ')).TrimEnd();
        }

        string end = Printable.Cut(chart.Span, columns);
        yield return new string(' ', label) + " └" + new string('─', Math.Max(0, columns - Printable.Width(end) - 1)) + " " + end;
    }

    /// <summary>The last value of each stretch, in rows; a stretch without one has none.</summary>
    private static double?[] Heights(ChartBlock chart, int columns)
    {
        var heights = new double?[columns];
        double from = chart.Points[0].At, time = chart.Points[^1].At - from;
        double low = chart.Points.Min(p => p.Value), range = chart.Points.Max(p => p.Value) - low;
        foreach (ChartPoint point in chart.Points)
        {
            int column = time <= 0 ? 0 : (int)Math.Min(columns - 1, (point.At - from) / time * columns);
            double share = range <= 0 ? 0.5 : (point.Value - low) / range;

            // The lowest is not nothing.
            heights[column] = 0.125 + (share * (chart.Rows - 0.125));
        }

        for (int i = 1; i < columns; i++) heights[i] ??= heights[i - 1];
        return heights;
    }
}
