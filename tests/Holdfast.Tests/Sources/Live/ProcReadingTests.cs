using System.Net;
using Holdfast.Common;
using Holdfast.Sources.Live;

namespace Holdfast.Tests.Sources.Live;

/// <summary>What the kernel says of processes, as text.</summary>
public sealed class ProcReadingTests
{
    [Fact]
    public void A_status_has_sizes_in_bytes_the_effective_user_and_signals()
    {
        using ProcFiles files = new ProcFiles().WithProcess(7, "node", uid: 33);
        ProcessStatus status = ProcessStatus.Read(files.Proc, 7)!;
        Assert.Equal(("node", 'S', 33L, 120L * 1024, 100L * 1024, 20L * 1024, 200L * 1024), (status.Name, status.State, status.Uid, status.Rss, status.RssAnonymous, status.RssFile, status.PeakRss));
        Assert.True(status.HandlesUserSignal1);
        Assert.False(ProcessStatus.Parse("Name:\tx\nState:\tZ (zombie)\nPid:\t3\nSigCgt:\t0000000000000002\n")!.HandlesUserSignal1);
        Assert.True(ProcessStatus.Parse("Name:\tx\nState:\tZ (zombie)\nPid:\t3\n")!.IsZombie);
        Assert.Null(ProcessStatus.Parse("nothing of the kind"));
        Assert.Null(ProcessStatus.Read(files.Proc, 8));
    }

    [Fact]
    public void Mappings_are_read_from_smaps_and_from_maps()
    {
        const string Text = """
            00400000-04ff7000 r-xp 00000000 fe:00 876560                             /opt/with blank/node
            Size:              77788 kB
            Rss:               34240 kB
            Pss:               17120 kB
            Anonymous:             0 kB
            7f0000000000-7f0000040000 rw-p 00000000 00:00 0
            Rss:                 128 kB
            Anonymous:           128 kB
            Swap:                  4 kB
            VmFlags: rd wr mr mw me ac
            7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0                          [stack]
            """;
        List<MemoryMapping> found = MemoryMapping.Parse(Text);
        Assert.Equal(["/opt/with blank/node", "", "[stack]"], found.Select(m => m.Path));
        Assert.Equal((0x4bf7000L, 34240L * 1024, 17120L * 1024, 876560UL), (found[0].Size, found[0].Rss, found[0].Pss, found[0].Inode));
        Assert.True(found[0].IsExecutable && !found[0].IsWritable && !found[0].IsAnonymous);
        Assert.True(found[1].IsAnonymous && found[1].IsWritable);
        Assert.Equal((128L * 1024, 4L * 1024), (found[1].Anonymous, found[1].Swap));
        Assert.False(found[2].IsAnonymous);
        Assert.Equal(2, MemoryMapping.Parse("1000-2000 r--p 0 0:0 0\nnonsense\n3000-2000 r--p 0 0:0 0\n4000-5000 rw-p 0 0:0 0 [heap]\n").Count);
    }

    [Fact]
    public void Machine_memory_is_what_is_available_or_free()
    {
        Assert.Equal(new MachineMemory(4096, 2048), MachineMemory.Parse("MemTotal: 4 kB\nMemFree: 1 kB\nMemAvailable: 2 kB\n"));
        Assert.Equal(new MachineMemory(4096, 1024), MachineMemory.Parse("MemTotal: 4 kB\nMemFree: 1 kB\n"));
        Assert.Null(MachineMemory.Parse(""));
    }

    [Fact]
    public void Of_control_groups_of_version_2_the_tightest_limit_on_the_way_up_holds()
    {
        using ProcFiles files = new ProcFiles()
            .With("fs/memory.current", "1")
            .With("fs/shop/memory.max", "1000\n").With("fs/shop/memory.current", "700\n").With("fs/shop/memory.stat", "anon 1\ninactive_file 150\n").With("fs/shop/memory.high", "900\n")
            .With("fs/shop/web/memory.max", "max\n").With("fs/shop/web/memory.current", "500\n")
            .With("fs/shop/loose/memory.max", "5000\n");
        string groups = Path.Combine(files.Root, "fs");
        var expected = new ContainerLimits(2, groups + "/shop", 1000, 700, 150, 900);
        Assert.Equal(expected, ContainerLimits.Read("0::/shop/web\n", groups));
        Assert.Equal(expected, ContainerLimits.Read("0::/shop/loose\n", groups));
        Assert.Equal(550, expected.Unreclaimable);
        Assert.Null(ContainerLimits.Read("0::/\n", groups));
        Assert.Null(ContainerLimits.Read("0::/../../etc\n", groups));
    }

    [Fact]
    public void Of_control_groups_of_version_1_no_limit_is_a_number_too_large()
    {
        using ProcFiles files = new ProcFiles()
            .With("fs/memory/memory.limit_in_bytes", "9223372036854771712\n")
            .With("fs/memory/shop/memory.limit_in_bytes", "4096\n").With("fs/memory/shop/memory.usage_in_bytes", "2048\n").With("fs/memory/shop/memory.stat", "total_inactive_file 48\n");
        string groups = Path.Combine(files.Root, "fs");
        Assert.Equal(new ContainerLimits(1, groups + "/memory/shop", 4096, 2048, 48, null), ContainerLimits.Read("4:memory,cpu:/shop\n1:cpu:/\n0::/\n", groups));
        Assert.Null(ContainerLimits.Read("4:memory:/\n", groups));
        Assert.Null(ContainerLimits.Read("1:cpu:/shop\n", groups));
    }

    [Fact]
    public void Listening_sockets_are_told_by_state_and_inode()
    {
        const string Text = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:240D 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4711 1 0 100 0 0 10 0
               1: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 4712 1 0 100 0 0 10 0
               2: 0100007F:240D 0100007F:9999 01 00000000:00000000 00:00000000 00000000  1000        0 4713 1 0 100 0 0 10 0
            """;
        Assert.Equal([new IPEndPoint(IPAddress.Loopback, 9229)], ListeningSockets.Parse(Text, new HashSet<string> { "4711", "4713" }));
        Assert.Equal([new IPEndPoint(IPAddress.IPv6Loopback, 80)], ListeningSockets.Parse("0: 00000000000000000000000001000000:0050 0:0 0A 0 0 0 0 0 9 x", new HashSet<string> { "9" }));
    }

    [Theory]
    [InlineData("node server.js --inspect=1", "server.js", 9229)]
    [InlineData("node --inspect=0.0.0.0:9300 -r ./a.js b.js", "b.js", 9300)]
    [InlineData("node --inspect-port 9301 -e 1", "-e", 9301)]
    [InlineData("node --import=x -- -odd.js", "-odd.js", 9229)]
    [InlineData("node", null, 9229)]
    public void A_command_line_has_a_script_and_a_port_of_the_inspector(string line, string? script, int port)
    {
        NodeArguments found = NodeArguments.Parse(line.Split(' '), []);
        Assert.Equal((script, port), (found.Script, found.InspectorPort));
    }

    [Fact]
    public void Options_of_the_environment_count_and_the_command_line_comes_after()
    {
        NodeArguments found = NodeArguments.Parse(["node", "--max_old_space_size=100", "x.js"], ["A=1", "NODE_OPTIONS=--max-old-space-size=50 --heapsnapshot-signal=SIGUSR2 --inspect-port=9400 --disable-sigusr1"]);
        Assert.Equal(("x.js", 9400, 100L << 20, "SIGUSR2", true), (found.Script, found.InspectorPort, found.MaxOldSpace, found.SnapshotSignal, found.IgnoresUserSignal1));
    }

    [Theory]
    [InlineData("pid:12", LiveTargetKind.Process)]
    [InlineData("ws://127.0.0.1:9229/abc", LiveTargetKind.WebSocket)]
    [InlineData("http://localhost:9229", LiveTargetKind.Http)]
    public void Targets_are_told_by_how_they_begin(string text, LiveTargetKind kind) => Assert.Equal(kind, LiveTarget.Parse(text).Kind);

    [Theory]
    [InlineData("pid:")]
    [InlineData("pid:-1")]
    [InlineData("pid:99999999999")]
    [InlineData("http://")]
    [InlineData("somewhere")]
    public void What_is_no_target_is_refused(string text) => Assert.Contains(text, Assert.Throws<InputException>(() => LiveTarget.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void No_more_than_MaxProcEntries_processes_and_MaxProcFileBytes_of_a_file_are_read()
    {
        using ProcFiles files = new ProcFiles().WithProcess(1, "a").WithProcess(2, "b").WithProcess(3, "c").With("2/smaps", new string('x', 40_000));
        Assert.Equal([1, 2, 3], files.Proc.Ids());
        Assert.Equal(2, new ProcFolder(files.Root, mostEntries: 2).Ids().Count);
        Assert.Equal(40_000, files.Proc.Text(2, "smaps")!.Length);
        Assert.Equal(20_000, new ProcFolder(files.Root, mostBytes: 20_000).Text(2, "smaps")!.Length);
        Assert.Equal((1 << 22, 1 << 28), (Limits.MaxProcEntries, Limits.MaxProcFileBytes));
    }

    [Fact]
    public void Processes_whose_program_cannot_be_seen_are_told_by_their_threads()
    {
        using ProcFiles files = new ProcFiles()
            .WithProcess(10, "shop", command: ["/opt/shop", "run.js"]).With("10/task/11/comm", "V8Worker\n")
            .WithProcess(20, "sleep", command: ["sleep", "9"])
            .WithProcess(30, "node", "Z (zombie)", command: ["node"]);
        NodeProcess found = Assert.Single(new NodeProcesses(files.Proc).All(Work.Unwatched));
        Assert.Equal((10, "run.js", false), (found.Pid, found.Arguments.Script, found.Access.CanReadMemory));
        Assert.Contains("no Node.js", Assert.Throws<InputException>(() => new NodeProcesses(files.Proc).Get(20)).Message, StringComparison.Ordinal);
        Assert.Contains("zombie", Assert.Throws<InputException>(() => new NodeProcesses(files.Proc).Get(30)).Message, StringComparison.Ordinal);
        Assert.Contains("no such process", Assert.Throws<InputException>(() => new NodeProcesses(files.Proc).Get(40)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_proc_is_not_a_clear_error_says_so() =>
        Assert.Contains("--proc", Assert.Throws<InputException>(() => new ProcFolder("/no/such/folder").Ids()).Message, StringComparison.Ordinal);
}
