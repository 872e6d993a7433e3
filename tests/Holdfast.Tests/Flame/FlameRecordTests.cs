using System.Diagnostics;
using System.Text.Json.Nodes;
using Holdfast.Tests.Cores;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Flame;

/// <summary>A real Node under the machine's perf.</summary>
public sealed class FlameRecordTests
{
    private const string Program = """
        const kept = [];
        function growForEver() { for (let i = 0; i < 500; i++) kept.push(new Array(64).fill(i)); }
        function churn() { let s = 0; for (let i = 0; i < 1e5; i++) s = (s + i) | 0; return s; }
        console.log('ready');
        setInterval(growForEver, 5);
        setInterval(churn, 5);
        setTimeout(() => process.exit(0), 60000);
        """;

    [Theory]
    [MemberData(nameof(NodeBinaries.All), MemberType = typeof(NodeBinaries))]
    public void The_growing_function_is_at_the_top_and_nothing_is_left_behind(string major)
    {
        SkipWithoutPerf();
        using Process node = Start(NodeBinaries.Of(major), "--perf-basic-prof", "--interpreted-frames-native-stack");
        try
        {
            ProcessAnswer answer = HoldfastProcess.Run("flame", "record", $"pid:{node.Id}", "--duration", "2", "--format", "json");
            Assert.True(answer.ExitCode == 0, answer.Error);
            JsonNode json = JsonNode.Parse(answer.Output)!;
            Assert.StartsWith("growForEver ", (string)json["code"]![0]!["name"]!, StringComparison.Ordinal);
            Assert.DoesNotContain("will have no names", answer.Error, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateDirectories(Path.GetTempPath(), "holdfast-flame-*"));
        }
        finally
        {
            node.Kill();
            File.Delete($"/tmp/perf-{node.Id}.map");
        }
    }

    [Theory]
    [MemberData(nameof(NodeBinaries.All), MemberType = typeof(NodeBinaries))]
    public void Without_flags_compiled_functions_are_named_from_the_process_s_memory(string major)
    {
        SkipWithoutPerf();
        using Process node = Start(NodeBinaries.Of(major));
        try
        {
            // Code that V8 threw away for better code before the recording was over has no name: then once more.
            ProcessAnswer answer = new(0, "", "");
            for (int i = 0; i < 5 && !answer.Output.Contains(";JS:growForEver ", StringComparison.Ordinal); i++)
            {
                answer = HoldfastProcess.Run("flame", "record", $"pid:{node.Id}", "--duration", "2", "--format", "folded");
                Assert.True(answer.ExitCode == 0, answer.Error);
                Assert.Contains("stood still for", answer.Error, StringComparison.Ordinal);
            }

            Assert.True(answer.Output.Contains(";JS:growForEver ", StringComparison.Ordinal), answer.Output);
            ProcessAnswer without = HoldfastProcess.Run("flame", "record", $"pid:{node.Id}", "--duration", "1", "--format", "folded", "--no-memory");
            Assert.DoesNotContain("growForEver", without.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("stood still", without.Error, StringComparison.Ordinal);
            Assert.False(node.HasExited);
        }
        finally
        {
            node.Kill();
        }
    }

    [Fact]
    public void What_will_be_missing_is_said_before()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "processes are looked at in /proc: run this on Linux");
        string? binary = NodeBinaries.AnyOf(["24", "22", "20", "18", "26"]);
        Assert.SkipWhen(binary is null, $"there is no Node.js: name a folder with some in {NodeBinaries.Variable}");
        using Process node = Start(binary!);
        try
        {
            var plan = Holdfast.Sources.Perf.RecordingPlan.Make(node.Id, "brk", 0, 5, "fp");
            Assert.Equal(("syscalls:sys_enter_brk", 1L), (plan.Event, plan.Period));
            Assert.Contains(plan.Missing, m => m.Contains("--perf-basic-prof --interpreted-frames-native-stack", StringComparison.Ordinal));
        }
        finally
        {
            node.Kill();
        }
    }

    [Theory]
    [InlineData("4711", "expected pid:N")]
    [InlineData("pid:999999999", "no such process")]
    public void A_target_that_is_none_is_refused(string target, string reason)
    {
        ProcessAnswer answer = HoldfastProcess.Run("flame", "record", target);
        Assert.Equal(2, answer.ExitCode);
        Assert.Contains(reason, answer.Error, StringComparison.Ordinal);
    }

    private static void SkipWithoutPerf()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/perf"), "there is no perf: install linux-perf to run this test");
        using Process perf = Process.Start(new ProcessStartInfo("perf", "record -q -B -e page-faults -o /dev/null -- true") { RedirectStandardError = true, RedirectStandardOutput = true })!;
        string error = perf.StandardError.ReadToEnd();
        perf.WaitForExit();
        Assert.SkipUnless(perf.ExitCode == 0, $"perf may not record here (run as root, or set kernel.perf_event_paranoid to 1): {error}");
    }

    private static Process Start(string binary, params string[] flags)
    {
        var start = new ProcessStartInfo(binary) { RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() };
        foreach (string flag in flags) start.ArgumentList.Add(flag);
        start.ArgumentList.Add("-e");
        start.ArgumentList.Add(Program);
        Process node = Process.Start(start)!;
        Assert.Equal("ready", node.StandardOutput.ReadLine());
        return node;
    }
}
