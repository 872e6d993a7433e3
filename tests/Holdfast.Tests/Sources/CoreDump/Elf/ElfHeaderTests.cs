using Holdfast.Common;
using Holdfast.Sources.CoreDump.Elf;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.CoreDump.Elf;

public sealed class ElfHeaderTests
{
    private static readonly byte[] Bytes = [1, 2, 3, 4, 5, 6, 7, 8];

    [Fact]
    public void Type_machine_entry_and_segments_are_read()
    {
        var builder = new CoreBuilder { Entry = 0x1234, Type = 3 };
        builder.Segment(0x7000, Bytes, flags: 5, memorySize: 0x2000).Segment(0x9000, [9, 9], type: 7);
        using var core = new MappedCore(builder.Build());

        ElfHeader header = core.Header;

        Assert.Equal((ElfHeader.SharedObject, ElfHeader.MachineX64, 0x1234UL), (header.Type, header.Machine, header.Entry));
        Assert.Equal(2, header.SegmentCount);
        Assert.Equal(2, header.Segments.Count);
        Assert.Equal(new Segment(Segment.Load, 5, (ulong)builder.OffsetOf(0x7000), 0x7000, 8, 0x2000), header.Segments[0]);
        Assert.Equal((Segment.ThreadLocal, 0x9000UL), (header.Segments[1].Type, header.Segments[1].Address));
        Assert.Equal(Bytes, core.File.Slice(header.Segments[0].Offset, 8).ToArray());
    }

    [Fact]
    public void The_number_of_segments_is_in_the_first_section_where_the_header_has_no_room()
    {
        using var core = new MappedCore(new CoreBuilder { CountsInSection = true }.Segment(0x1000, Bytes).Segment(0x2000, Bytes).Segment(0x3000, Bytes).Build());
        Assert.Equal(3, core.Header.SegmentCount);
        Assert.Equal([0x1000UL, 0x2000UL, 0x3000UL], core.Header.Segments.Select(s => s.Address));
    }

    [Fact]
    public void A_file_cut_anywhere_in_its_headers_gives_those_there_are_or_an_error()
    {
        byte[] whole = new CoreBuilder().Segment(0x1000, Bytes).Segment(0x2000, Bytes).Thread(1).Build();
        for (int length = 0; length < whole.Length; length++)
        {
            using var core = new MappedCore(whole[..length]);
            if (length < CoreBuilder.HeaderBytes)
            {
                InputException e = Assert.Throws<InputException>(() => core.Header);
                Assert.Contains($"{length} bytes are too few", e.Message, StringComparison.Ordinal);
                Assert.Contains(OpenCore.Name, e.Message, StringComparison.Ordinal);
                continue;
            }

            Assert.Equal(Math.Min(3, (length - CoreBuilder.HeaderBytes) / CoreBuilder.SegmentBytes), core.Header.Segments.Count);
        }
    }

    [Fact]
    public void What_is_no_ELF_file_of_64_bits_says_what_it_is()
    {
        Assert.Contains("found byte 0x7B, expected the mark of an ELF file", Fails([.. "{\"snapshot\""u8, .. new byte[100]]).Message, StringComparison.Ordinal);
        Assert.Contains("found class 1, byte order 1, expected a 64-bit", Fails(new CoreBuilder { Class = 1 }.Build()).Message, StringComparison.Ordinal);
        Assert.Contains("found class 2, byte order 2, expected a 64-bit", Fails(new CoreBuilder { ByteOrder = 2 }.Build()).Message, StringComparison.Ordinal);
        Assert.Contains("segment headers of 32 bytes, expected 56 bytes", Fails(new CoreBuilder { SegmentHeaderBytes = 32 }.Segment(0x1000, Bytes).Build()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Segment_headers_longer_than_ours_are_stepped_over_whole()
    {
        // The second header of 56 bytes is where this one has its end.
        using var core = new MappedCore(new CoreBuilder { SegmentHeaderBytes = 112 }.Segment(0x1000, Bytes).Segment(0x2000, Bytes).Segment(0x3000, Bytes).Build());
        Assert.Equal([0x1000UL, 0x3000UL], core.Header.Segments.Take(2).Select(s => s.Address));
    }

    [Fact]
    public void Tables_that_are_said_to_be_far_away_are_not_there()
    {
        byte[] bytes = new CoreBuilder().Segment(0x1000, Bytes).Build();
        foreach (ulong offset in new[] { (ulong)bytes.Length, 1UL << 40, ulong.MaxValue - 20, ulong.MaxValue })
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(32), offset);
            using var core = new MappedCore(bytes);
            Assert.Empty(core.Header.Segments);
        }
    }

    private static InputException Fails(byte[] bytes)
    {
        using var core = new MappedCore(bytes);
        InputException e = Assert.Throws<InputException>(() => core.Header);
        Assert.Contains(OpenCore.Name, e.Message, StringComparison.Ordinal);
        return e;
    }
}
