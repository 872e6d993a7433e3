using System.Globalization;
using System.Text.Json.Nodes;
using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging.Node;
using Holdfast.Tests.Commands;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Cores.Debugging;

/// <summary>
/// A process that was dumped on the spot (tests/cores/debugger.js), against what it told of itself: properties of all its objects, handles,
/// requests, waiting work, modules, the environment.
/// </summary>
public sealed class DebuggedProgramTests
{
    /// <summary>Share of properties that must be read as the program has them.</summary>
    private const double LeastEqual = 0.999;

    [Theory]
    [MemberData(nameof(NodeBinaries.All), MemberType = typeof(NodeBinaries), DisableDiscoveryEnumeration = true)]
    public void A_core_says_what_the_process_says_of_itself(string major)
    {
        // Node 22 keeps 10 GB of addresses for WebAssembly, which gcore writes.
        using var program = new DumpedProgram(NodeBinaries.Of(major), "debugger", major == "22" ? ["--disable-wasm-trap-handler"] : []);
        using CoreSession core = SourceDetector.TryOpenCore(program.Core, () => Stream.Null, CoreOptions.Default, Work.Unwatched)!;
        JsonNode truth = program.Truth;
        CheckObjects(core, truth["objects"]!.AsArray());
        CheckHandles(core, truth);
        CheckWork(core, truth["work"]!);
        CheckProcess(core, truth);
        CheckModules(core, truth["modules"]!.AsArray());
        CheckPacked(program);
    }

    private static void CheckObjects(CoreSession core, JsonArray told)
    {
        var walk = new ProbeWalk(core);
        Dictionary<string, Dictionary<string, string>> found = walk.From("ProbeRoot", told.Count);
        int properties = 0;
        var differences = new List<string>();
        foreach (JsonNode? entry in told)
        {
            string path = entry![0]!.ToString();
            Dictionary<string, string>? ours = found.GetValueOrDefault(path);
            foreach ((string name, JsonNode? value) in entry[1]!.AsObject())
            {
                properties++;
                string actual = ours?.GetValueOrDefault(name) ?? "is missing";
                if (actual != value!.ToString()) differences.Add($"{path}/{name}: the program has {value}, the core {actual}");
            }

            foreach (string name in ours?.Keys.Where(k => !entry[1]!.AsObject().ContainsKey(k)) ?? [])
            {
                properties++;
                differences.Add($"{path}/{name}: only the core has it: {ours![name]}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{properties - differences.Count} of {properties} properties of {told.Count} objects are equal; not:\n{string.Join('\n', differences)}");
        Assert.True(properties > 4000, $"{properties} properties");
        Assert.True(properties - differences.Count >= properties * LeastEqual, $"{differences.Count} of {properties} properties differ:\n{string.Join('\n', differences.Take(60))}");
    }

    private static void CheckHandles(CoreSession core, JsonNode truth)
    {
        var list = new HandleList(core, Work.Unwatched);
        IReadOnlyList<ActiveHandle> handles = list.Handles();
        string[] expected = [.. truth["handles"]!.AsArray().Select(h => h!.ToString())];
        Assert.Equal(expected, handles.Where(h => h.Kind != "timer" && h.IsReferenced == true).Select(h => h.Owner).Order(StringComparer.Ordinal));
        Assert.Contains(handles, h => h.Kind == "process" && h.Details.Contains(new NamedText("pid", truth["child"]!.ToString())));
        string client = $"127.0.0.1:{truth["client"]!["local"]}", server = $"127.0.0.1:{truth["client"]!["remote"]}";
        Assert.Contains(handles, h => h.Kind == "tcp" && h.Details.Contains(new NamedText("local", client)) && h.Details.Contains(new NamedText("remote", server)));
        Assert.All(handles.Where(h => h.Kind is "tcp" or "udp"), h => Assert.Contains(h.Details, d => d.Name == "fd"));
        foreach (JsonNode? name in truth["timers"]!.AsArray())
        {
            ActiveHandle timer = Assert.Single(handles, h => h.Kind == "timer" && h.Details.Any(d => d.Text.StartsWith($"[Function: {name}] ", StringComparison.Ordinal)));
            Assert.Equal(name!.ToString() == "later", timer.IsReferenced);
            double due = double.Parse(timer.Details.Single(d => d.Name == "due").Text.Split(' ')[0], CultureInfo.InvariantCulture);
            double after = name.ToString() == "later" ? 1e8 : 5e7;
            Assert.InRange(due, after, after + 120_000);
        }

        string[] requests = [.. list.Requests().Select(r => r.Class).Where(c => c.Length > 0).Order(StringComparer.Ordinal)];
        foreach (JsonNode? request in truth["requests"]!.AsArray()) Assert.Contains(request!.ToString(), requests);
    }

    private static void CheckWork(CoreSession core, JsonNode told)
    {
        IReadOnlyList<PendingWork> pending = new WorkQueue(core, Work.Unwatched).Pending();
        foreach ((string queue, JsonNode? name) in told.AsObject())
        {
            PendingWork found = Assert.Single(pending, p => p.Queue == queue && p.Callback == $"[Function: {name}]");
            Assert.Contains("debugger.js:", found.Location, StringComparison.Ordinal);
        }
    }

    private static void CheckProcess(CoreSession core, JsonNode truth)
    {
        ProcessFacts facts = ProcessReader.Run(core, withValues: true, Work.Unwatched);
        string Fact(string name) => facts.Facts.Single(f => f.Name == name).Text;
        Assert.Equal(truth["node"]!.ToString(), Fact("node"));
        Assert.StartsWith(truth["v8"]!.ToString().Split('-')[0], Fact("v8"), StringComparison.Ordinal);
        Assert.Equal(truth["pid"]!.ToString(), Fact("pid"));
        Assert.Equal(truth["exec_path"]!.ToString(), Fact("exec path"));
        Assert.Equal(string.Join(' ', truth["argv"]!.AsArray().Select(a => a!.ToString())), Fact("argv"));
        Assert.Equal(truth["cwd"]!.ToString(), Fact("cwd"));
        double uptime = double.Parse(Fact("uptime").Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.InRange(uptime, 0.2, (double)truth["uptime"]! + 1);
        Assert.Equal(
            truth["environment"]!.AsObject().Select(e => $"{e.Key}={e.Value}").Order(StringComparer.Ordinal),
            facts.Environment.Select(e => $"{e.Name}={e.Text}").Order(StringComparer.Ordinal));
        Assert.All(ProcessReader.Run(core, withValues: false, Work.Unwatched).Environment, e => Assert.Equal("", e.Text));
    }

    private static void CheckModules(CoreSession core, JsonArray told)
    {
        IReadOnlyList<LoadedModule> modules = ModuleList.Run(core, Work.Unwatched);
        foreach (JsonNode? file in told) Assert.Contains(modules, m => m.Kind == "commonjs" && m.Name == file!.ToString());
    }

    /// <summary>A packed core gives the same answers.</summary>
    private static void CheckPacked(DumpedProgram program)
    {
        using var folder = new TemporaryFolder();
        string packed = folder.File("small.hfcore");
        _ = CommandRun.OfFiles("pack", [program.Core], packed);
        foreach (string command in (string[])["handles", "requests", "workqueue", "modules", "env", "objects"])
        {
            string whole = CommandRun.OfFiles(command, [program.Core]).Json.ToJsonString(), small = CommandRun.OfFiles(command, [packed]).Json.ToJsonString();
            Assert.True(whole == small, $"{command}: the core says {whole}\nand packed it says {small}");
        }
    }
}
