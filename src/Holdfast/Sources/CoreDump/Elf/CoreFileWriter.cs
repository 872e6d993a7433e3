using System.Buffers.Binary;
using Holdfast.Common;

namespace Holdfast.Sources.CoreDump.Elf;

/// <summary>Writes an ELF core: header, descriptions of segments, notes, memory.</summary>
internal static class CoreFileWriter
{
    private const int HeaderBytes = 64;
    private const int SegmentBytes = 56;
    private const int SectionBytes = 64;

    /// <summary>From so many segments on their number is in section header 0.</summary>
    private const int ManySegments = 0xFFFF;
    private const int ChunkBytes = 1 << 20;
    private const ulong Alignment = TouchedMemory.PageBytes;

    /// <summary>Writes all of it; gives how many bytes it is.</summary>
    public static ulong Write(Stream output, byte[] notes, List<Segment> segments, MemorySource source, Work work)
    {
        ulong start = WriteHead(output, notes, segments), all = segments.Aggregate(0UL, (sum, s) => sum + s.FileSize);
        WriteMemory(output, segments, source, all, work);
        return start + all;
    }

    /// <summary>Writes what comes before the memory; gives where that begins. The memory of the segments follows, one after the other.</summary>
    public static ulong WriteHead(Stream output, byte[] notes, List<Segment> segments)
    {
        int count = segments.Count + 1;
        ulong tableEnd = HeaderBytes + ((ulong)count * SegmentBytes);
        ulong sections = count >= ManySegments ? tableEnd : 0;
        ulong notesAt = tableEnd + (sections > 0 ? SectionBytes : 0UL);
        ulong at = Align(notesAt + (ulong)notes.Length), offset = at;
        output.Write(Header(count, sections));
        output.Write(Describe(new Segment(Segment.Note, 0, notesAt, 0, (ulong)notes.Length, 0), 4));
        foreach (Segment segment in segments)
        {
            output.Write(Describe(segment with { Offset = offset }, Alignment));
            offset += segment.FileSize;
        }

        if (sections > 0) output.Write(CountSection(count));
        output.Write(notes);
        output.Write(new byte[at - notesAt - (ulong)notes.Length]);
        return at;
    }

    private static void WriteMemory(Stream output, List<Segment> segments, MemorySource source, ulong all, Work work)
    {
        var chunk = new byte[ChunkBytes];
        ulong written = 0;
        foreach (Segment segment in segments)
        {
            for (ulong done = 0; done < segment.FileSize; done += ChunkBytes)
            {
                work.ThrowIfCancelled();
                work.Report("packing", (double)written / all);
                Span<byte> part = chunk.AsSpan(0, (int)Math.Min(ChunkBytes, segment.FileSize - done));
                part.Clear();
                source(segment.Address + done, part);
                output.Write(part);
                written += (ulong)part.Length;
            }
        }
    }

    private static ulong Align(ulong offset) => (offset + Alignment - 1) & ~(Alignment - 1);

    private static byte[] Header(int segments, ulong sections)
    {
        var header = new byte[HeaderBytes];
        "\u007fELF"u8.CopyTo(header);

        // 64 bits, little-endian, version 1; a core, of an x64 machine.
        (header[4], header[5], header[6]) = (2, 1, 1);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(16), ElfHeader.Core);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(18), ElfHeader.MachineX64);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(20), 1);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(32), HeaderBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(header.AsSpan(40), sections);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(52), HeaderBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(54), SegmentBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(56), (ushort)Math.Min(segments, ManySegments));
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(58), sections > 0 ? (ushort)SectionBytes : (ushort)0);
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(60), sections > 0 ? (ushort)1 : (ushort)0);
        return header;
    }

    private static byte[] Describe(Segment segment, ulong alignment)
    {
        var row = new byte[SegmentBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(row, segment.Type);
        BinaryPrimitives.WriteUInt32LittleEndian(row.AsSpan(4), segment.Flags);
        BinaryPrimitives.WriteUInt64LittleEndian(row.AsSpan(8), segment.Offset);
        BinaryPrimitives.WriteUInt64LittleEndian(row.AsSpan(16), segment.Address);
        BinaryPrimitives.WriteUInt64LittleEndian(row.AsSpan(32), segment.FileSize);
        BinaryPrimitives.WriteUInt64LittleEndian(row.AsSpan(40), segment.MemorySize);
        BinaryPrimitives.WriteUInt64LittleEndian(row.AsSpan(48), alignment);
        return row;
    }

    private static byte[] CountSection(int segments)
    {
        var section = new byte[SectionBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(section.AsSpan(44), (uint)segments);
        return section;
    }
}

/// <summary>Gives the bytes that stand for a piece of memory; the buffer is zero at first.</summary>
internal delegate void MemorySource(ulong address, Span<byte> buffer);
