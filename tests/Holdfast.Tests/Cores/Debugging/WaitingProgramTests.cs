using System.Globalization;
using System.Text.Json.Nodes;
using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging.Values;
using Holdfast.Sources.CoreDump.V8;
using Holdfast.Tests.Commands;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Cores.Debugging;

/// <summary>
/// Errors whose stack nobody has read, and generators and async functions that wait (tests/cores/waiting.js), of processes that are dumped
/// on the spot: against the stack of another error from the same place, and where V8's inspector says the generators are.
/// </summary>
public sealed class WaitingProgramTests
{
    [Theory]
    [MemberData(nameof(NodeBinaries.All), MemberType = typeof(NodeBinaries), DisableDiscoveryEnumeration = true)]
    public void Stacks_nobody_has_read_and_places_of_waiting_functions_are_V8s_own(string major)
    {
        using var program = new DumpedProgram(NodeBinaries.Of(major), "waiting");
        JsonNode truth = program.Truth;
        using CoreSession core = SourceDetector.TryOpenCore(program.Core, () => Stream.Null, CoreOptions.Default, Work.Unwatched)!;
        var values = new ValueReader(core, new ValueOptions(2, int.MaxValue, int.MaxValue));
        var differences = new List<string>();
        Compare(truth["errors"]!.AsObject().ToDictionary(e => e.Key, e => e.Value!.ToString()), Stacks(core, values), differences);
        Dictionary<string, string> places = Places(core, values);
        string file = Path.Combine(RepositoryFiles.Root, "tests", "cores", "waiting.js");
        Compare(truth["generators"]!.AsObject().ToDictionary(g => g.Key == "delegating" ? "outer" : g.Key, g => $"{file}:{g.Value!["line"]}:{g.Value["column"]}"), places, differences);
        var lines = places.ToDictionary(p => p.Key, p => p.Value[..p.Value.LastIndexOf(':')]);
        Compare(truth["asyncs"]!.AsObject().ToDictionary(a => a.Key, a => string.Create(CultureInfo.InvariantCulture, $"{file}:{a.Value}")), lines, differences);
        CheckZlib(program.Core);
        Assert.True(differences.Count == 0, string.Join("\n\n", differences));
    }

    /// <summary>What is behind a stream of zlib: its handle, which the stream has as a property, and the handle's callback, in a field of its native part.</summary>
    private static void CheckZlib(string core)
    {
        string Id(JsonNode? of) => $"0x{(ulong)of!["id"]!:x}";
        JsonArray References(string id) => CommandRun.OfFiles("refs", [core], id, "--all").Json["references"]!.AsArray();
        JsonNode handle = CommandRun.OfFiles("instances", [core], "Zlib").Json["instances"]!.AsArray().Single(i => References(Id(i)).Any(r => r!["owner"]!.ToString() == "Deflate" && r["name"]!.ToString() == "_handle"))!;
        JsonNode field = CommandRun.OfFiles("inspect", [core], Id(handle)).Json["value"]!["groups"]!.AsArray()[0]!["items"]!.AsArray().Single(i => i!["value"]!["text"]!.ToString() == "[Function: processCallback]")!;
        Assert.Contains(References(Id(field["value"])), r => r!["owner"]!.ToString() == "Zlib" && r["name"]!.ToString() == field["name"]!.ToString());
    }

    private static void Compare(Dictionary<string, string> told, Dictionary<string, string> found, List<string> differences)
    {
        Assert.NotEmpty(told);
        foreach ((string name, string text) in told)
        {
            string actual = found.GetValueOrDefault(name, "nothing");
            if (actual != text) differences.Add($"{name}: the program has\n{text}\nthe core\n{actual}");
        }
    }

    private static Dictionary<string, string> Stacks(CoreSession core, ValueReader values)
    {
        var found = new Dictionary<string, string>();
        foreach (HeapObject unread in Objects(core, ObjectKind.Object).Where(o => core.Classes.Of(o) == "Unread"))
        {
            IReadOnlyList<ValueItem> properties = Group(values.Read(unread.Address, 1), "properties");
            if (properties.Count != 2 || properties[0].Value.Content is not { } label || properties[1].Value.Id is not { } error) continue;
            found[label] = Group(values.Read(error, 1), "properties").FirstOrDefault(p => p.Name == "stack")?.Value.Content ?? "no stack";
        }

        return found;
    }

    private static Dictionary<string, string> Places(CoreSession core, ValueReader values)
    {
        var found = new Dictionary<string, string>();
        foreach (HeapObject generator in Objects(core, ObjectKind.Generator))
        {
            IReadOnlyList<ValueItem> slots = Group(values.Read(generator.Address, 1), "internal");
            if (slots.FirstOrDefault(s => s.Name == "[[GeneratorLocation]]")?.Value.Content is { } place)
                found[new ObjectFields(core).GeneratorName(generator)] = place;
        }

        return found;
    }

    private static IEnumerable<HeapObject> Objects(CoreSession core, ObjectKind kind)
    {
        for (int i = 0; i < core.Heap.Count; i++)
        {
            if (core.Heap.KindOf(i) == kind) yield return core.Heap[i];
        }
    }

    private static IReadOnlyList<ValueItem> Group(Value value, string name) => value.Groups?.FirstOrDefault(g => g.Name == name)?.Items ?? [];
}
