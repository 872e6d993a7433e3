using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Holdfast.Common;
using Holdfast.Reports;

namespace Holdfast.Views;

/// <summary>A flame graph as one page that needs nothing else: drawn on a canvas, so that many thousand frames stay quick.</summary>
public static class HtmlView
{
    /// <summary>The page zooms in: a frame may be this much narrower than one of a picture.</summary>
    private const double Finer = 50;

    public static void Write(FlameGraph graph, Stream output)
    {
        string[] page = ViewResources.Text("flame.html").Split("/*DATA*/");
        string title = SvgView.Escape(graph.Title);
        output.Write(Encoding.UTF8.GetBytes(page[0].Replace("{{title}}", title, StringComparison.Ordinal)));
        WriteData(graph, output);
        output.Write(Encoding.UTF8.GetBytes(page[1]));
    }

    private static void WriteData(FlameGraph graph, Stream output)
    {
        // The usual encoder writes <, > and & as escapes: nothing in a name ends the script.
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true, Encoder = JavaScriptEncoder.Default });
        int[] nodes = [.. Enumerable.Range(0, graph.Count).Where(i => IsKept(graph, i))];
        json.WriteStartObject();
        json.WriteString("title"u8, graph.Title);
        json.WriteString("subtitle"u8, graph.Subtitle ?? "");
        json.WriteString("unit"u8, graph.Unit);
        json.WriteBoolean("bytes"u8, graph.IsBytes);
        json.WriteBoolean("inverted"u8, graph.IsInverted);
        json.WriteNumber("total"u8, graph.Total);
        json.WriteNumber("left"u8, graph.Count - nodes.Length);
        json.WriteStartArray("names"u8);
        for (int i = 0; i < graph.Names.Count; i++) json.WriteStringValue(graph.Names.Decode(i));
        json.WriteEndArray();
        json.WriteStartArray("kinds"u8);
        foreach (FlameName name in graph.NameFacts) json.WriteNumberValue((int)name.Category);
        json.WriteEndArray();
        Column(json, "name", nodes, i => graph.NodeNames[i]);
        Column(json, "depth", nodes, i => graph.Depths[i]);
        Column(json, "value", nodes, i => graph.Totals[i]);
        Column(json, "color", nodes, i => Rgb(FlameColors.Of(graph, i)));
        if (graph.Before is { } before) Column(json, "before", nodes, i => before[i]);
        json.WriteEndObject();
    }

    private static bool IsKept(FlameGraph graph, int node) => graph.Totals[node] > 0 && graph.Depths[node] < Limits.MaxDrawnDepth
        && graph.Totals[node] >= graph.LeastWidth / graph.Width / Finer * graph.Total;

    private static long Rgb((int Red, int Green, int Blue) color) => color.Red << 16 | color.Green << 8 | color.Blue;

    private static void Column(Utf8JsonWriter json, string name, int[] nodes, Func<int, long> value)
    {
        json.WriteStartArray(name);
        foreach (int node in nodes) json.WriteNumberValue(value(node));
        json.WriteEndArray();
    }
}
