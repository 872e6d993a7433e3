using System.Buffers.Binary;
using Holdfast.Common;

namespace Holdfast.Sources.CoreDump.Elf;

/// <summary>What kind of ELF file it is, and its segments. Source: the System V ABI, chapters 4 and 5.</summary>
internal sealed class ElfHeader
{
    public const ushort Executable = 2;
    public const ushort SharedObject = 3;
    public const ushort Core = 4;
    public const ushort MachineX64 = 62;
    public const ushort MachineArm64 = 183;

    /// <summary>In e_phnum: the number of segments is in section header 0.</summary>
    private const ushort ManySegments = 0xFFFF;
    private const int SegmentBytes = 56;

    private ElfHeader(ReadOnlySpan<byte> header)
    {
        Type = BinaryPrimitives.ReadUInt16LittleEndian(header[16..]);
        Machine = BinaryPrimitives.ReadUInt16LittleEndian(header[18..]);
        Entry = BinaryPrimitives.ReadUInt64LittleEndian(header[24..]);
        SectionOffset = BinaryPrimitives.ReadUInt64LittleEndian(header[40..]);
        SectionCount = BinaryPrimitives.ReadUInt16LittleEndian(header[60..]);
    }

    public ushort Type { get; }

    public ushort Machine { get; }

    /// <summary>Where the program starts, before it is moved.</summary>
    public ulong Entry { get; }

    public ulong SectionOffset { get; }

    public int SectionCount { get; }

    public List<Segment> Segments { get; } = [];

    /// <summary>Segments the file says it has; more than <see cref="Segments"/> where it is cut.</summary>
    public long SegmentCount { get; private set; }

    /// <exception cref="InputException">It is no 64-bit little-endian ELF file, or its tables are not there.</exception>
    public static ElfHeader Read(MappedFile file)
    {
        ReadOnlySpan<byte> header = file.Slice(0, 64);
        if (header.Length < 64) throw new InputException($"{file.Name}: {file.Length} bytes are too few for an ELF file (a core dump). The file is cut; take it again.");
        if (!header.StartsWith("\u007fELF"u8)) throw InputException.At(file.Name, 0, $"byte 0x{header[0]:X2}", "the mark of an ELF file", "Is it a core dump?");
        if (header[4] != 2 || header[5] != 1)
            throw InputException.At(file.Name, 4, $"class {header[4]}, byte order {header[5]}", "a 64-bit little-endian ELF file", "Cores of 32-bit and of big-endian machines are not read.");

        var elf = new ElfHeader(header);
        elf.ReadSegments(file, header);
        return elf;
    }

    private void ReadSegments(MappedFile file, ReadOnlySpan<byte> header)
    {
        ulong offset = BinaryPrimitives.ReadUInt64LittleEndian(header[32..]);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(header[54..]);
        SegmentCount = BinaryPrimitives.ReadUInt16LittleEndian(header[56..]);
        if (SegmentCount == ManySegments && file.Slice(SectionOffset, 64) is { Length: 64 } first)
            SegmentCount = BinaryPrimitives.ReadUInt32LittleEndian(first[44..]);
        if (SegmentCount > 0 && size < SegmentBytes)
            throw InputException.At(file.Name, 54, $"segment headers of {size} bytes", $"{SegmentBytes} bytes", "The file is damaged.");
        if (SegmentCount > Limits.MaxSegments)
            throw InputException.At(file.Name, 56, $"{SegmentCount} segments", $"at most {Limits.MaxSegments} (limit MaxSegments)", "The file is damaged.");

        for (ulong i = 0; i < (ulong)SegmentCount; i++)
        {
            ReadOnlySpan<byte> row = file.Slice(offset + (i * (ulong)size), SegmentBytes);
            if (row.Length < SegmentBytes) break;
            Segments.Add(new Segment(
                BinaryPrimitives.ReadUInt32LittleEndian(row),
                BinaryPrimitives.ReadUInt32LittleEndian(row[4..]),
                BinaryPrimitives.ReadUInt64LittleEndian(row[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(row[16..]),
                BinaryPrimitives.ReadUInt64LittleEndian(row[32..]),
                BinaryPrimitives.ReadUInt64LittleEndian(row[40..])));
        }
    }
}

/// <summary>A program header.</summary>
/// <param name="Type">What it describes: <see cref="Load"/>, <see cref="Note"/>.</param>
/// <param name="Flags">1 execute, 2 write, 4 read.</param>
/// <param name="Offset">Where its bytes are in the file.</param>
/// <param name="Address">Where they are in memory.</param>
/// <param name="FileSize">Bytes in the file.</param>
/// <param name="MemorySize">Bytes in memory; what the file does not have is zero in a program, and unknown in a core.</param>
internal readonly record struct Segment(uint Type, uint Flags, ulong Offset, ulong Address, ulong FileSize, ulong MemorySize)
{
    public const uint Load = 1;
    public const uint Note = 4;
    public const uint ThreadLocal = 7;
}
