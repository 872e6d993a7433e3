using System.Text.Json.Nodes;
using Holdfast.Common;
using Holdfast.Sources.Live;
using Holdfast.Sources.Live.Capture;
using Holdfast.Sources.Live.Inspector;
using Holdfast.Tests.Commands;
using Holdfast.Tests.Cores;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Live;

/// <summary>The command <c>capture</c> by every way but memory, series of captures, and what is said where something is wrong.</summary>
public sealed class CaptureCommandTests
{
    public static IEnumerable<ITheoryDataRow> Nodes => NodeBinaries.All();

    [Theory]
    [MemberData(nameof(Nodes), DisableDiscoveryEnumeration = true)]
    public void The_inspector_gives_the_main_thread_and_every_worker_and_is_closed_again(string major)
    {
        using var server = new ServingNode(NodeBinaries.Of(major), $"--inspect-port={LiveProcessTests.FreePort()}");
        using var folder = new TemporaryFolder();
        JsonArray captures = CommandRun.OfFiles("capture", [server.Target], folder.Path, "--method", "inspector", "--thread", "all", "--gc").Json["captures"]!.AsArray();
        Assert.Equal(["main", "worker-1"], captures.Select(c => c!["thread"]!.ToString()));
        Assert.Equal(ServingNode.Sessions, Count(folder.File(captures[0]!["file"]!.ToString()), "Session"));
        Assert.Equal(321, Count(folder.File(captures[1]!["file"]!.ToString()), "Job"));
        SpinWait.SpinUntil(() => new NodeProcesses(new ProcFolder()).Get(server.Node.Pid).Inspector is null, TimeSpan.FromSeconds(10));
        Assert.Null(new NodeProcesses(new ProcFolder()).Get(server.Node.Pid).Inspector);
        server.AssertUnharmed();
    }

    [Fact]
    public void An_inspector_that_others_could_reach_is_not_opened()
    {
        using var server = new ServingNode(LiveNode.AnyBinary(), $"--inspect-port=0.0.0.0:{LiveProcessTests.FreePort()}");
        using var folder = new TemporaryFolder();
        InputException e = Assert.Throws<InputException>(() => CommandRun.OfFiles("capture", [server.Target], folder.Path, "--method", "inspector"));
        Assert.Contains("would listen on 0.0.0.0, where other machines can reach it", e.Message, StringComparison.Ordinal);
        Assert.Null(new NodeProcesses(new ProcFolder()).Get(server.Node.Pid).Inspector);
        server.AssertUnharmed();
    }

    [Fact]
    public void An_open_inspector_gives_timelines_and_profiles_and_stays_open()
    {
        int port = LiveProcessTests.FreePort();
        using var server = new ServingNode(LiveNode.AnyBinary(), $"--inspect={port}");
        using var folder = new TemporaryFolder();
        string target = $"http://127.0.0.1:{port}";
        JsonNode Take(params string[] options) => CommandRun.OfFiles("capture", [target], [folder.Path, .. options]).Json["captures"]![0]!;
        JsonNode timeline = Take("--track-allocations", "1s"), profile = Take("--sample", "500ms"), snapshot = Take();
        Assert.Equal(["heaptimeline", "heapprofile", "heapsnapshot"], ((JsonNode[])[timeline, profile, snapshot]).Select(c => c["kind"]!.ToString()));
        Assert.Equal(server.Node.Pid, (int)snapshot["pid"]!);
        Assert.Equal(ServingNode.Sessions, Count(folder.File(timeline["file"]!.ToString()), "Session"));
        Assert.Equal(ServingNode.Sessions, Count(folder.File(snapshot["file"]!.ToString()), "Session"));
        using var text = new StreamReader(new ZstdSharp.DecompressionStream(File.OpenRead(folder.File(profile["file"]!.ToString()))));
        Assert.NotNull(JsonNode.Parse(text.ReadToEnd())!["head"]);
        Assert.NotNull(new NodeProcesses(new ProcFolder()).Get(server.Node.Pid).Inspector);
        InputException e = Assert.Throws<InputException>(() => Take("--thread", "nobody"));
        Assert.Contains("main, worker-1", e.Message, StringComparison.Ordinal);
        server.AssertUnharmed();
    }

    [Fact]
    public void Where_memory_is_short_no_snapshot_is_asked_for()
    {
        int port = LiveProcessTests.FreePort();
        using var server = new ServingNode(LiveNode.AnyBinary(), $"--inspect={port}");
        using var pages = new HttpPages();
        using InspectorClient client = InspectorClient.Connect(InspectorAddress.TryFind(new Uri($"http://127.0.0.1:{port}"), pages, CancellationToken.None)!, CancellationToken.None);
        var warnings = new List<string>();
        var snapshots = new InspectorSnapshots(client, new Work(warn: warnings.Add));
        InspectedProcess process = snapshots.Process()!;
        Assert.Equal(server.Node.Pid, process.Pid);
        Assert.InRange(process.Available, 1 << 20, 1L << 50);
        InspectedProcess shortOfIt = process with { Available = 1 << 20 };
        InputException e = Assert.Throws<InputException>(() => snapshots.CheckHeadroom(shortOfIt, InspectorThread.Main, "it", false));
        Assert.Contains("It could be killed", e.Message, StringComparison.Ordinal);
        snapshots.CheckHeadroom(process with { Available = 1L << 40 }, InspectorThread.Main, "it", false);
        Assert.Empty(warnings);
        snapshots.CheckHeadroom(shortOfIt, InspectorThread.Main, "it", true);
        Assert.Single(warnings);
    }

    [Fact]
    public void A_signal_takes_a_snapshot_of_what_was_started_for_it_and_of_nothing_else()
    {
        using var folder = new TemporaryFolder();
        using var with = new ServingNode(LiveNode.AnyBinary(), "--heapsnapshot-signal=SIGUSR2", $"--diagnostic-dir={folder.Path}");
        using var without = new ServingNode(LiveNode.AnyBinary());
        JsonNode capture = CommandRun.OfFiles("capture", [with.Target], folder.Path, "--method", "signal").Json["captures"]![0]!;
        Assert.Equal(ServingNode.Sessions, Count(folder.File(capture["file"]!.ToString()), "Session"));
        Assert.Empty(Directory.GetFiles(folder.Path, "*.heapsnapshot"));
        InputException e = Assert.Throws<InputException>(() => CommandRun.OfFiles("capture", [without.Target], folder.Path, "--method", "signal"));
        Assert.Contains("--heapsnapshot-signal", e.Message, StringComparison.Ordinal);
        with.AssertUnharmed();
        without.AssertUnharmed();
    }

    [Fact]
    public void An_application_is_asked_as_Lodestar_wants_and_waited_for_where_it_is_busy()
    {
        using var folder = new TemporaryFolder();
        var asked = new List<string>();
        using var server = new PageServer(path =>
        {
            asked.Add(path);
            if (asked.Count == 1) return (500, "", """{"message":"Already writing heapdump"}""");
            string file = folder.File("written.heapsnapshot");
            File.Copy(Path.Combine(RepositoryFiles.Root, "tests", "Holdfast.Tests", "Fixtures", "small-node24.json"), file, overwrite: true);
            return (200, "", "{\"data\":{\"filepath\":\"" + file + "\"}}");
        });
        JsonNode capture = CommandRun.OfFiles("capture", [server.Address], folder.Path, "--method", "rest", "--thread", "network").Json["captures"]![0]!;
        Assert.Equal(2, asked.Count);
        Assert.Equal($"/eth/v1/lodestar/write_heapdump?thread=network&dirpath={Uri.EscapeDataString(folder.Path)}", asked[1]);
        Assert.Equal("network", capture["thread"]!.ToString());
        Assert.True((int)CommandRun.OfFiles("summary", [folder.File(capture["file"]!.ToString())]).Json["node_count"]! > 0);
        JsonNode other = CommandRun.OfFiles("capture", [server.Address], folder.Path, "--url", "GET /dump?t={thread}", "--json-path", "data.filepath").Json["captures"]![0]!;
        Assert.Equal("/dump?t=main", asked[2]);
        Assert.Equal("rest", other["method"]!.ToString());
    }

    [Theory]
    [InlineData(302, "Location: http://127.0.0.1:1/\r\n", "", "which is another host than was named")]
    [InlineData(404, "", "nothing here", "answered 404: nothing here")]
    [InlineData(200, "", "{}", "with the file's path at data.filepath")]
    [InlineData(200, "", """{"data":{"filepath":"/nowhere/x.heapsnapshot"}}""", "is not on this machine")]
    public void What_an_application_answers_wrongly_is_said(int status, string headers, string body, string message)
    {
        using var folder = new TemporaryFolder();
        using var server = new PageServer(_ => (status, headers, body));
        InputException e = Assert.Throws<InputException>(() => CommandRun.OfFiles("capture", [server.Address], folder.Path, "--method", "rest"));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Three_captures_of_a_leak_are_a_series_that_leaks_reads_from_the_folder()
    {
        using var server = new ServingNode(LiveNode.AnyBinary());
        using var folder = new TemporaryFolder();
        server.Ask("/leak");
        CommandRun run = CommandRun.OfFiles("capture", [server.Target], folder.Path, "--count", "3", "--every", "1500ms", "--then", "leaks");
        Assert.Equal(3, run.Json["captures"]!.AsArray().Count);
        Assert.True(run.Json["leaks"]!["verdict"]!.ToString() == "leak", run.Json.ToJsonString());
        Assert.True(run.Result.Found);
        JsonNode leaks = CommandRun.OfFiles("leaks", [folder.Path]).Json;
        Assert.Equal("leak", leaks["verdict"]!.ToString());
        Assert.Equal("Held", leaks["suspects"]![0]!["constructor"]!.ToString());
        server.AssertUnharmed();
    }

    [Fact]
    public async Task Growth_is_waited_for()
    {
        using var node = new LiveNode(LiveNode.AnyBinary(), "const held = []; process.stdin.on('data', () => { for (let i = 0; i < 40; i++) held.push(Buffer.alloc(1 << 20, 1)); }); console.log('ready')");
        using var folder = new TemporaryFolder();
        Task<CommandRun> run = Task.Run(() => CommandRun.OfFiles("capture", [node.Target], folder.Path, "--until-growth", "20%"), TestContext.Current.CancellationToken);
        await Task.Delay(2500, TestContext.Current.CancellationToken);
        Assert.False(run.IsCompleted);
        node.Tell("grow");
        Assert.Equal(2, (await run).Json["captures"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("pid:999999999", "there is no such process")]
    [InlineData("pid:x", "expected the id of a process")]
    [InlineData("nowhere", "is no target")]
    [InlineData("http://127.0.0.1:1", "127.0.0.1:1")]
    public void What_is_not_there_is_said(string target, string message)
    {
        using var folder = new TemporaryFolder();
        InputException e = Assert.Throws<InputException>(() => CommandRun.OfFiles("capture", [target], folder.Path));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void What_is_not_Node_is_not_touched()
    {
        using var sleep = System.Diagnostics.Process.Start("sleep", ["60"]);
        try
        {
            using var folder = new TemporaryFolder();
            foreach (string method in (string[])["auto", "memory", "inspector", "signal"])
            {
                InputException e = Assert.Throws<InputException>(() => CommandRun.OfFiles("capture", [$"pid:{sleep.Id}"], folder.Path, "--method", method));
                Assert.Contains("is no Node.js", e.Message, StringComparison.Ordinal);
            }

            InputException input = Assert.Throws<InputException>(() => CommandRun.OfFiles("summary", [$"pid:{sleep.Id}"]));
            Assert.Contains("is no Node.js", input.Message, StringComparison.Ordinal);
            Assert.False(sleep.HasExited);
        }
        finally
        {
            sleep.Kill();
        }
    }

    [Theory]
    [InlineData("say when to take the next", "--count", "3")]
    [InlineData("expected 1 to", "--count", "0")]
    [InlineData("give one of them", "--count", "2", "--every", "1s", "--until-growth", "5%")]
    [InlineData("expected a share", "--until-growth", "much")]
    [InlineData("asks an application", "--method", "rest")]
    public void Options_that_do_not_fit_are_refused(string message, params string[] options)
    {
        using var node = new LiveNode(LiveNode.AnyBinary(), "console.log('ready'); setInterval(() => {}, 1000)");
        using var folder = new TemporaryFolder();
        InputException e = Assert.Throws<InputException>(() => CommandRun.OfFiles("capture", [node.Target], [folder.Path, .. options]));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "without holdfast-captures.json")]
    [InlineData("{", "is not a list of captures")]
    [InlineData("{}", "no list of captures whose files are in its folder")]
    [InlineData("""{"captures":[{"file":"../x","target":"pid:1","host":"h","thread":"main","method":"memory","kind":"core","time":"2026-01-01T00:00:00Z","bytes":1}]}""", "whose files are in its folder")]
    [InlineData("""{"captures":[]}""", "found captures of nothing")]
    [InlineData("""{"captures":[{"file":"a","target":"pid:1","host":"h","thread":"x","method":"inspector","kind":"heapsnapshot","time":"2026-01-01T00:00:00Z","bytes":1},{"file":"b","target":"pid:1","host":"h","thread":"y","method":"inspector","kind":"heapsnapshot","time":"2026-01-01T00:00:00Z","bytes":1}]}""", "Choose with --thread")]
    public void A_folder_that_is_no_series_is_explained(string? list, string message)
    {
        using var folder = new TemporaryFolder();
        if (list is not null) File.WriteAllText(folder.File("holdfast-captures.json"), list);
        InputException e = Assert.Throws<InputException>(() => CommandRun.OfFiles("leaks", [folder.Path]));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    private static int Count(string file, string constructor) =>
        (int)CommandRun.OfFiles("summary", [file], "--limit", "0").Json["classes"]!.AsArray().Single(c => c!["name"]!.ToString() == constructor)!["count"]!;
}
