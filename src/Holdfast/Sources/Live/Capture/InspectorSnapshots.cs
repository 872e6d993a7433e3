using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Common;
using Holdfast.Sources.Live.Inspector;

namespace Holdfast.Sources.Live.Capture;

/// <summary>What the process says of itself and of the room there is for a snapshot; bytes.</summary>
internal sealed record InspectedProcess(int Pid, string Host, long Available, long Rss);

/// <summary>
/// Snapshots, timelines and sampling profiles by an inspector. They are streamed: what is not written yet is not sent, and nothing is
/// held here. The thread they are of stands still meanwhile. Source: chromedevtools.github.io/devtools-protocol, HeapProfiler.
/// </summary>
internal sealed class InspectorSnapshots(InspectorClient client, Work work)
{
    /// <summary>V8 says nothing while it makes a snapshot, minutes for gigabytes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);

    /// <summary>What V8 may need for a snapshot, for each byte of the heap: a graph with an entry for each object and each reference. Measured on small objects.</summary>
    private const long NeededPerByte = 8;
    private const int SamplingInterval = 32 << 10;

    private const string Describe =
        "JSON.stringify([process.pid, (process.getBuiltinModule?.('os') ?? require('os')).hostname(), process.availableMemory?.() ?? (process.getBuiltinModule?.('os') ?? require('os')).freemem(), process.memoryUsage.rss()])";

    /// <summary>What is inspected; null where it does not say.</summary>
    public InspectedProcess? Process()
    {
        if (client.Evaluate(Describe, InspectorThread.Main, work.Cancellation) is not { } text) return null;
        try
        {
            using JsonDocument told = JsonDocument.Parse(text);
            JsonElement all = told.RootElement;
            return new InspectedProcess(all[0].GetInt32(), all[1].GetString() ?? "", (long)all[2].GetDouble(), (long)all[3].GetDouble());
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }

    /// <summary>The bytes of a thread's heap that are in use.</summary>
    public long HeapBytes(InspectorThread thread) =>
        client.Request("Runtime.getHeapUsage", null, thread, work.Cancellation)?["usedSize"] is JsonValue value && value.TryGetValue(out double bytes) ? (long)bytes : 0;

    /// <summary>Whether there is room for a snapshot.</summary>
    /// <exception cref="InputException">There is too little: the process could be killed for it.</exception>
    public void CheckHeadroom(InspectedProcess? process, InspectorThread thread, string name, bool force)
    {
        long heap = HeapBytes(thread), needed = heap * NeededPerByte;
        if (process is null || process.Available <= 0 || needed < process.Available) return;
        string message = string.Create(CultureInfo.InvariantCulture, $"{name}: a snapshot of thread {thread.Name}, whose heap is {heap / 1048576.0:F0} MiB, may need {needed / 1048576.0:F0} MiB in the process, and {process.Available / 1048576.0:F0} MiB are left.");
        if (!force) throw new InputException($"{message} It could be killed. --method memory takes none of it; --force goes on.");
        work.Warn($"{message} Going on as --force says.");
    }

    public void CollectGarbage(InspectorThread thread) => client.Request("HeapProfiler.collectGarbage", null, thread, work.Cancellation, Patience);

    /// <summary>Writes a snapshot of a thread's heap.</summary>
    public void Snapshot(InspectorThread thread, Stream output) =>
        Write("HeapProfiler.takeHeapSnapshot", new JsonObject { ["reportProgress"] = true, ["captureNumericValue"] = true }, thread, output);

    /// <summary>Writes a timeline: where what is alive at the end was allocated.</summary>
    public void Timeline(InspectorThread thread, TimeSpan duration, Stream output)
    {
        client.Request("HeapProfiler.startTrackingHeapObjects", new JsonObject { ["trackAllocations"] = true }, thread, work.Cancellation);
        WaitAwake(thread, duration, "tracking allocations");
        Write("HeapProfiler.stopTrackingHeapObjects", new JsonObject { ["reportProgress"] = true }, thread, output);
    }

    /// <summary>Writes a sampling profile of what was allocated in a time and is alive at its end.</summary>
    public void Sample(InspectorThread thread, TimeSpan duration, Stream output)
    {
        client.Request("HeapProfiler.startSampling", new JsonObject { ["samplingInterval"] = SamplingInterval }, thread, work.Cancellation);
        WaitAwake(thread, duration, "sampling allocations");
        JsonNode profile = client.Request("HeapProfiler.stopSampling", null, thread, work.Cancellation, Patience)?["profile"]
            ?? throw new InputException($"thread {thread.Name} gave no profile; it may have ended.");
        using var writer = new Utf8JsonWriter(output);
        profile.WriteTo(writer);
    }

    /// <summary>Looks at what comes in between, so that it does not pile up in the process.</summary>
    private void WaitAwake(InspectorThread thread, TimeSpan duration, string what)
    {
        DateTimeOffset end = DateTimeOffset.UtcNow + duration;
        for (TimeSpan left = duration; left > TimeSpan.Zero; left = end - DateTimeOffset.UtcNow)
        {
            work.Report($"{what}, {left.TotalSeconds:F0} s more", 1 - (left / duration));
            work.Wait(left < TimeSpan.FromSeconds(1) ? left : TimeSpan.FromSeconds(1));
            _ = HeapBytes(thread);
        }
    }

    private void Write(string method, JsonObject parameters, InspectorThread thread, Stream output)
    {
        long written = 0;
        JsonObject? answer = client.Stream(method, parameters, thread, (name, told) =>
        {
            switch (name)
            {
                case "HeapProfiler.addHeapSnapshotChunk" when told["chunk"] is JsonValue value && value.TryGetValue(out string? chunk):
                    byte[] bytes = Encoding.UTF8.GetBytes(chunk);
                    output.Write(bytes);
                    written += bytes.Length;
                    work.Report($"writing {written / 1048576.0:F0} MiB of {thread.Name}");
                    break;
                case "HeapProfiler.reportHeapSnapshotProgress" when told["total"] is JsonValue all && all.TryGetValue(out double total) && total > 0 && told["done"] is JsonValue part && part.TryGetValue(out double done):
                    work.Report($"V8 makes the snapshot of {thread.Name}", done / total);
                    break;
            }
        }, Patience, work.Cancellation);
        if (answer is null || written == 0) throw new InputException($"thread {thread.Name} ended while its snapshot was taken.");
    }
}
