using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Holdfast.Common;
using Holdfast.Sources.Live;
using Holdfast.Tests.Cores;
using Holdfast.Tests.Fixtures;
using LiveHeap = Holdfast.Sources.Live.LiveHeap;
using NodeProcess = Holdfast.Sources.Live.NodeProcess;

namespace Holdfast.Tests.Live;

/// <summary>Real processes of Node, from outside.</summary>
public sealed class LiveProcessTests
{
    /// <summary>Says how large its spaces are, then does nothing more.</summary>
    private const string Steady = """
        const v8 = require('v8'); const keep = [];
        for (let i = 0; i < 200000; i++) keep.push({ i, s: 'x' + i });
        keep.push(new Array(400000).fill(1)); gc(); gc();
        setInterval(() => keep.length, 1e8);
        setTimeout(() => console.log(JSON.stringify(v8.getHeapSpaceStatistics())), 300);
        """;

    public static IEnumerable<ITheoryDataRow> Nodes => NodeBinaries.All();

    [Theory]
    [MemberData(nameof(Nodes))]
    public void Spaces_are_as_large_from_outside_as_the_process_says_itself(string major)
    {
        using var node = new LiveNode(NodeBinaries.Of(major), Steady, "--expose-gc");
        JsonArray spaces = JsonNode.Parse(node.Ready)!.AsArray();
        var proc = new ProcFolder();
        NodeProcess process = new NodeProcesses(proc).Get(node.Pid);
        Assert.StartsWith(major + ".", process.Version, StringComparison.Ordinal);
        Assert.True(process is { Inspector: null, CanOpenInspector: true, Access.CanReadMemory: true }, process.ToString());
        using ProcessMemory memory = ProcessMemory.TryOpen(proc, node.Pid)!;
        List<LivePage> pages = LiveHeap.Read(memory, MemoryMapping.ReadAll(proc, node.Pid)!, node.Target, Work.Unwatched);
        foreach (string name in (string[])[LivePage.Old, LivePage.Code, LivePage.Large])
        {
            // All large objects are one here, those of code and of the young generation too.
            long Sum(string field) => spaces.Where(s => (string)s!["space_name"]! == name || (name == LivePage.Large && ((string)s["space_name"]!).Contains("large_object", StringComparison.Ordinal))).Sum(s => (long)s![field]!);
            LivePage[] own = [.. pages.Where(p => p.IsListed && p.Space == name && p.Heap != 0)];
            // Printing allocates; a page or two may come after the figures.
            Assert.InRange(own.Sum(p => p.Bytes), Sum("space_size") - (2 << 18), Sum("space_size") + (4 << 18));
            Assert.InRange(own.Sum(p => p.Allocated), Sum("space_used_size") - (2 << 18), Sum("space_used_size") + (4 << 18));
        }
    }

    [Fact]
    public void A_program_under_another_name_is_found_with_its_open_inspector_and_one_that_is_not_Node_is_not()
    {
        string binary = LiveNode.AnyBinary();
        using var folder = new TemporaryFolder();
        string renamed = folder.File("queue");
        File.Copy(File.ResolveLinkTarget(binary, true)?.FullName ?? Which(binary), renamed);
        int port = FreePort();
        using var node = new LiveNode(renamed, "console.log('ready'); setInterval(() => 0, 1e8)", $"--inspect={port}");
        using Process other = Process.Start(new ProcessStartInfo("sleep", "100"))!;
        try
        {
            NodeProcess[] all = [.. new NodeProcesses(new ProcFolder()).All(Work.Unwatched)];
            NodeProcess found = all.Single(p => p.Pid == node.Pid);
            Assert.Equal(new IPEndPoint(IPAddress.Loopback, port), found.Inspector);
            Assert.Equal("-e", found.Arguments.Script);
            Assert.DoesNotContain(all, p => p.Pid == other.Id);
            ProcessAnswer answer = HoldfastProcess.Run("ps");
            Assert.Contains($"127.0.0.1:{port}", answer.Output, StringComparison.Ordinal);
            Assert.False(node.HasExited);
        }
        finally
        {
            other.Kill();
        }
    }

    private static string Which(string name) => Path.IsPathRooted(name) ? name
        : Environment.GetEnvironmentVariable("PATH")!.Split(':').Select(f => Path.Combine(f, name)).First(File.Exists);

    internal static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
