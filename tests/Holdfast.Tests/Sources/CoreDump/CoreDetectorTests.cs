using System.IO.Compression;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources;
using Holdfast.Sources.CoreDump;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.CoreDump;

/// <summary>What a user may give for a core, and what is said where it is none. Errors say the file, what was found, what was expected, what to do.</summary>
public sealed class CoreDetectorTests : IDisposable
{
    private static readonly byte[] Sound = SmallHeap().Build();

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("core")]
    [InlineData("core.node.1234")]
    [InlineData("x.heapsnapshot")]
    [InlineData("x.gz")]
    [InlineData("x.br")]
    public void A_core_is_told_by_what_it_begins_with_and_not_by_its_name(string name)
    {
        using HeapGraph graph = OpenCore.ReadFile(_folder.Write(name, Sound));
        Assert.Equal("13.6.233.17", graph.Origin!.V8Version);
        Assert.Equal("main", graph.Origin.Thread);
    }

    [Fact]
    public void A_snapshot_with_a_cores_name_is_a_snapshot()
    {
        using HeapGraph graph = OpenCore.ReadFile(_folder.Write("core.1234", File.ReadAllBytes(RepositoryFiles.Fixture("small-node24.json"))));
        Assert.Null(graph.Origin);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void A_program_or_a_library_given_for_the_core_says_so(int type) =>
        AssertSays(new CoreBuilder { Type = (ushort)type }.Segment(0x1000, new byte[64]).Build(), "this is a program or library, not a core dump", "--exe");

    [Fact]
    public void The_program_that_runs_this_test_is_no_core() =>
        Assert.Contains("not a core dump", Assert.Throws<InputException>(() => OpenCore.ReadFile(Environment.ProcessPath!)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(0xFFFF)]
    public void Any_other_kind_of_ELF_file_says_what_it_is(int type) =>
        AssertSays(new CoreBuilder { Type = (ushort)type }.Segment(0x1000, new byte[64]).Build(), "at byte 16", $"found ELF type {type}", "expected a core dump (type 4)", "gcore");

    [Theory]
    [InlineData(183, "arm64")]
    [InlineData(40, "machine 40")]
    public void A_core_of_another_machine_says_of_which(int machine, string expected) =>
        AssertSays(new CoreBuilder { Machine = (ushort)machine }.Segment(0x1000, new byte[64]).Thread(1).Build(), "at byte 18", $"found {expected}", "expected x64", "not read yet");

    [Fact]
    public void A_core_of_32_bits_or_of_another_byte_order_says_so()
    {
        AssertSays(new CoreBuilder { Class = 1 }.Build(), "at byte 4", "found class 1", "expected a 64-bit little-endian ELF file", "32-bit");
        AssertSays(new CoreBuilder { ByteOrder = 2 }.Build(), "byte order 2", "big-endian");
    }

    [Fact]
    public void An_empty_file_is_empty() => AssertSays([], "empty");

    [Fact]
    public void A_core_of_another_program_has_no_heap() =>
        AssertSays(new CoreBuilder().Segment(0x40000, new byte[0x100000]).Thread(1).Build(), "no heap of V8 was found", "Is it of a Node.js process?", "coredump_filter");

    [Fact]
    public void A_core_of_shared_pages_only_has_no_heap_either()
    {
        HeapCoreBuilder heap = SmallHeap();
        heap.Set(heap.Word(HeapCoreBuilder.Page + 8) + 64, 0);
        AssertSays(heap.Build(), "read-only pages", "no heap of any thread", "coredump_filter");
    }

    [Fact]
    public void A_heap_of_which_the_version_is_not_known_asks_for_the_binary()
    {
        HeapCoreBuilder heap = SmallHeap();
        heap.Note = "\n";
        AssertSays(heap.Build(), "cannot tell which version of V8", "--exe");
    }

    [Theory]
    [InlineData("10.2.154.26")]
    [InlineData("12.4.254.21")]
    [InlineData("14.6.202.34")]
    public void The_version_may_be_in_the_heap_only_and_its_roots_are_read_by_its_own_table(string version)
    {
        var heap = new HeapCoreBuilder(version) { Note = "\n" };
        heap.Keep(heap.String($"{version}-node.12"));
        ulong kept = heap.Array(1);
        heap.Root(heap.Table.Roots[^20], kept);
        using HeapGraph graph = OpenCore.Read(heap.Build());
        Assert.Equal(version, graph.Origin!.V8Version);
        Assert.True(OpenCore.TryNode(graph, kept, out _));
    }

    [Fact]
    public void A_version_of_V8_that_is_not_known_is_read_by_the_nearest_table_with_a_warning()
    {
        HeapCoreBuilder heap = SmallHeap();
        heap.Note = "v8 13.7.1.2\n";
        var warnings = new List<string>();
        using HeapGraph graph = OpenCore.Read(heap.Build(), null, warnings);
        Assert.Contains("V8 13.7.1.2 is not known", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Contains("V8 13.6", warnings[0], StringComparison.Ordinal);
        Assert.Equal("13.7.1.2", graph.Origin!.V8Version);
    }

    [Fact]
    public void A_core_on_standard_input_is_read()
    {
        using HeapGraph graph = SourceDetector.Load("-", () => new MemoryStream(Sound), Work.Unwatched);
        using HeapGraph expected = OpenCore.ReadFile(_folder.Write("sound.core", Sound));
        GraphAssert.Same(expected, graph);
    }

    [Fact]
    public void A_compressed_core_is_read()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Sound);
        using HeapGraph graph = OpenCore.ReadFile(_folder.Write("sound.core.gz", packed.ToArray()));
        using HeapGraph expected = OpenCore.ReadFile(_folder.Write("sound.core", Sound));
        GraphAssert.Same(expected, graph);
    }

    [Fact]
    public async Task A_snapshot_from_a_named_pipe_is_read_in_one_go()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "A named pipe in the file system is needed: run this on Linux or macOS.");
        CancellationToken stop = TestContext.Current.CancellationToken;
        string pipe = _folder.File("pipe");
        await System.Diagnostics.Process.Start("mkfifo", pipe).WaitForExitAsync(stop);
        Task write = Task.Run(() => File.WriteAllBytes(pipe, File.ReadAllBytes(RepositoryFiles.Fixture("small-node24.json"))), stop);
        using HeapGraph graph = await Task.Run(() => OpenCore.ReadFile(pipe), stop).WaitAsync(TimeSpan.FromSeconds(60), stop);
        await write;
        using HeapGraph expected = OpenCore.ReadFile(RepositoryFiles.Fixture("small-node24.json"));
        GraphAssert.Same(expected, graph);
    }

    [Fact]
    public void A_core_cut_at_any_place_is_an_error_or_a_graph_with_a_warning()
    {
        for (int length = 1; length < Sound.Length; length += length < 2000 ? 13 : 20_011)
        {
            var warnings = new List<string>();
            try
            {
                OpenCore.Read(Sound[..length], new CoreOptions { Force = true }, warnings).Dispose();
                Assert.Contains(warnings, w => w.Contains("the file is cut", StringComparison.Ordinal));
            }
            catch (InputException e)
            {
                Assert.Contains(OpenCore.Name, e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void How_much_of_a_cut_core_is_missing_is_said()
    {
        var warnings = new List<string>();
        CoreBuilder core = SmallHeap().ToCore();
        core.Segment(0x7F10_0000_0000, new byte[16], fileSize: 3 << 20);
        OpenCore.Read(core.Build(), null, warnings).Dispose();
        Assert.Contains("3.0 MiB of the process's memory are missing", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Segments_that_overlap_in_the_file_are_refused()
    {
        CoreBuilder core = SmallHeap().ToCore();
        for (ulong i = 0; i < 3; i++) core.Segment(0x7F10_0000_0000 + (i << 32), [], fileSize: (ulong)Sound.Length - 1, offset: 1);
        AssertSays(core.Build(), "found segments that overlap", "expected each byte to be of one segment", "take the core again");
    }

    [Fact]
    public void A_thread_that_is_not_there_says_which_are()
    {
        AssertSays(Sound, new CoreOptions { Thread = "worker" }, "no thread worker", "There are: main");
        using HeapGraph graph = OpenCore.Read(Sound, new CoreOptions { Thread = "1" });
        Assert.Equal("main", graph.Origin!.Thread);
    }

    private static HeapCoreBuilder SmallHeap()
    {
        var heap = new HeapCoreBuilder();
        heap.Keep(heap.Array(heap.String("text"), heap.Number(1.5)));
        return heap;
    }

    private void AssertSays(byte[] file, params string[] expected) => AssertSays(file, CoreOptions.Default, expected);

    private void AssertSays(byte[] file, CoreOptions options, params string[] expected)
    {
        string path = _folder.Write(OpenCore.Name, file);
        InputException e = Assert.Throws<InputException>(() => OpenCore.ReadFile(path, options));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        foreach (string part in expected) Assert.Contains(part, e.Message, StringComparison.Ordinal);
    }
}
