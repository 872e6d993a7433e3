using System.Text.Json.Nodes;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Cores;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Commands;

public sealed class PackCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Versions => ["10.2.154.26", "11.3.244.8", "12.4.254.21", "13.6.233.17", "14.6.202.33"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_packed_core_reads_as_the_core_itself(string version)
    {
        string core = _folder.Write("core", SampleHeap.Build(version).Build());
        string once = Pack(core, "once.hfcore"), twice = Pack(once, "twice.hfcore");
        using HeapGraph expected = OpenCore.ReadFile(core), first = OpenCore.ReadFile(once), second = OpenCore.ReadFile(twice);
        GraphAssert.Same(expected, first);
        GraphAssert.Same(expected, second);
        Assert.Equal(expected.Origin! with { Threads = [] }, first.Origin! with { Threads = [] });
        Assert.Equal(expected.Origin!.Threads, first.Origin!.Threads);
        Assert.True(new FileInfo(once).Length < new FileInfo(core).Length / 10);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(once));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_redacted_core_reads_as_the_core_itself_but_for_what_strings_hold(string version)
    {
        HeapCoreBuilder heap = SampleHeap.Build(version);
        ulong data = heap.Memory(0x100), unused = heap.Memory(0x100);
        heap.At(data)[..16].Fill((byte)'e');
        heap.At(unused)[..16].Fill((byte)'u');
        heap.Keep(heap.Array(heap.String("hidden value one"), heap.TwoByte("number 2 is wide π"), heap.External(data, 16)));
        string core = _folder.Write("core", heap.Build()), packed = Pack(core, "redacted.hfcore", "--redact");
        using HeapGraph expected = OpenCore.ReadFile(core), actual = OpenCore.ReadFile(packed);
        GraphAssert.SameButNames(expected, actual);
        byte[] bytes = Unpacked(packed);
        SecretSearch.AssertNone(bytes, ["hidden value one", "number 2 is wide", new string('e', 16), new string('u', 16)]);
        string text = System.Text.Encoding.Latin1.GetString(bytes);
        Assert.All((string[])["Dog", "constructor", "Symbol.toStringTag", "woof", "bark", "a.js", "Template", "Tagged"], name => Assert.Contains(name, text, StringComparison.Ordinal));
        Assert.All((string[])["Bello", "wrapped"], value => Assert.DoesNotContain(value, text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("node18-values")]
    [InlineData("node20-values")]
    [InlineData("node22-values")]
    [InlineData("node24-values")]
    [InlineData("node26-values")]
    [InlineData("node26-workers")]
    [InlineData("node20-gc.evacuating")]
    [InlineData("node26-gc.scavenging")]
    public void Real_cores_keep_their_graphs_when_they_are_redacted(string name)
    {
        string core = Path.Combine(RepositoryFiles.Root, "tests", "cores", "packed", name + ".hfcore"), packed = Pack(core, "redacted.hfcore", "--redact");
        using HeapGraph expected = OpenCore.ReadFile(core), actual = OpenCore.ReadFile(packed);
        GraphAssert.SameButNames(expected, actual);
        int blanked = 0;
        for (int i = 0; i < expected.NodeCount; i++)
        {
            (Node was, Node now) = (expected[(NodeIndex)i], actual[(NodeIndex)i]);
            if (was.NameUtf8.SequenceEqual(now.NameUtf8)) continue;
            blanked++;
            bool isContent = was.Type is NodeType.String or NodeType.RegExp || was.Name.StartsWith("data:", StringComparison.Ordinal);
            if (!isContent) Assert.Fail($"{was.Type} {was.Name} is {now.Name} now");
        }

        Assert.True(blanked > 1000);
    }

    [Fact]
    public void Numbers_and_buffers_are_blanked_and_small_numbers_of_the_program_are_zero()
    {
        var heap = new HeapCoreBuilder();
        ulong key = heap.String("pin", true), data = heap.Memory(0x2000), buffer = heap.New(heap.Map("JS_ARRAY_BUFFER", 12), new ulong[11]);
        heap.At(data)[..64].Fill((byte)'b');
        heap.SetField(buffer, heap.Layout.BufferByteLength, 64);
        heap.SetField(buffer, heap.Layout.BufferBackingStore, data);
        ulong number = heap.Number(12345.678), holder = heap.Object(heap.ObjectMap(0, 0, key, key, key), HeapCoreBuilder.Smi(4711), number, buffer);
        heap.Keep(holder);
        string core = _folder.Write("core", heap.Build());
        using OpenCore redacted = OpenCore.Of(Unpacked(Pack(core, "redacted.hfcore", "--redact"))), plain = OpenCore.Of(Unpacked(Pack(core, "plain.hfcore")));
        Assert.Equal((12345.678, 4711), (plain[number].Double(8), plain[holder].Smi(24)));
        Assert.Equal((0.0, 0), (redacted[number].Double(8), redacted[holder].Smi(24)));
        Assert.Equal(64UL, redacted[buffer][heap.Layout.BufferByteLength]);
        Assert.Equal(0x6262_6262_6262_6262UL, plain.Image.Memory.Word(data));
        Assert.Equal(0UL, redacted.Image.Memory.Word(data));

        using OpenCore without = OpenCore.Of(Unpacked(Pack(core, "without.hfcore", "--no-buffers")));
        Assert.Equal(0UL, without.Image.Memory.Word(data));
        Assert.Equal(4711, without[holder].Smi(24));
    }

    [Fact]
    public void Of_a_script_line_breaks_stay_and_of_one_that_is_called_by_its_source_not_even_that_name()
    {
        var heap = new HeapCoreBuilder();
        ulong script = heap.New(heap.MapOf("SCRIPT"), new ulong[17]);
        heap.SetField(script, 8, heap.String("let first = 1;\nlet second = 2;\r\n"));
        heap.SetField(script, 16, heap.String("data:text/javascript,let first = 1;"));
        heap.Keep(script);
        string core = _folder.Write("core", heap.Build());
        using HeapGraph graph = OpenCore.ReadFile(Pack(core, "redacted.hfcore", "--redact"));
        Node read = OpenCore.NodeOf(graph, script);
        Assert.Equal("**************\n***************\r\n", OpenCore.Target(read, "source").Name);
        Assert.StartsWith("data:text/javascript,", read.Name, StringComparison.Ordinal);
        Assert.DoesNotContain("first", read.Name, StringComparison.Ordinal);
    }

    [Fact]
    public void Equal_texts_stay_equal_whether_their_characters_have_one_byte_or_two()
    {
        var heap = new HeapCoreBuilder();
        ulong narrow = heap.String("one text"), wide = heap.TwoByte("one text"), other = heap.String("other tx");
        heap.Keep(heap.Array(narrow, wide, other));
        string core = _folder.Write("core", heap.Build());
        using HeapGraph graph = OpenCore.ReadFile(Pack(core, "redacted.hfcore", "--redact"));
        string[] names = [.. new[] { narrow, wide, other }.Select(t => OpenCore.NodeOf(graph, t).Name)];
        Assert.Equal(["1*******", "1*******", "2*******"], names);
    }

    [Fact]
    public void What_is_no_core_is_refused()
    {
        string snapshot = RepositoryFiles.Fixture("small-node24.json");
        Assert.Contains("no core dump", Assert.Throws<InputException>(() => CommandRun.OfFiles("pack", [snapshot], _folder.File("out"))).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Theory]
    [MemberData(nameof(NodeBinaries.All), MemberType = typeof(NodeBinaries), DisableDiscoveryEnumeration = true)]
    public void No_secret_that_a_process_holds_is_in_a_redacted_core_of_it(string major)
    {
        string[] secrets = [.. Enumerable.Range(0, RedactCommandTests.Places + 1).Select(_ => SecretSearch.Make())];
        string argument = SecretSearch.Make(), variable = SecretSearch.Make();
        string core = CrashedNode.Run(
            NodeBinaries.Of(major), [RepositoryFiles.Fixture("plant-secrets.js"), "core", argument], variable, string.Join('\n', secrets), _folder);
        string[] all = [.. secrets, argument, variable];
        byte[] plain = Unpacked(Pack(core, "plain.hfcore")), redacted = Unpacked(Pack(core, "redacted.hfcore", "--redact"));
        Assert.True(all.Count(s => SecretSearch.Find(plain, s) is not null) > all.Length - 4, "most secrets are in a core that is not redacted");

        // The last one is the name of a property.
        SecretSearch.AssertNone(redacted, all.Except([secrets[^1]]));
        JsonNode expected = CommandRun.OfFiles("summary", [core], "--limit", "0").Json;
        foreach (string packed in (string[])["plain.hfcore", "redacted.hfcore"])
        {
            JsonNode actual = CommandRun.OfFiles("summary", [_folder.File(packed)], "--limit", "0").Json;
            foreach (string part in (string[])["classes", "statistics", "total_size"]) Assert.Equal(expected[part]!.ToJsonString(), actual[part]!.ToJsonString());
        }
    }

    /// <summary>Packs without a warning: what was written reads as what was packed.</summary>
    private string Pack(string core, string name, params string[] words)
    {
        CommandRun run = CommandRun.OfFiles("pack", [core], [_folder.File(name), .. words]);
        Assert.DoesNotContain(run.Warnings, w => w.Contains("Keep the core", StringComparison.Ordinal));
        Assert.Equal(new FileInfo(_folder.File(name)).Length, (long)run.Json["bytes"]!);
        return _folder.File(name);
    }

    private static byte[] Unpacked(string packed)
    {
        using var file = new ZstdSharp.DecompressionStream(File.OpenRead(packed));
        using var content = new MemoryStream();
        file.CopyTo(content);
        return content.ToArray();
    }
}
