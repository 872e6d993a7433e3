using System.Globalization;
using System.Text.Json.Nodes;

namespace Holdfast.Tests.Cores;

/// <summary>A heap in a core of tests/cores, and where what is true of it is kept.</summary>
/// <param name="Core">The core's name, without <c>.core</c>.</param>
/// <param name="Snapshot">The name of V8's snapshot of the same moment, or null where there is none.</param>
/// <param name="Key">Where in the program's truth this heap is: names and numbers with points between them, or nothing.</param>
/// <param name="Thread">The thread whose heap it is, as <c>--thread</c> names it; null for the main one.</param>
internal sealed record CoreCase(string Core, string? Snapshot, string Key = "", string? Thread = null)
{
    public static IReadOnlyList<CoreCase> All { get; } =
    [
        Held("values"),
        Held("shop"),
        Held("workers", "threads.0"),
        new("workers", "workers.ingest", "threads.1", "ingest worker"),
        new("workers", "workers.index", "threads.2", "index worker"),
        new("workers", "workers.scratch", "threads.3", "worker-3"),
        Held("wasm"),
        Held("million"),
        Held("ladder.t0", "points.t0"),
        Held("ladder.t1", "points.t1"),
        Held("ladder.t2", "points.t2"),
        new("oom", null),
        new("abort", null),
        new("uncaught", null),
        .. Enumerable.Range(1, 3).SelectMany(i => (CoreCase[])
        [
            new($"busy.{i}", null, "threads.0"),
            new($"busy.{i}", null, "threads.1", "busy worker"),
        ]),
        .. ((string[])["scavenging", "scavenged", "marked", "evacuating", "evacuated", "finishing"]).Select(at => new CoreCase($"gc.{at}", null)),
    ];

    /// <summary>The program that made it, and so its truth's name.</summary>
    public string Program => Core.Split('.')[0];

    /// <summary>What a reader should call it: the core, and the thread where it is not the main one.</summary>
    public string Name => Thread is null ? Core : $"{Core}, {Thread}";

    public static CoreCase Of(string name) => All.Single(c => c.Name == name);

    /// <summary>This heap's part of the program's truth.</summary>
    public JsonNode TruthIn(JsonNode truth) => Key.Split('.', StringSplitOptions.RemoveEmptyEntries).Aggregate(
        truth, (node, name) => (int.TryParse(name, CultureInfo.InvariantCulture, out int index) ? node[index] : node[name])!);

    /// <summary>
    /// Number of objects by class that a reader of the core must find: V8's own count, or the program's where V8 was not asked.
    /// </summary>
    public IReadOnlyDictionary<string, int> ClassesIn(JsonNode truth)
    {
        JsonNode part = TruthIn(truth);
        return (part["nodes"] ?? part["classes"])!.AsObject().ToDictionary(c => c.Key, c => (int)c.Value!);
    }

    private static CoreCase Held(string core, string key = "") => new(core, core, key);
}
