using System.Text.Json.Nodes;
using Holdfast.Commands;
using Holdfast.Tests.Commands;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Cores;

/// <summary>
/// Every analysis answers about a core as about V8's snapshot of the same moment: a program with three planted leaks, at three
/// moments (tests/cores/ladder.js). Ids are addresses in cores, and are left out wherever answers are compared.
/// </summary>
public sealed class PackedCoreCommandTests(PackedCoreCommandTests.LadderSnapshots snapshots) : IClassFixture<PackedCoreCommandTests.LadderSnapshots>
{
    private static readonly string[] Planted = ["Visit", "Subscription", "Trace", "Recent", "Setting", "Site"];

    private static readonly string[] Ids = ["id", "node_id", "own_id", "script_id"];

    private static string Core => PackedCores.LadderCores[2];

    private string Snapshot => snapshots.Paths[2];

    [Fact]
    public void Every_command_of_the_registry_has_a_test_here()
    {
        // What only a core answers is compared with what the program says: Cores/Debugging.
        string[] ofCores = [.. CommandRegistry.All.Where(c => c.Parameters.Contains(Parameter.CoreDump)).Select(c => c.Name), "objects", "instances"];
        string[] ofProcesses = ["ps", "watch", "triage", "flame record"], ofStacks = ["flame diff"];
        string[] analyses = [.. CommandRegistry.All.Where(c => c.WrittenFile is null).Select(c => c.Name).Except([.. ofCores, .. ofProcesses, .. ofStacks])];
        Assert.Equal(["collections", "diff", "dominators", "find", "flame", "inspect", "leaks", "paths", "retainers", "strings", "summary", "verify"], analyses.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_flame_graph_of_the_heap_is_as_wide()
    {
        (JsonNode core, JsonNode snapshot) = Both("flame");
        Assert.Equal("bytes", core["unit"]!.ToString());
        AssertNear((long)snapshot["total"]!, (long)core["total"]!, 0.01);
    }

    [Fact]
    public void Summary_has_the_same_classes_with_the_same_counts_and_sizes()
    {
        (JsonNode core, JsonNode snapshot) = Both("summary", "--limit", "0");
        AssertNear((long)snapshot["total_size"]!, (long)core["total_size"]!, 0.01);
        foreach (string part in (string[])["typed_arrays", "code", "js_arrays", "strings", "system"])
            AssertNear((long)snapshot["statistics"]![part]!, (long)core["statistics"]![part]!, 0.01);
        Dictionary<string, JsonNode> expected = ByClass(snapshot), actual = ByClass(core);
        foreach (string name in Planted)
        {
            Assert.Equal(((int)expected[name]["count"]!, (long)expected[name]["shallow_size"]!), ((int)actual[name]["count"]!, (long)actual[name]["shallow_size"]!));
            AssertNear((long)expected[name]["retained_size"]!, (long)actual[name]["retained_size"]!, 0.001);
        }

        // Native nodes are V8's guests; a reader of memory knows but some of them.
        string[] names = [.. expected.Values.Where(row => !((string)row["name"]!).StartsWith("Node / ", StringComparison.Ordinal)).Select(row => (string)row["class_key"]!)];
        int equal = expected.Count(e => names.Contains((string)e.Value["class_key"]!) && actual.TryGetValue(e.Key, out JsonNode? row) && (int)row["count"]! == (int)e.Value["count"]!);
        Assert.InRange(equal, names.Length * 97 / 100, names.Length);
    }

    [Fact]
    public void Summary_says_what_a_core_is_of_and_shows_its_garbage_on_demand()
    {
        JsonNode reached = CommandRun.OfFiles("summary", [Core]).Json, all = CommandRun.OfFiles("summary", [Core], "--include-garbage").Json;
        JsonNode core = reached["core"]!;
        Assert.Equal(("main", 1), ((string)core["thread"]!, core["threads"]!.AsArray().Count));
        Assert.StartsWith((string)core["v8_version"]!, (string)PackedCores.Truth(PackedCores.LadderMajor, "ladder")["v8"]!, StringComparison.Ordinal);
        Assert.True((int)core["garbage_count"]! > 0);
        Assert.True((int)all["node_count"]! >= (int)reached["node_count"]! + (int)core["garbage_count"]!);
        Assert.Equal((long)core["garbage_bytes"]!, (long)all["core"]!["garbage_bytes"]!);
        Assert.Null(CommandRun.OfFiles("summary", [Snapshot]).Json["core"]);
    }

    [Theory]
    [InlineData("ingest worker", "Row", 4800)]
    [InlineData("index worker", "Posting", 3000)]
    [InlineData("main", "Dispatcher", 1)]
    public void The_option_thread_gives_that_threads_heap(string thread, string name, int count)
    {
        JsonNode json = CommandRun.OfFiles("summary", [PackedCores.Path("26", "workers")], "--thread", thread, "--limit", "0").Json;
        Assert.Equal(thread, (string)json["core"]!["thread"]!);
        Assert.Equal(count, json["classes"]!.AsArray().Where(c => (string)c!["name"]! == name).Sum(c => (int)c!["count"]!));
    }

    [Fact]
    public void Diff_of_a_snapshot_and_a_core_of_the_same_moment_shows_no_growth_of_the_program()
    {
        CommandRun run = CommandRun.OfFiles("diff", [Snapshot, Core], "--limit", "0");
        Dictionary<string, JsonNode> rows = ByClass(run.Json);
        Assert.All(Planted, name => Assert.True(!rows.TryGetValue(name, out JsonNode? row) || (int)row["count_delta"]! == 0, name));
        long[] totals = [.. run.Json["snapshots"]!.AsArray().Select(s => (long)s!["total_size"]!)];
        AssertNear(totals[0], totals[1], 0.01);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Diff_of_two_moments_shows_what_grew_by_how_much_whatever_the_first_is(bool isFirstACore)
    {
        string first = isFirstACore ? PackedCores.LadderCores[0] : snapshots.Paths[0];
        Dictionary<string, JsonNode> rows = ByClass(CommandRun.OfFiles("diff", [first, Core], "--limit", "0").Json);
        Dictionary<string, JsonNode> expected = ByClass(CommandRun.OfFiles("diff", [snapshots.Paths[0], Snapshot], "--limit", "0").Json);
        foreach (JsonNode? leak in PackedCores.Truth(PackedCores.LadderMajor, "ladder")["leaks"]!.AsArray())
        {
            string name = (string)leak!["constructor"]!;
            Assert.Equal(2 * (int)leak["per_interval"]!, (int)rows[name]["count_delta"]!);
            Assert.Equal(Numbers(expected[name]["shallow_sizes"]!), Numbers(rows[name]["shallow_sizes"]!));
            Assert.Equal(Numbers(expected[name]["retained_sizes"]!), Numbers(rows[name]["retained_sizes"]!));
        }

        Assert.All((string[])["Recent", "Setting", "Site"], name => Assert.True(!rows.TryGetValue(name, out JsonNode? row) || (int)row["count_delta"]! == 0, name));
    }

    [Fact]
    public void Leaks_finds_the_planted_leaks_that_it_finds_in_the_snapshots()
    {
        CommandRun cores = CommandRun.OfFiles("leaks", PackedCores.LadderCores), expected = CommandRun.OfFiles("leaks", snapshots.Paths);
        Assert.Equal("leak", (string)cores.Json["verdict"]!);
        Assert.Contains(cores.Warnings, w => w.Contains("address is no identity", StringComparison.Ordinal));
        JsonArray suspects = cores.Json["suspects"]!.AsArray(), onSnapshots = expected.Json["suspects"]!.AsArray();
        Assert.Equal(onSnapshots.Select(Describe), suspects.Select(Describe));
        JsonArray leaks = PackedCores.Truth(PackedCores.LadderMajor, "ladder")["leaks"]!.AsArray();
        Assert.Equal(leaks.Count, suspects.Count);
        foreach (JsonNode? leak in leaks)
        {
            JsonNode suspect = Assert.Single(suspects, s => (string)s!["constructor"]! == (string)leak!["constructor"]!)!;
            AssertNear((int)leak!["per_interval"]!, (double)suspect["growth_per_interval"]!, 0.01);
            Assert.Contains((string)leak["holder"]!, (string)suspect["holder"]!["name"]!, StringComparison.Ordinal);
        }

        static string Describe(JsonNode? suspect) =>
            $"{suspect!["constructor"]} {suspect["kind"]} {suspect["holder"]!["name"]} {suspect["counts"]!.ToJsonString()} {suspect["location"]?["line"]}";
    }

    [Fact]
    public void Verify_of_cores_says_whether_a_leak_is_still_there()
    {
        ProcessAnswer answer = HoldfastProcess.Run(["verify", "--before", .. PackedCores.LadderCores, "--after", .. PackedCores.LadderCores, "--format", "json"]);
        JsonNode same = JsonNode.Parse(answer.Output)!;
        Assert.Equal((1, "not_fixed"), (answer.ExitCode, (string)same["verdict"]!));
        Assert.Equal(["Subscription", "Trace", "Visit"], same["suspects"]!.AsArray().Select(s => (string)s!["constructor"]!).Order(StringComparer.Ordinal));
        Assert.All(same["suspects"]!.AsArray(), s => Assert.Equal("not_fixed", (string)s!["status"]!));
    }

    [Fact]
    public void Retainers_are_the_same_patterns()
    {
        AssertSame("retainers", "Visit");
        AssertSame("retainers", "Trace");

        // V8 gives variables of blocks no names; the core has them.
        (JsonNode core, JsonNode snapshot) = Both("retainers", "Subscription");
        Assert.Equal(("hidden", 900), Pattern(snapshot));
        Assert.Equal(("context", 900), Pattern(core));
        Assert.Equal("subscription", (string)core["patterns"]![0]!["edge"]!);

        static (string, int) Pattern(JsonNode retainers) => ((string)retainers["patterns"]![0]!["edge_type"]!, (int)retainers["patterns"]![0]!["instances"]!);
    }

    [Fact]
    public void Paths_are_the_same_tree()
    {
        AssertSame("paths", "Visit");
        AssertSame("paths", "Trace");
    }

    [Fact]
    public void Dominators_of_the_programs_own_objects_are_the_same()
    {
        (JsonNode core, JsonNode snapshot) = (Dominators(Core), Dominators(Snapshot));
        Assert.Equal(Text(snapshot["tree"]!), Text(core["tree"]!));
        Assert.Equal((string)snapshot["start"]!["name"]!, (string)core["start"]!["name"]!);

        static JsonNode Dominators(string path) => CommandRun.OfFiles("dominators", [path], SiteIn(path)).Json;
    }

    [Fact]
    public void Inspect_shows_the_same_object_by_its_address()
    {
        JsonNode core = CommandRun.OfFiles("inspect", [Core], SiteIn(Core)).Json, snapshot = CommandRun.OfFiles("inspect", [Snapshot], SiteIn(Snapshot)).Json;
        Assert.Equal(Text(snapshot["location"]!), Text(core["location"]!));
        foreach (string key in (string[])["class", "type", "name", "shallow_size", "distance"])
            Assert.True(JsonNode.DeepEquals(snapshot[key], core[key]), $"{key}: {snapshot[key]} in the snapshot, {core[key]} in the core");
        AssertNear((long)snapshot["retained_size"]!, (long)core["retained_size"]!, 0.001);
        Assert.Equal(Properties(snapshot), Properties(core));

        static IEnumerable<string> Properties(JsonNode inspected) => inspected["edges"]!.AsArray().Single(g => (string)g!["edge_type"]! == "property")!["links"]!.AsArray()
            .Select(l => $"{l!["edge"]}: {l["node"]} {l["node_type"]} {l["shallow_size"]}").Order(StringComparer.Ordinal);
    }

    [Fact]
    public void Strings_have_the_same_contents_as_often()
    {
        (JsonNode core, JsonNode snapshot) = Both("strings", "--limit", "0");
        string[] expected = [.. Values(snapshot, "duplicates")];
        Assert.InRange(expected.Intersect(Values(core, "duplicates")).Count(), expected.Length * 99 / 100, expected.Length);
        AssertNear((int)snapshot["count"]!, (int)core["count"]!, 0.01);
        AssertNear((long)snapshot["shallow_size"]!, (long)core["shallow_size"]!, 0.01);
        (core, snapshot) = Both("strings", "--largest", "--limit", "20");
        Assert.Equal(Values(snapshot, "largest"), Values(core, "largest"));

        static IEnumerable<string> Values(JsonNode strings, string kind) => strings[kind]!.AsArray()
            .Select(s => $"{s!["value"]} {s["length"]} {s["count"]} {s["shallow_size"]}").Order(StringComparer.Ordinal);
    }

    [Fact]
    public void Find_finds_the_same_objects()
    {
        (JsonNode core, JsonNode snapshot) = Both("find", "class:Visit retained>100", "--limit", "0");
        Assert.True((int)snapshot["count"]! > 1000);
        Assert.Equal((int)snapshot["count"]!, (int)core["count"]!);
        Assert.Equal((long)snapshot["shallow_size"]!, (long)core["shallow_size"]!);
        Assert.Equal(Objects(snapshot), Objects(core));

        static IEnumerable<string> Objects(JsonNode found) => found["objects"]!.AsArray()
            .Select(o => $"{o!["class"]} {o["type"]} {o["shallow_size"]} {o["retained_size"]} {o["distance"]}").Order(StringComparer.Ordinal);
    }

    [Fact]
    public void Collections_have_the_same_sizes_in_every_moment()
    {
        JsonNode core = CommandRun.OfFiles("collections", PackedCores.LadderCores, "--limit", "0").Json;
        JsonNode snapshot = CommandRun.OfFiles("collections", snapshots.Paths, "--limit", "0").Json;
        ILookup<string, string> ours = core["containers"]!.AsArray().ToLookup(c => (string)c!["name"]!, Describe);
        foreach (string name in (string[])["Site.visits (Map)", "Site.settings (Array)"])
            Assert.Contains(Describe(snapshot["containers"]!.AsArray().Single(c => (string)c!["name"]! == name)), ours[name]);
        Assert.Contains("[300,1500,2700]", ours["Site.visits (Map)"].Single(), StringComparison.Ordinal);

        static string Describe(JsonNode? container) => $"{container!["kind"]} {container["sizes"]!.ToJsonString()} {container["retained_size"]}";
    }

    private static string SiteIn(string path) =>
        "@" + (ulong)CommandRun.OfFiles("find", [path], "class:Site type:object").Json["objects"]!.AsArray().Single()!["id"]!;

    private static Dictionary<string, JsonNode> ByClass(JsonNode answer) =>
        answer["classes"]!.AsArray().ToDictionary(row => Planted.Contains((string)row!["name"]!) ? (string)row["name"]! : (string)row["class_key"]!, row => row!);

    private static IEnumerable<long> Numbers(JsonNode list) => list.AsArray().Select(n => (long)n!);

    private static void AssertNear(double expected, double actual, double share) =>
        Assert.True(Math.Abs(actual - expected) <= share * expected, $"the snapshot has {expected}, the core {actual}");

    /// <summary>An answer without ids.</summary>
    private static string Text(JsonNode answer)
    {
        JsonNode copy = answer.DeepClone();
        var open = new Stack<JsonNode>([copy]);
        while (open.TryPop(out JsonNode? node))
        {
            if (node is JsonObject members)
            {
                foreach (string id in Ids) members.Remove(id);
                foreach ((_, JsonNode? member) in members) Push(member);
            }
            else if (node is JsonArray items)
            {
                foreach (JsonNode? item in items) Push(item);
            }
        }

        return copy.ToJsonString();

        void Push(JsonNode? node)
        {
            if (node is not null) open.Push(node);
        }
    }

    private (JsonNode Core, JsonNode Snapshot) Both(string command, params string[] words) =>
        (CommandRun.OfFiles(command, [Core], words).Json, CommandRun.OfFiles(command, [Snapshot], words).Json);

    private void AssertSame(string command, params string[] words)
    {
        (JsonNode core, JsonNode snapshot) = Both(command, words);
        Assert.Equal(Text(snapshot), Text(core));
    }

    /// <summary>V8's snapshots of the three moments.</summary>
    public sealed class LadderSnapshots : IDisposable
    {
        private readonly PackedSeries _series = PackedCores.Ladder();

        public string[] Paths => _series.Snapshots();

        public void Dispose() => _series.Dispose();
    }
}
