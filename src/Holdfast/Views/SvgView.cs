using System.Globalization;
using System.Text;
using Holdfast.Common;
using Holdfast.Reports;

namespace Holdfast.Views;

/// <summary>
/// A flame graph as one SVG file that needs nothing else: without scripts a picture, with them click to zoom, search, reset and keyboard.
/// </summary>
public static class SvgView
{
    private const int RowHeight = 16;
    private const int Above = 44;
    private const int Below = 30;
    private const double CharacterWidth = 7.1;

    public static void Write(FlameGraph graph, Stream output)
    {
        using var text = new StreamWriter(output, new UTF8Encoding(false), 64 << 10, leaveOpen: true) { NewLine = "\n" };
        bool[] isDrawn = Choose(graph, out int depth, out long left);
        int height = Above + depth * RowHeight + Below;
        WriteHead(text, graph, height, left);
        WriteFrames(text, graph, isDrawn, height);
        text.Write("</g>\n<script><![CDATA[\n");
        text.Write(ViewResources.Text("flame.svg.js"));
        text.Write("\n]]></script>\n</svg>\n");
    }

    /// <summary>Text for XML: escaped, and without what XML cannot hold.</summary>
    internal static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length + 16);
        foreach (char c in text)
        {
            _ = c switch
            {
                '&' => safe.Append("&amp;"),
                '<' => safe.Append("&lt;"),
                '>' => safe.Append("&gt;"),
                '"' => safe.Append("&quot;"),
                < ' ' or '\u007f' or '\uFFFE' or '\uFFFF' => safe.Append('\uFFFD'),
                _ => safe.Append(c),
            };
        }

        return safe.ToString();
    }

    /// <summary>Frames that are wide enough; a root of all frames is level 0.</summary>
    private static bool[] Choose(FlameGraph graph, out int depth, out long left)
    {
        bool[] isDrawn = new bool[graph.Count];
        double least = graph.LeastWidth / graph.Width * graph.Total;
        (depth, left) = (1, 0);
        for (int i = 0; i < isDrawn.Length; i++)
        {
            isDrawn[i] = graph.Totals[i] >= least && graph.Totals[i] > 0 && graph.Depths[i] < Limits.MaxDrawnDepth - 1;
            if (isDrawn[i]) depth = Math.Max(depth, graph.Depths[i] + 2);
            else left++;
        }

        return isDrawn;
    }

    private static void WriteHead(StreamWriter text, FlameGraph graph, int height, long left)
    {
        string title = Escape(graph.Title), more = left > 0 ? string.Create(CultureInfo.InvariantCulture, $"{left:#,0} narrow frames are not drawn") : "";
        text.Write(string.Create(CultureInfo.InvariantCulture, $"""
            <?xml version="1.0" encoding="UTF-8"?>
            <svg xmlns="http://www.w3.org/2000/svg" version="1.1" width="{graph.Width}" height="{height}" viewBox="0 0 {graph.Width} {height}" data-unit="{Escape(graph.Unit)}" data-total="{graph.Total}" font-family="Verdana,DejaVu Sans,sans-serif" font-size="12">
            <title>{title}</title>
            <style>.f{"{"}cursor:pointer{"}"} .f:hover rect,.at rect{"{"}stroke:#000;stroke-width:1{"}"} .up{"{"}opacity:.5{"}"} .hit rect{"{"}fill:#e600e6{"}"} .b{"{"}cursor:pointer;fill:#555{"}"}</style>
            <rect width="100%" height="100%" fill="#fbfbf8"/>
            <text x="{graph.Width / 2}" y="20" text-anchor="middle" font-size="16">{title}</text>
            <text id="reset" class="b" x="10" y="20" style="display:none">Reset zoom</text>
            <text id="search" class="b" x="{graph.Width - 10}" y="20" text-anchor="end">Search (/)</text>
            <text id="matched" x="{graph.Width - 10}" y="{height - 10}" text-anchor="end"></text>
            <text id="details" x="10" y="{height - 10}">{Escape(more)}</text>
            <g id="frames">

            """));
    }

    private static void WriteFrames(StreamWriter text, FlameGraph graph, bool[] isDrawn, int height)
    {
        double scale = graph.Total == 0 ? 0 : (graph.Width - 20) / (double)graph.Total;
        WriteFrame(text, graph, "all", graph.Total, 10, graph.Total * scale, Row(graph, 0, height), (200, 200, 200), "");
        double[] starts = new double[graph.Count];
        double[] next = new double[graph.Count];
        double root = 10;
        for (int i = 0; i < graph.Count; i++)
        {
            int parent = graph.Parents[i];
            double width = graph.Totals[i] * scale;
            starts[i] = parent < 0 ? root : next[parent];
            if (parent < 0) root += width;
            else next[parent] += width;
            next[i] = starts[i];
            if (!isDrawn[i]) continue;
            string before = graph.Before is { } was ? string.Create(CultureInfo.InvariantCulture, $", was {was[i]:#,0}") : "";
            WriteFrame(text, graph, graph.Names.Decode(graph.NodeNames[i]), graph.Totals[i], starts[i], width, Row(graph, graph.Depths[i] + 1, height), FlameColors.Of(graph, i), before);
        }
    }

    private static int Row(FlameGraph graph, int level, int height) =>
        graph.IsInverted ? Above + level * RowHeight : height - Below - (level + 1) * RowHeight;

    private static void WriteFrame(
        StreamWriter text, FlameGraph graph, string name, long weight, double x, double width, int y, (int Red, int Green, int Blue) color, string more)
    {
        int room = (int)((width - 4) / CharacterWidth);
        string shown = room < 3 ? "" : name.Length <= room ? name : name[..(char.IsHighSurrogate(name[room - 3]) ? room - 3 : room - 2)] + "..";
        text.Write(string.Create(CultureInfo.InvariantCulture,
            $"<g class=\"f\"><title>{Escape(name)} ({weight:#,0} {Escape(graph.Unit)}, {(graph.Total == 0 ? 0 : 100.0 * weight / graph.Total):0.00}%{more})</title><rect x=\"{x:0.##}\" y=\"{y}\" width=\"{width:0.##}\" height=\"15\" fill=\"#{color.Red:x2}{color.Green:x2}{color.Blue:x2}\" rx=\"1\"/><text x=\"{x + 3:0.##}\" y=\"{y + 11}\">{Escape(shown)}</text></g>\n"));
    }
}
