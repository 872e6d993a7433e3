using System.Text.Json;
using Holdfast.Reports;

namespace Holdfast.Views;

/// <summary>A flame graph as speedscope's file format. Source: its file-format-spec.ts.</summary>
public static class SpeedscopeView
{
    public static void Write(FlameGraph graph, Stream output)
    {
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        json.WriteStartObject();
        json.WriteString("$schema"u8, "https://www.speedscope.app/file-format-schema.json"u8);
        json.WriteString("name"u8, graph.Title);
        json.WriteString("exporter"u8, "holdfast"u8);
        json.WriteNumber("activeProfileIndex"u8, 0);
        WriteFrames(json, graph);
        json.WriteStartArray("profiles"u8);
        json.WriteStartObject();
        json.WriteString("type"u8, "sampled"u8);
        json.WriteString("name"u8, graph.Title);
        json.WriteString("unit"u8, graph.IsBytes ? "bytes" : graph.Unit is "microseconds" or "nanoseconds" ? graph.Unit : "none");
        json.WriteNumber("startValue"u8, 0);
        json.WriteNumber("endValue"u8, graph.Total);
        json.WriteStartArray("samples"u8);
        WriteStacks(json, graph);
        json.WriteEndArray();
        json.WriteStartArray("weights"u8);
        foreach (long weight in graph.Self)
        {
            if (weight > 0) json.WriteNumberValue(weight);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFrames(Utf8JsonWriter json, FlameGraph graph)
    {
        json.WriteStartObject("shared"u8);
        json.WriteStartArray("frames"u8);
        for (int i = 0; i < graph.Names.Count; i++)
        {
            FlameName facts = graph.NameFacts[i];
            json.WriteStartObject();
            json.WriteString("name"u8, graph.Names.Decode(i));
            if (facts.File is { } file) json.WriteString("file"u8, file);
            if (facts.Line > 0) json.WriteNumber("line"u8, facts.Line);
            if (facts.Column > 0) json.WriteNumber("col"u8, facts.Column);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteStacks(Utf8JsonWriter json, FlameGraph graph)
    {
        int[] path = new int[1024];
        for (int i = 0; i < graph.Count; i++)
        {
            int depth = graph.Depths[i];
            if (depth >= path.Length) Array.Resize(ref path, depth * 2);
            path[depth] = graph.NodeNames[i];
            if (graph.Self[i] == 0) continue;
            json.WriteStartArray();
            for (int d = 0; d <= depth; d++) json.WriteNumberValue(path[d]);
            json.WriteEndArray();
        }
    }
}
