using System.Diagnostics;
using System.Text.Json.Nodes;
using Holdfast.Common;
using Holdfast.Sources.Live;
using Holdfast.Sources.Live.Capture;
using Holdfast.Tests.Commands;
using Holdfast.Tests.Cores;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Live;

/// <summary>Capturing the memory of real processes: what it gives, and that nothing happens to them.</summary>
public sealed class MemoryCaptureTests
{
    /// <summary>A whole core is large; one version is enough.</summary>
    private const string WithFull = "20";

    public static IEnumerable<ITheoryDataRow> Nodes => NodeBinaries.All();

    [Theory]
    [MemberData(nameof(Nodes), DisableDiscoveryEnumeration = true)]
    public void A_captured_heap_answers_as_a_core_of_the_same_moment_does(string major)
    {
        using var folder = new TemporaryFolder();
        string captured = "", live = "";
        using var program = new DumpedProgram(NodeBinaries.Of(major), "debugger", major == "22" ? ["--disable-wasm-trap-handler"] : [], pid =>
        {
            // By another process: this one is its parent, which .NET would tell that it has ended.
            JsonNode record = Run("capture", $"pid:{pid}", folder.Path);
            captured = folder.File(record["captures"]![0]!["file"]!.ToString());
            live = Run("constructors", $"pid:{pid}").ToJsonString();
            if (major == WithFull) _ = Run("capture", $"pid:{pid}", folder.Path, "--full");
        });
        string? full = Directory.GetFiles(folder.Path, "*.core.zst").SingleOrDefault();
        Assert.Equal(major == WithFull, full is not null);
        foreach (string command in (string[])["summary", "objects", "handles", "requests", "workqueue", "modules", "env", "constructors"])
        {
            string core = Answer(command, program.Core);
            Assert.True(core == Answer(command, captured), $"{command}: the core says {core}\nthe capture {Answer(command, captured)}");
            if (full is not null && command is ("summary" or "handles")) Assert.True(core == Answer(command, full), $"{command}: the core says {core}\nthe full capture {Answer(command, full)}");
        }

        Assert.Equal(Answer("constructors", program.Core), live);
        Assert.Equal(Frames(program.Core), Frames(captured));
    }

    [Theory]
    [MemberData(nameof(Nodes), DisableDiscoveryEnumeration = true)]
    public void A_hundred_captures_in_a_row_leave_a_process_healthy(string major)
    {
        using var server = new ServingNode(NodeBinaries.Of(major));
        using var folder = new TemporaryFolder();
        var proc = new ProcFolder();
        var options = new MemoryCaptureOptions(false, false, folder.Path);
        server.Ask();
        for (int i = 0; i < 5; i++) MemoryCapture.Run(proc, server.Node.Pid, server.Target, options, Work.Unwatched).Core.Dispose();
        long anonymous = ProcessStatus.Read(proc, server.Node.Pid)!.RssAnonymous;
        for (int i = 0; i < 100; i++)
        {
            using FileStream core = MemoryCapture.Run(proc, server.Node.Pid, server.Target, options, Work.Unwatched).Core;
            Assert.True(core.Length > 1 << 20);
            if (i % 10 == 0) server.AssertUnharmed();
        }

        server.AssertUnharmed();
        long grown = ProcessStatus.Read(proc, server.Node.Pid)!.RssAnonymous - anonymous;
        Assert.True(grown < 16 << 20, $"100 captures and some requests made it grow by {grown} bytes");
    }

    [Theory]
    [MemberData(nameof(Nodes), DisableDiscoveryEnumeration = true)]
    public void Objects_of_the_main_thread_and_of_workers_are_in_the_file(string major)
    {
        using var server = new ServingNode(NodeBinaries.Of(major));
        using var folder = new TemporaryFolder();
        CommandRun run = CommandRun.OfFiles("capture", [server.Target], folder.Path);
        JsonNode capture = run.Json["captures"]![0]!;
        Assert.Equal("memory", capture["method"]!.ToString());
        Assert.True((double)capture["pause_milliseconds"]! > 0);
        string file = folder.File(capture["file"]!.ToString());
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(ServingNode.Sessions, (int)CommandRun.OfFiles("instances", [file], "Session", "--limit", "1").Json["count"]!);
        Assert.Equal(321, (int)CommandRun.OfFiles("instances", [file], "Job", "--limit", "1", "--thread", "worker-1").Json["count"]!);
        server.AssertUnharmed();
    }

    [Fact]
    public void A_process_that_spins_is_captured_and_its_stack_says_where()
    {
        using var node = new LiveNode(LiveNode.AnyBinary(), "function spinsForEver() { for (let i = 0; ; i++) globalThis.i = i; } setTimeout(spinsForEver, 20); console.log('ready')");
        Thread.Sleep(300);
        JsonNode bt = CommandRun.OfFiles("bt", [node.Target]).Json;
        Assert.Contains("spinsForEver", bt.ToJsonString(), StringComparison.Ordinal);
        Assert.False(node.HasExited);
    }

    [Fact]
    public void A_shell_takes_the_memory_once_and_asks_that()
    {
        using var server = new ServingNode(LiveNode.AnyBinary());
        ProcessAnswer answer = HoldfastProcess.Run("shell", server.Target, "-c", "instances Session --limit 1; bt --limit 2; summary --limit 2; threads");
        Assert.True(answer.ExitCode == 0, answer.Error);
        Assert.Contains($"{ServingNode.Sessions - 1:N0} more instances", answer.Output, StringComparison.Ordinal);
        Assert.Equal(2, answer.Error.Split("stood still for").Length);
        server.AssertUnharmed();
    }

    [Fact]
    public void A_process_near_its_heap_limit_is_captured_and_lives_on()
    {
        const string Fill = "const held = []; while (process.memoryUsage().heapUsed < 52 * 2 ** 20) held.push(new Array(1000).fill(held.length)); setInterval(() => held.length, 100); console.log('full')";
        using var node = new LiveNode(LiveNode.AnyBinary(), Fill, "--max-old-space-size=64");
        using var folder = new TemporaryFolder();
        JsonNode capture = CommandRun.OfFiles("capture", [node.Target], folder.Path).Json["captures"]![0]!;
        Assert.True((long)CommandRun.OfFiles("summary", [folder.File(capture["file"]!.ToString())]).Json["total_size"]! > 50 << 20);
        Assert.False(node.HasExited);
    }

    [Fact]
    public void Large_buffers_are_left_out_and_counted_unless_asked_for()
    {
        using var node = new LiveNode(LiveNode.AnyBinary(), "globalThis.b = Array.from({ length: 20 }, (_, i) => Buffer.alloc(4 << 20, i + 1)); console.log('ready'); setInterval(() => {}, 1000)");
        using var folder = new TemporaryFolder();
        JsonNode without = CommandRun.OfFiles("capture", [node.Target], folder.Path).Json["captures"]![0]!;
        JsonNode with = CommandRun.OfFiles("capture", [node.Target], folder.Path, "--with-buffers").Json["captures"]![0]!;
        Assert.InRange((long)without["left_out_bytes"]!, 70L << 20, 90L << 20);
        Assert.Equal(0, (long)with["left_out_bytes"]!);
        Assert.True((long)with["memory_bytes"]! - (long)without["memory_bytes"]! > 70 << 20);
        JsonNode Classes(JsonNode capture) => CommandRun.OfFiles("constructors", [folder.File(capture["file"]!.ToString())]).Json;
        Assert.Equal(Classes(with).ToJsonString(), Classes(without).ToJsonString());
    }

    [Fact]
    public void Killing_holdfast_at_any_moment_lets_the_process_go_on()
    {
        using var server = new ServingNode(LiveNode.AnyBinary());
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 8; i++)
        {
            using Process holdfast = HoldfastProcess.Start(["capture", server.Target, folder.Path]);
            Thread.Sleep(150 + (i * 60));
            holdfast.Kill();
            holdfast.WaitForExit();
            server.AssertUnharmed();
        }
    }

    [Fact]
    public void A_thread_that_stopped_a_process_and_ends_lets_it_go_on()
    {
        using var server = new ServingNode(LiveNode.AnyBinary());
        StoppedProcess? stopped = null;
        string during = "";
        var thread = new Thread(() =>
        {
            stopped = new StoppedProcess(new ProcFolder(), server.Node.Pid, server.Target);
            during = File.ReadAllText($"/proc/{server.Node.Pid}/status");
        });
        thread.Start();
        thread.Join();
        Assert.Matches(@"State:\tt", during);
        Assert.NotNull(stopped);
        SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{server.Node.Pid}/status").Contains("TracerPid:\t0", StringComparison.Ordinal), TimeSpan.FromSeconds(10));
        server.AssertUnharmed();
    }

    [Fact]
    public void A_process_that_another_traces_is_left_alone_and_that_is_said()
    {
        using var server = new ServingNode(LiveNode.AnyBinary());
        using var stopped = new ManualResetEventSlim();
        using var done = new ManualResetEventSlim();
        var tracer = new Thread(() =>
        {
            using var process = new StoppedProcess(new ProcFolder(), server.Node.Pid, server.Target);
            stopped.Set();
            done.Wait();
        });
        tracer.Start();
        stopped.Wait(TestContext.Current.CancellationToken);
        try
        {
            using var folder = new TemporaryFolder();
            InputException e = Assert.Throws<InputException>(() => CommandRun.OfFiles("capture", [server.Target], folder.Path));
            Assert.Contains("is being traced by", e.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(folder.Path));
        }
        finally
        {
            done.Set();
            tracer.Join();
        }

        server.AssertUnharmed();
    }

    [Fact]
    public void A_process_that_the_user_stopped_stays_stopped()
    {
        using var server = new ServingNode(LiveNode.AnyBinary());
        using var folder = new TemporaryFolder();
        using (var stop = Process.Start("kill", ["-STOP", $"{server.Node.Pid}"])) stop.WaitForExit();
        SpinWait.SpinUntil(() => ProcessStatus.Read(new ProcFolder(), server.Node.Pid)!.IsStopped, TimeSpan.FromSeconds(5));
        _ = CommandRun.OfFiles("capture", [server.Target], folder.Path);
        SpinWait.SpinUntil(() => ProcessStatus.Read(new ProcFolder(), server.Node.Pid)!.State == 'T', TimeSpan.FromSeconds(5));
        Assert.Equal('T', ProcessStatus.Read(new ProcFolder(), server.Node.Pid)!.State);
        using (var go = Process.Start("kill", ["-CONT", $"{server.Node.Pid}"])) go.WaitForExit();
        server.AssertUnharmed();
    }

    [Theory]
    [InlineData("looking at the process")]
    [InlineData("making room")]
    [InlineData("copying")]
    public void A_process_that_dies_meanwhile_is_an_error_and_no_file(string stage)
    {
        using var server = new ServingNode(LiveNode.AnyBinary());
        using var folder = new TemporaryFolder();
        var work = new Work(new Watcher(step =>
        {
            if (step.Stage != stage) return;
            server.Node.Kill();
            SpinWait.SpinUntil(() => ProcessStatus.Read(new ProcFolder(), server.Node.Pid) is not { IsZombie: false }, TimeSpan.FromSeconds(5));
        }));
        InputException e = Assert.Throws<InputException>(() => MemoryCapture.Run(new ProcFolder(), server.Node.Pid, server.Target, new MemoryCaptureOptions(false, false, folder.Path), work));
        Assert.StartsWith(server.Target, e.Message, StringComparison.Ordinal);
        Assert.Contains("ended", e.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Where_memory_is_short_the_copy_is_a_file_that_is_gone_afterwards()
    {
        using var server = new ServingNode(LiveNode.AnyBinary());
        using var folder = new TemporaryFolder();
        using CaptureBuffer buffer = CaptureBuffer.Create(folder.Path, onDisk: true);
        buffer.Reserve(8 << 20);
        Assert.Empty(Directory.GetFiles(folder.Path));
        using FileStream file = buffer.ToFile(5 << 20);
        Assert.Equal(5 << 20, file.Length);
    }

    [Fact]
    public void A_full_disk_is_an_error_and_nothing_is_left_under_the_final_name()
    {
        using var server = new ServingNode(LiveNode.AnyBinary());
        using var folder = new TemporaryFolder();
        using (var mount = Process.Start(new ProcessStartInfo("mount", ["-t", "tmpfs", "-o", "size=512k", "tmpfs", folder.Path]) { RedirectStandardError = true })!)
        {
            mount.WaitForExit();
            Assert.SkipWhen(mount.ExitCode != 0, "a small file system cannot be mounted here: run this as root");
        }

        try
        {
            InputException e = Assert.Throws<InputException>(() => CommandRun.OfFiles("capture", [server.Target], folder.Path));
            Assert.Contains("cannot be written", e.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.GetFiles(folder.Path));
            server.AssertUnharmed();
        }
        finally
        {
            using Process umount = Process.Start("umount", [folder.Path]);
            umount.WaitForExit();
        }
    }

    [Fact]
    public void Of_another_user_nothing_is_taken_and_the_reason_is_said()
    {
        using var server = new ServingNode(LiveNode.AnyBinary());
        using var folder = new TemporaryFolder();
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can become another user: run this as root");
        var start = new ProcessStartInfo("setpriv") { RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        foreach (string word in (string[])["--reuid=65534", "--regid=65534", "--clear-groups", "dotnet", Path.Combine(AppContext.BaseDirectory, "Holdfast.Cli.dll"), "capture", server.Target, "/tmp", "--method", "memory"]) start.ArgumentList.Add(word);
        start.Environment["HOME"] = "/tmp";
        start.Environment["DOTNET_CLI_HOME"] = "/tmp";
        using Process other = Process.Start(start)!;
        string error = other.StandardError.ReadToEnd();
        other.WaitForExit();
        Assert.SkipWhen(error.Contains("Permission denied", StringComparison.Ordinal) && !error.Contains("holdfast:", StringComparison.Ordinal), $"another user cannot run the program from here: {error}");
        Assert.Equal(2, other.ExitCode);
        Assert.Matches("of user 0|as that user or as root", error);
        server.AssertUnharmed();
    }

    private static JsonNode Run(params string[] words)
    {
        ProcessAnswer answer = HoldfastProcess.Run([.. words, "--format", "json"]);
        Assert.True(answer.ExitCode == 0, answer.Error);
        return JsonNode.Parse(answer.Output)!;
    }

    private static string Answer(string command, string file)
    {
        JsonNode json = CommandRun.OfFiles(command, [file]).Json;

        // What is of the file, and the signal that gdb stops with, are not of the process.
        if (json is JsonObject of) of.Remove("path");
        if (json["facts"] is JsonArray facts) facts.Where(f => f!["name"]!.ToString() == "signal").ToList().ForEach(f => facts.Remove(f));
        return json.ToJsonString();
    }

    /// <summary>Frames of V8's; of native ones a packed core has only module and offset, not the program's names.</summary>
    private static string Frames(string file) => string.Join('\n', CommandRun.OfFiles("bt", [file]).Json["threads"]!.AsArray().SelectMany(t => t!["thread"]!["frames"]!.AsArray()).Where(f => f!["kind"]!.ToString() != "native").Select(f => $"{f!["kind"]} {f["name"]} {f["line"]}:{f["column"]}"));

    private sealed class Watcher(Action<ProgressStep> seen) : IProgress<ProgressStep>
    {
        public void Report(ProgressStep value) => seen(value);
    }
}
