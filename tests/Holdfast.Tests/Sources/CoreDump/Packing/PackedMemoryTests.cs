using Holdfast.Common;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Elf;
using Holdfast.Sources.CoreDump.Packing;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.CoreDump.Packing;

/// <summary>Which memory is taken along, and that it reads as it was.</summary>
public sealed class PackedMemoryTests : IDisposable
{
    private const int Page = TouchedMemory.PageBytes;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Words_that_were_read_are_told_from_those_that_were_looked_at()
    {
        var touched = new TouchedMemory();
        touched.Look(0x1FF8, 16);
        touched.Read(0x1FFC, 8);
        touched.Read(0x5004, 4);
        touched.Look(0x5000, 0x1000);
        touched.Read(0x9000, 0);
        Assert.Equal([0x1000UL, 0x2000, 0x5000], touched.Pages.Order().ToArray());
        ulong[] read = [0x1FF8, 0x2000, 0x5000];
        Assert.All(read, at => Assert.True(touched.WasRead(at + 3)));
        ulong[] unread = [0x1FF0, 0x2008, 0x5008, 0x9000];
        Assert.All(unread, at => Assert.False(touched.WasRead(at)));
    }

    [Fact]
    public void Memory_notes_what_is_read_of_it_while_it_is_asked_to()
    {
        using CoreImage image = Open(new CoreBuilder().Segment(0x10000, Filled(4 * Page, 7)).Thread(1).Build());
        var touched = new TouchedMemory();
        image.Memory.Touched = touched;
        _ = image.Memory.Word(0x10008);
        _ = image.Memory.From(0x11000, 64);
        _ = image.Memory.Peek(0x12000, 64);
        _ = image.Memory.PeekWord(0x12000);
        _ = image.Memory.Word(0x99000);
        Assert.Equal([0x10000UL, 0x11000], touched.Pages.Order().ToArray());
        Assert.Equal((true, false), (touched.WasRead(0x10008), touched.WasRead(0x11000)));
    }

    [Fact]
    public void Ranges_are_whole_pages_of_one_range_of_memory_each()
    {
        using CoreImage image = Open(new CoreBuilder().Segment(0x10000, Filled(4 * Page, 7)).Segment(0x14000, Filled(Page, 7))
            .Segment(0x20800, Filled(100, 7)).Segment(0x20900, Filled(Page, 7)).Thread(1).Build());
        var ranges = new PageRanges();
        ranges.Add(0x11FFF, 2);
        ranges.Add(0x10010, 1);
        ranges.Add(0x13000, 0x8000);
        ranges.Add(0x20000, 1 << 20);
        ranges.Add(0x40000, 10);
        ranges.Add(0x40000, 0);
        ranges.Add(ulong.MaxValue - 5, 10);
        Assert.Equal([(0x10000UL, 0x14000UL), (0x14000UL, 0x15000UL), (0x20000UL, 0x21000UL), (0x21000UL, 0x22000UL)], ranges.Within(image.Memory));
    }

    [Fact]
    public void Pages_of_zeros_are_only_said_to_be_there_and_short_runs_of_them_stay()
    {
        var memory = new byte[64 * Page];
        memory[3 * Page] = 1;
        memory[5 * Page] = 1;
        memory[40 * Page] = 1;
        using CoreImage image = Open(new CoreBuilder().Segment(0x100000, memory).Thread(1).Build());
        List<Segment> segments = Plan(image, [(0x100000, 0x140000)], []);
        Assert.Equal(
            [(0UL, 0UL, 3UL), (3UL, 3UL, 37UL), (40UL, 1UL, 24UL)],
            segments.Select(s => ((s.Address - 0x100000) / Page, s.FileSize / Page, s.MemorySize / Page)));

        Segment whole = Assert.Single(Plan(image, [(0x100000, 0x140000)], [(0x100000, 0x140000)]));
        Assert.Equal((64UL * Page, 64UL * Page), (whole.FileSize, whole.MemorySize));
    }

    [Fact]
    public void What_is_written_reads_as_the_same_memory_with_the_same_flags()
    {
        var random = new Random(1);
        var memory = new byte[300 * Page];
        for (int page = 0; page < 300; page++)
        {
            if (random.Next(3) > 0) random.NextBytes(memory.AsSpan(page * Page, Page));
        }

        memory.AsSpan(100 * Page, 60 * Page).Clear();
        using CoreImage image = Open(new CoreBuilder().Segment(0x100000, memory, flags: 6).Segment(0x300000, Filled(Page, 9), flags: 5).Thread(7, 0x100010).Signal(6).Build());
        byte[] packed = Write(image, Plan(image, [(0x100000, 0x100000 + (300 * Page)), (0x300000, 0x301000)], []));
        Assert.True(packed.Length < memory.Length * 8 / 10);

        using CoreImage back = Open(packed);
        var read = new byte[memory.Length];
        Assert.Equal(read.Length, back.Memory.Copy(0x100000, read));
        Assert.True(memory.AsSpan().SequenceEqual(read));
        Assert.Equal((6u, 5u), (back.Memory.Find(0x100000).Flags, back.Memory.Find(0x300000).Flags));
        Assert.Equal((7, 0x100010UL, 6), (back.Notes.Threads[0].Id, back.Notes.Threads[0].StackPointer, back.Notes.Signal));
        Assert.Equal(0, (long)back.MissingBytes);
    }

    [Fact]
    public void There_may_be_more_segments_than_a_header_can_count()
    {
        using CoreImage image = Open(new CoreBuilder().Segment(0x10000, Filled(Page, 7)).Thread(1).Build());
        List<Segment> segments = [new Segment(Segment.Load, 6, 0, 0x10000, Page, Page)];
        for (ulong i = 0; i < 70_000; i++) segments.Add(new Segment(Segment.Load, 4, 0, 0x1000_0000 + (i * 2 * Page), 0, Page));
        using CoreImage back = Open(Write(image, segments));
        Assert.Equal(0x0707_0707_0707_0707UL, back.Memory.Word(0x10000));
        Assert.True(back.Memory.TryWord(0x1000_0000 + (69_999 * 2 * Page), out ulong zero) && zero == 0);
        Assert.False(back.Memory.TryWord(0x1000_0000 + (69_999 * 2 * Page) + Page, out _));
    }

    [Fact]
    public void Notes_say_what_the_program_did_and_leave_out_arguments_and_vector_registers()
    {
        byte[] core = new CoreBuilder().Segment(0x10000, Filled(Page, 7)).Thread(1, stackPointer: 0x10008, instructionPointer: 0x5252_5252_5252_5252)
            .AddNote("CORE", 3, "node secret-argument"u8).AddNote("LINUX", 0x202, "secret-in-vector-register"u8)
            .MappedFile(0x400000, 0x500000, "/usr/bin/node").Auxiliary(CoreBuilder.Random, 0x1234)
            .Packed("v8 13.6.233.17\ntype 130 SOME\nconst JSFunction.shared 32\nsymbol some_symbol 10010\ntls 128\n").Build();
        using CoreImage image = Open(core);
        foreach (bool redacted in new[] { false, true })
        {
            byte[] packed = Write(image, Plan(image, [(0x10000, 0x11000)], []), redacted);
            SecretSearch.AssertNone(packed, ["secret-argument", "secret-in-vector-register"]);
            using CoreImage back = Open(packed);
            Assert.Equal("13.6.233.17", back.Version.ToString());
            Assert.Equal(("SOME", 32, 0x10010UL, 128UL), (back.Types[130], back.Constants["JSFunction.shared"], back.Symbols["some_symbol"], back.ThreadLocalBytes));
            Assert.Equal("/usr/bin/node", Assert.Single(back.Notes.MappedFiles).Path);
            Assert.Equal(image.ProcessKey, back.ProcessKey);
            Assert.Equal((0x10008UL, redacted ? 0 : 0x5252_5252_5252_5252UL), (back.Notes.Threads[0].StackPointer, back.Notes.Threads[0].InstructionPointer));
        }
    }

    private static List<Segment> Plan(CoreImage image, List<(ulong Start, ulong End)> ranges, List<(ulong Start, ulong End)> wholes) =>
        PackedSegments.Plan(ranges, wholes, image.Memory, (address, buffer) => image.Memory.Copy(address, buffer), Work.Unwatched);

    private static byte[] Write(CoreImage image, List<Segment> segments, bool redacted = false)
    {
        using var output = new MemoryStream();
        ulong bytes = CoreFileWriter.Write(
            output, PackedNotes.Write(image, redacted), segments, (address, buffer) => image.Memory.Copy(address, buffer), Work.Unwatched);
        Assert.Equal((ulong)output.Length, bytes);
        return output.ToArray();
    }

    private static byte[] Filled(int bytes, byte value)
    {
        var filled = new byte[bytes];
        filled.AsSpan().Fill(value);
        return filled;
    }

    private CoreImage Open(byte[] core)
    {
        string path = _folder.Write($"{Guid.NewGuid():N}.core", core);
        return CoreImage.Open(File.OpenRead(path), path, null, Work.Unwatched);
    }
}
