using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Model.Watching;
using Holdfast.Sources.Live.Inspector;

namespace Holdfast.Sources.Live.Watching;

/// <summary>What each thread says of its heap when it is asked by the inspector, which interrupts it for less than a millisecond.</summary>
internal sealed class InspectorReadings(InspectorClient client, string name, IDisposable owned) : ReadingSource
{
    /// <summary>Asks V8 and Node for figures; changes nothing.</summary>
    private const string Figures = """
        (() => {
          const load = process.getBuiltinModule ?? (typeof require === 'function' ? require : undefined);
          const { rss, external, arrayBuffers } = process.memoryUsage();
          const found = { rss, external, arrayBuffers };
          const v8 = load?.('v8');
          if (v8) {
            const heap = v8.getHeapStatistics();
            found.limit = heap.heap_size_limit; found.malloced = heap.malloced_memory; found.handles = heap.total_global_handles_size; found.contexts = heap.number_of_native_contexts;
            found.spaces = Object.fromEntries(v8.getHeapSpaceStatistics().map((s) => [s.space_name, s.space_used_size]));
          }
          found.active = process.getActiveResourcesInfo?.().length;
          return JSON.stringify(found);
        })()
        """;

    private bool _isAttached;

    public override string Description => $"the inspector of {name}";

    public override Reading? Read(CancellationToken stop)
    {
        try
        {
            if (!_isAttached) client.AttachWorkers(stop);
            _isAttached = true;
            var measures = new List<Measure>();
            var limits = new List<MemoryLimit>();
            foreach (InspectorThread thread in client.Threads) Add(thread, measures, limits, stop);
            return new Reading(DateTimeOffset.UtcNow, measures, limits);
        }
        catch (WebSocketException)
        {
            // The process has ended, or somebody closed its inspector.
            return null;
        }
    }

    public override void Dispose() => owned.Dispose();

    private void Add(InspectorThread thread, List<Measure> measures, List<MemoryLimit> limits, CancellationToken stop)
    {
        if (client.Request("Runtime.getHeapUsage", null, thread, stop) is not { } usage) return;
        measures.Add(new(MeasureNames.HeapUsed, thread.Name, MeasureKind.CollectedBytes, Number(usage["usedSize"]) ?? 0));
        measures.Add(new(MeasureNames.HeapTotal, thread.Name, MeasureKind.Bytes, Number(usage["totalSize"]) ?? 0));
        if (Ask(thread, stop) is not { } figures) return;
        foreach ((string space, JsonNode? used) in figures["spaces"] as JsonObject ?? [])
        {
            if (space.StartsWith("old", StringComparison.Ordinal) || space.StartsWith("large", StringComparison.Ordinal))
                measures.Add(new(MeasureNames.Space(space), thread.Name, MeasureKind.CollectedBytes, Number(used) ?? 0));
        }

        Add(measures, MeasureNames.External, thread.Name, MeasureKind.Bytes, figures["external"]);
        Add(measures, MeasureNames.ArrayBuffers, thread.Name, MeasureKind.Bytes, figures["arrayBuffers"]);
        Add(measures, "global_handles", thread.Name, MeasureKind.Bytes, figures["handles"]);
        Add(measures, "native_contexts", thread.Name, MeasureKind.Count, figures["contexts"]);
        Add(measures, MeasureNames.Handles, thread.Name, MeasureKind.Count, figures["active"]);
        if (Number(figures["limit"]) is { } limit) limits.Add(new("v8", MeasureNames.HeapUsed, thread.Name, limit));
        if (thread.Session is null) Add(measures, MeasureNames.Rss, null, MeasureKind.Bytes, figures["rss"]);
    }

    private JsonObject? Ask(InspectorThread thread, CancellationToken stop)
    {
        try
        {
            return client.Evaluate(Figures, thread, stop) is { } text ? JsonNode.Parse(text) as JsonObject : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Add(List<Measure> measures, string name, string? thread, MeasureKind kind, JsonNode? value)
    {
        if (Number(value) is { } number) measures.Add(new(name, thread, kind, number));
    }

    private static double? Number(JsonNode? node) => node is JsonValue value && value.TryGetValue(out double number) ? number : null;
}
