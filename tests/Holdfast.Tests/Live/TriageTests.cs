using System.Diagnostics;
using System.Text.Json.Nodes;
using Holdfast.Commands;
using Holdfast.Tests.Cores;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Live;

/// <summary><c>triage</c> of real processes and of a core.</summary>
public sealed class TriageTests
{
    private const string Wait = "console.log(JSON.stringify(process.memoryUsage())); setInterval(() => globalThis.kept.length, 1e8);";
    private const string Objects = "globalThis.kept = []; for (let i = 0; i < 1500000; i++) kept.push({ i, text: 'x' + i }); gc(); gc();";
    private const string Buffers = "globalThis.kept = []; for (let i = 0; i < 40; i++) kept.push(Buffer.alloc(1 << 20, 1)); for (let i = 0; i < 3000; i++) kept.push(Buffer.alloc(20000, 1)); gc();";

    /// <summary>Keys are copied into memory of OpenSSL's that V8 is not told of.</summary>
    private const string Keys = "const { createSecretKey } = require('crypto'); globalThis.kept = []; for (let i = 0; i < 100; i++) kept.push(createSecretKey(Buffer.alloc(1 << 20, i + 1))); gc(); gc();";

    /// <summary>Many blocks, of which one in fifty stays.</summary>
    private const string Holes = "globalThis.kept = []; for (let i = 0; i < 8000; i++) kept.push(Buffer.alloc(20000, 1)); setTimeout(() => { kept = kept.filter((_, i) => i % 50 === 0); }, 50); setTimeout(() => { gc(); gc(); }, 200);";

    public static IEnumerable<ITheoryDataRow> Nodes => NodeBinaries.All();

    [Theory]
    [MemberData(nameof(Nodes))]
    public void Buffers_objects_native_memory_and_holes_are_told_apart(string major)
    {
        foreach ((string script, string verdict) in ((string, string)[])[(Objects, "js_heap"), (Buffers, "external_buffers"), (Keys, "native"), (Holes, "fragmentation")])
        {
            // What garbage collection frees, it frees on another thread.
            using var node = new LiveNode(NodeBinaries.Of(major), $"{script} setTimeout(() => {{ {Wait} }}, 700)", "--expose-gc", "--no-node-snapshot");
            JsonNode said = JsonNode.Parse(node.Ready)!, found = Triage(node.Target);
            Assert.True(verdict == (string)found["verdict"]!, $"{major}: {verdict} expected, found {found.ToJsonString()}");
            long rss = (long)found["rss"]!;
            Assert.InRange((double)rss / (long)said["rss"]!, 0.9, 1.1);
            Assert.Equal(rss, found["causes"]!.AsArray().Sum(c => (long)c!["bytes"]!));
            Assert.InRange(found["parts"]!.AsArray().Sum(p => (long)p!["resident"]!) / (double)rss, 0.98, 1.02);
            JsonNode heap = found["heaps"]![0]!;
            Assert.Equal("main", (string)heap["thread"]!);

            // Printing makes a stream, with some of what it has outside.
            Assert.InRange((long)heap["external"]!, (long)said["external"]! - 100_000, (long)said["external"]! + 600_000);
            Assert.InRange((long)heap["array_buffers"]!, (long)said["arrayBuffers"]! - 100_000, (long)said["arrayBuffers"]! + 100_000);
            Assert.False(node.HasExited);
        }
    }

    [Fact]
    public void Two_looks_judge_growth_and_name_the_next_command()
    {
        string binary = LiveNode.AnyBinary();
        using var leaking = new LiveNode(binary, "globalThis.kept = []; console.log('ready'); setInterval(() => { for (let i = 0; i < 20000; i++) kept.push({ i, text: 'x' + i }); }, 20)");
        using var large = new LiveNode(binary, Objects + Wait, "--expose-gc");
        ProcessAnswer grows = HoldfastProcess.Run("triage", leaking.Target, "--every", "4s", "--format", "json");
        JsonNode found = JsonNode.Parse(grows.Output)!;
        Assert.Equal((1, "js_heap"), (grows.ExitCode, (string)found["verdict"]!));
        Assert.True((long)found["rss_growth"]! > 5 << 20 && (double)found["seconds"]! >= 4);
        Assert.Contains(leaking.Pid.ToString(System.Globalization.CultureInfo.InvariantCulture), (string)found["next_command"]!, StringComparison.Ordinal);
        ProcessAnswer stands = HoldfastProcess.Run("triage", large.Target, "--every", "2s", "--format", "json");
        Assert.Equal((0, "not_growing"), (stands.ExitCode, (string)JsonNode.Parse(stands.Output)!["verdict"]!));
    }

    [Fact]
    public void A_hung_process_and_its_workers_are_seen_as_others_are()
    {
        using var node = new LiveNode(LiveNode.AnyBinary(), """
            const { Worker } = require('worker_threads');
            for (let i = 0; i < 2; i++) new Worker('globalThis.kept = []; for (let i = 0; i < 200000; i++) kept.push({ i }); require("worker_threads").parentPort.postMessage(0); setInterval(() => kept.length, 1e8)', { eval: true }).on('message', ready);
            let count = 0;
            function ready() { if (++count === 2) { console.log('ready'); setTimeout(() => { while (true); }, 50); } }
            """);
        Thread.Sleep(300);
        JsonNode found = Triage(node.Target);
        Assert.Equal(["main", "worker-1", "worker-2", "shared"], found["heaps"]!.AsArray().Select(h => (string)h!["thread"]!));
        Assert.All(found["heaps"]!.AsArray().Skip(1).Take(2), h => Assert.True((long)h!["resident"]! > 4 << 20));
        Assert.True((int)found["thread_count"]! >= 3 && (int)found["open_file_count"]! > 5);
        Assert.True((long)found["machine"]!["total"]! > (long)found["machine"]!["available"]!);
        Assert.False(node.HasExited);
    }

    [Fact]
    public void A_core_is_sorted_as_the_process_was()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "cores are written by Linux: run this there");
        using var folder = new TemporaryFolder();
        string core = CrashedNode.Run(LiveNode.AnyBinary(), ["--expose-gc", "-"], "", Buffers + "process.abort()", folder);
        ProcessAnswer answer = HoldfastProcess.Run("triage", core, "--format", "json");
        JsonNode found = JsonNode.Parse(answer.Output)!;
        Assert.Equal((0, "external_buffers"), (answer.ExitCode, (string)found["verdict"]!));
        long Part(string kind) => found["parts"]!.AsArray().Where(p => (string)p!["kind"]! == kind).Sum(p => (long)p!["resident"]!);
        Assert.InRange(Part("malloc_large"), 40L << 20, 60L << 20);
        Assert.InRange(Part("malloc_main"), 55L << 20, 90L << 20);
        Assert.True((int)found["thread_count"]! > 3);
        Assert.Equal(2, HoldfastProcess.Run("triage", core, "--every", "1s").ExitCode);
    }

    [Fact]
    public void What_cannot_be_looked_at_is_said_with_what_to_do()
    {
        LiveNode.AnyBinary();
        using Process sleep = Process.Start(new ProcessStartInfo("sleep", "100"))!;
        try
        {
            AssertFails("no Node.js", "triage", $"pid:{sleep.Id}");
            AssertFails("no such process", "triage", "pid:999999999");
            AssertFails("Expected pid:N", "triage", "http://127.0.0.1:9229");
            AssertFails("no core dump", "triage", "samples/node26.heapsnapshot.zst");
            Assert.False(sleep.WaitForExit(200));
        }
        finally
        {
            sleep.Kill();
        }
    }

    [Fact]
    public void A_process_of_another_user_is_listed_and_not_looked_into()
    {
        string binary = LiveNode.AnyBinary();
        TerminalProcess.SkipWithout("setpriv");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "another user is needed: run this as root");
        using var node = new LiveNode(binary, "globalThis.kept = []; " + Wait);
        ProcessAnswer list = AsNobody("ps", "--format", "json");
        JsonNode? own = JsonNode.Parse(list.Output)!["processes"]!.AsArray().SingleOrDefault(p => (int)p!["pid"]! == node.Pid);
        Assert.True(own is not null, list.Output + list.Error);
        Assert.Empty(own["may"]!.AsArray());
        Assert.Contains("is of user 0", (string)own["reason"]!, StringComparison.Ordinal);
        ProcessAnswer refused = AsNobody("triage", node.Target);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("user 0", refused.Error, StringComparison.Ordinal);
        ProcessAnswer signal = AsNobody("watch", node.Target, "--for", "1s", "--open-inspector");
        Assert.Equal(2, signal.ExitCode);
        Assert.Contains("may not send it signals", signal.Error, StringComparison.Ordinal);
        Assert.Equal(0, AsNobody("watch", node.Target, "--for", "1s", "--every", "200ms").ExitCode);
        Assert.False(node.HasExited);
    }

    [Theory]
    [InlineData("js_heap")]
    [InlineData("external_buffers")]
    [InlineData("native")]
    [InlineData("not_growing")]
    public void The_next_command_is_one_there_is(string verdict)
    {
        foreach (string target in (string[])["pid:12", "some.core"])
        {
            foreach (long? growth in (long?[])[null, 5L])
            {
                Holdfast.Analyses.Residency.ResidencyVerdict value = Enum.GetValues<Holdfast.Analyses.Residency.ResidencyVerdict>().Single(v => TriageAdvice.Name(v) == verdict);
                var report = new Holdfast.Analyses.Residency.ResidencyReport(value, [], true, growth);
                string next = TriageAdvice.Next(report, target, name => CommandRegistry.All.Any(c => c.Name == name));
                string[] words = next.Split(' ');
                for (int i = 0; i < words.Length; i++)
                {
                    if (words[i] == "holdfast") Assert.Contains(CommandRegistry.All, c => c.Name == words[i + 1]);
                }
            }
        }
    }

    private static JsonNode Triage(string target)
    {
        ProcessAnswer answer = HoldfastProcess.Run("triage", target, "--format", "json");
        Assert.True(answer.ExitCode == 0, answer.Error);
        return JsonNode.Parse(answer.Output)!;
    }

    private static void AssertFails(string message, params string[] line)
    {
        ProcessAnswer answer = HoldfastProcess.Run(line);
        Assert.Equal((2, ""), (answer.ExitCode, answer.Output));
        Assert.Contains(message, answer.Error, StringComparison.Ordinal);
    }

    private static ProcessAnswer AsNobody(params string[] line)
    {
        const string Nobody = "65534";
        var start = new ProcessStartInfo("setpriv") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = RepositoryFiles.Root };
        string dotnet = Environment.ProcessPath is { } own && Path.GetFileName(own) == "dotnet" ? own : "dotnet";
        foreach (string word in (string[])[$"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", dotnet, Path.Combine(AppContext.BaseDirectory, "Holdfast.Cli.dll"), .. line]) start.ArgumentList.Add(word);
        start.Environment["HOME"] = Path.GetTempPath();
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new ProcessAnswer(process.ExitCode, output, error.Result);
    }
}
