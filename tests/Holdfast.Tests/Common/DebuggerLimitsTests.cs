using System.Text;
using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging;
using Holdfast.Sources.CoreDump.Debugging.Node;
using Holdfast.Sources.CoreDump.Debugging.Values;
using Holdfast.Sources.CoreDump.Elf;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Common;

/// <summary>Each named limit of asking a core what a debugger answers, gone past.</summary>
public sealed class DebuggerLimitsTests
{
    [Theory]
    [InlineData(0, "bigint")]
    [InlineData(8, "unreadable")]
    public void A_bigint_of_more_than_MaxBigIntBytes_is_not_written_out(int more, string type)
    {
        var heap = new HeapCoreBuilder();
        long bytes = Limits.MaxBigIntBytes + more;
        var body = new byte[8 + bytes];
        BitConverter.TryWriteBytes(body, (ulong)(bytes / 8) << 1);
        body[^1] = 1;
        ulong big = heap.NewBytes(heap.MapOf("BIG_INT_BASE"), body);
        Value value = Read(heap, big, new ValueOptions());
        Assert.Equal(type, value.Type);
        Assert.Equal(more > 0, value.Text.Contains(nameof(Limits.MaxBigIntBytes), StringComparison.Ordinal));
    }

    [Fact]
    public void Of_a_string_as_many_as_MaxShownCharacters_characters_are_shown()
    {
        var heap = new HeapCoreBuilder();
        int length = 1024;
        ulong text = heap.String(new string('a', length));
        for (; length <= Limits.MaxShownCharacters; length *= 2) text = heap.Cons(text, text, length * 2);
        Value value = Read(heap, text, new ValueOptions(1, 10, int.MaxValue));
        Assert.Equal(Limits.MaxShownCharacters, value.Content!.Length);
        Assert.Equal(length, value.Length);
    }

    [Fact]
    public void No_more_than_MaxShownValues_values_are_taken_apart()
    {
        var heap = new HeapCoreBuilder();
        ulong inner = heap.Array(heap.Number(1)), outer = heap.Array(inner, heap.Array(heap.Number(2)), inner);
        using CoreSession core = Open(Kept(heap, outer));
        Value all = new ValueReader(core, new ValueOptions(5)).Read(outer), some = new ValueReader(core, new ValueOptions(5), mostTaken: 2).Read(outer);
        Assert.Equal(3, all.Groups![0].Items.Count(i => i.Value.Groups is not null));
        Assert.Equal(1, some.Groups![0].Items.Count(i => i.Value.Groups is not null));
        Assert.Equal(1 << 20, Limits.MaxShownValues);
    }

    [Fact]
    public void Referrers_of_no_more_than_MaxReferrers_objects_are_looked_for()
    {
        var heap = new HeapCoreBuilder();
        ulong name = heap.String("held", true), target = heap.Number(1.5);
        ulong map = heap.ObjectMap(0, heap.Function("Holder"), name);
        ulong[] holders = [.. Enumerable.Range(0, 6).Select(_ => heap.Object(map, target))];
        ulong[] outer = [.. holders.Select(h => heap.Object(map, h))];
        using CoreSession core = Open(Kept(heap, heap.Array(outer)));
        int Followed(int most) => new ReferenceSearch(core, Work.Unwatched, most).ToObject(core.Heap[core.Heap.IndexOf(target)], 2).Count(r => r.Referrers is not null);
        Assert.Equal(6, Followed(Limits.MaxReferrers));
        Assert.Equal(2, Followed(2));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Of_the_environment_MaxEnvironment_variables_of_MaxEnvironmentBytes_are_read(int more)
    {
        const ulong Top = 0x7E00_0000_0000, Texts = 0x7D00_0000_0000, Headers = 0x400040;
        int count = Limits.MaxEnvironment + more, longest = (int)Limits.MaxEnvironmentBytes - 1 + more;
        byte[] texts = Encoding.ASCII.GetBytes($"node\0A=1\0B={new string('b', longest - 2)}\0");
        var words = new List<ulong> { 1, Texts, 0 };
        words.Add(Texts + 9);
        while (words.Count < 3 + count) words.Add(Texts + 5);
        words.AddRange([0, 3, Headers, 9, 0x401000, 0, 0]);
        var heap = new HeapCoreBuilder();
        heap.Threads.Clear();
        heap.Threads.Add((1000, Top));
        byte[] stack = [.. words.SelectMany(BitConverter.GetBytes)];
        CoreBuilder builder = heap.ToCore().Segment(Top, stack).Segment(Texts, texts).Auxiliary(3, Headers).Auxiliary(9, 0x401000);
        using OpenCore core = OpenCore.Of(builder.Build());
        (IReadOnlyList<string> arguments, IReadOnlyList<string> environment) = StartStack.Read(core.Image);
        Assert.Equal(Limits.MaxEnvironment, environment.Count);
        Assert.Equal("A=1", environment[^1]);
        if (more > 0) return;
        Assert.Equal(["node"], arguments);
        Assert.Equal(longest, environment[0].Length);
    }

    [Fact]
    public void Of_a_source_MaxSourceLines_lines_are_shown()
    {
        var heap = new HeapCoreBuilder();
        int length = Limits.MaxSourceLines + 10;
        ulong data = heap.Memory(length + 8);
        heap.At(data)[..length].Fill((byte)'\n');
        ulong script = heap.New(heap.Map("SCRIPT", 18), [heap.External(data, length), heap.String("long.js"), .. new ulong[15]]);
        using CoreSession core = Open(Kept(heap, script));
        Assert.Equal(Limits.MaxSourceLines, new SourceText(core).Around(script, int.MaxValue).Lines.Count);
        Assert.Equal(5, new SourceText(core).Around(script, 5).Lines.Count);
    }

    [Fact]
    public void A_stack_is_looked_through_MaxStackScans_times_and_MaxFrameArguments_arguments_are_shown()
    {
        using CoreSession core = SourceDetector.TryOpenCore(Path.Combine(RepositoryFiles.Samples, "out-of-memory.hfcore"), () => Stream.Null, CoreOptions.Default, Work.Unwatched)!;
        ThreadStack all = new StackReader(core).Read(0, int.MaxValue, out _), some = new StackReader(core, mostScans: 0, mostArguments: 1).Read(0, int.MaxValue, out _);
        Assert.True(all.Frames.Count > some.Frames.Count, $"{all.Frames.Count} and {some.Frames.Count} frames");
        StackFrame set = all.Frames.Single(f => f.Kind == FrameKind.Builtin), cut = new StackReader(core, mostArguments: 1).Read(0, int.MaxValue, out _).Frames.Single(f => f.Kind == FrameKind.Builtin);
        Assert.Equal((2, 1), (set.Arguments!.Count, cut.Arguments!.Count));
        Assert.Equal(set.ArgumentCount, cut.ArgumentCount);
        Assert.Equal((64, 100), (Limits.MaxStackScans, Limits.MaxFrameArguments));
    }

    [Fact]
    public void MaxFunctionSymbols_functions_of_MaxSymbolCharacters_are_known_of_a_program()
    {
        string name = new('f', Limits.MaxSymbolCharacters + 100);
        using var folder = new TemporaryFolder();
        using MappedFile file = MappedFile.Open(File.OpenRead(folder.Write("program", ProgramWith("first", name, "third"))), "program");
        ElfHeader header = ElfHeader.Read(file);
        var all = new FunctionSymbols(file, header);
        Assert.Equal(("first", name[..Limits.MaxSymbolCharacters], "third"), (all.Find(0x1000), all.Find(0x1011), all.Find(0x1020)));
        Assert.Null(all.Find(0x1030));
        var some = new FunctionSymbols(file, header, most: 1);
        Assert.Equal(("first", null), (some.Find(0x1000), some.Find(0x1020)));
        Assert.Equal(1 << 22, Limits.MaxFunctionSymbols);
    }

    /// <summary>A program of nothing but a table of functions, each of 16 bytes.</summary>
    private static byte[] ProgramWith(params string[] names)
    {
        const int Header = 64, Section = 64, Symbol = 24;
        int symbols = Header, strings = symbols + (names.Length * Symbol), sections = (strings + names.Sum(n => n.Length + 1) + 7) & ~7;
        var file = new byte[sections + (2 * Section)];
        new CoreBuilder { Type = 2 }.Build().AsSpan(0, Header).CopyTo(file);
        void Word(int at, ulong value) => BitConverter.TryWriteBytes(file.AsSpan(at), value);
        void Half(int at, uint value) => BitConverter.TryWriteBytes(file.AsSpan(at), value);
        Word(40, (ulong)sections);
        BitConverter.TryWriteBytes(file.AsSpan(56), (ushort)0);
        BitConverter.TryWriteBytes(file.AsSpan(58), (ushort)Section);
        BitConverter.TryWriteBytes(file.AsSpan(60), (ushort)2);
        for (int i = 0, at = 0; i < names.Length; at += names[i++].Length + 1)
        {
            Half(symbols + (i * Symbol), (uint)at);
            file[symbols + (i * Symbol) + 4] = 2;
            Word(symbols + (i * Symbol) + 8, 0x1000 + ((ulong)i * 16));
            Word(symbols + (i * Symbol) + 16, 16);
            Encoding.ASCII.GetBytes(names[i], file.AsSpan(strings + at));
        }

        Half(sections + 4, 2);
        Word(sections + 24, (ulong)symbols);
        Word(sections + 32, (ulong)(names.Length * Symbol));
        Half(sections + 40, 1);
        Half(sections + Section + 4, 3);
        Word(sections + Section + 24, (ulong)strings);
        return file;
    }

    private static Value Read(HeapCoreBuilder heap, ulong value, ValueOptions options)
    {
        using CoreSession core = Open(Kept(heap, value));
        return new ValueReader(core, options).Read(value);
    }

    private static HeapCoreBuilder Kept(HeapCoreBuilder heap, ulong reference)
    {
        heap.Keep(reference);
        return heap;
    }

    private static CoreSession Open(HeapCoreBuilder heap)
    {
        var folder = new TemporaryFolder();
        string path = folder.Write(OpenCore.Name, heap.Build());
        CoreSession core = CoreSession.Open(File.OpenRead(path), path, CoreOptions.Default, Work.Unwatched);

        // What is open stays readable.
        folder.Dispose();
        return core;
    }
}
