using System.Buffers.Binary;
using System.Text;
using Holdfast.Common;

namespace Holdfast.Sources.CoreDump.Elf;

/// <summary>
/// What the notes of a core say of the process: its threads with their registers, the files it had mapped, its auxiliary
/// vector, and what killed it. Source: Linux, fs/binfmt_elf.c and include/uapi/linux/elf.h.
/// </summary>
internal sealed class CoreNotes
{
    public const uint Status = 1;
    public const uint Auxiliary = 6;
    public const uint Files = 0x46494C45;
    public const uint SignalInfo = 0x53494749;

    /// <summary>The name of the system's notes.</summary>
    public static ReadOnlySpan<byte> Kernel => "CORE"u8;

    /// <summary>The name of the notes that packing adds.</summary>
    public static ReadOnlySpan<byte> Own => "HOLDFAST"u8;

    private readonly int _mostThreads;

    private CoreNotes(int mostThreads) => _mostThreads = mostThreads;

    public List<CoreThread> Threads { get; } = [];

    public List<CoreFile> MappedFiles { get; } = [];

    public Dictionary<ulong, ulong> AuxiliaryVector { get; } = [];

    /// <summary>The signal that ended the process, 0 where none did.</summary>
    public int Signal { get; private set; }

    /// <summary>What the signal was sent for (<c>si_code</c>): above 0 by the kernel, for what the thread did.</summary>
    public int SignalCode { get; private set; }

    /// <summary>The address the signal is about, where it is of that kind.</summary>
    public ulong SignalAddress { get; private set; }

    /// <summary>What packing noted of the program, null in a core that is not packed.</summary>
    public string? Packed { get; private set; }

    /// <summary>What is done with each note.</summary>
    public delegate void Visitor(ReadOnlySpan<byte> name, uint type, ReadOnlySpan<byte> body);

    /// <param name="file">The core.</param>
    /// <param name="header">Its header.</param>
    /// <param name="mostThreads">Threads that are kept; others are passed over.</param>
    public static CoreNotes Read(MappedFile file, ElfHeader header, int mostThreads = Limits.MaxThreads)
    {
        var notes = new CoreNotes(mostThreads);
        Visit(file, header, (name, type, body) => notes.ReadNote(name, type, body, header.Machine));
        return notes;
    }

    /// <summary>Gives each note to the visitor, in order.</summary>
    public static void Visit(MappedFile file, ElfHeader header, Visitor visitor)
    {
        foreach (Segment segment in header.Segments)
        {
            if (segment.Type == Segment.Note) Visit(file.Slice(segment.Offset, segment.FileSize), visitor);
        }
    }

    private static void Visit(ReadOnlySpan<byte> notes, Visitor visitor)
    {
        while (notes.Length >= 12)
        {
            uint nameBytes = BinaryPrimitives.ReadUInt32LittleEndian(notes);
            uint bytes = BinaryPrimitives.ReadUInt32LittleEndian(notes[4..]);
            uint type = BinaryPrimitives.ReadUInt32LittleEndian(notes[8..]);
            long start = 12 + Align(nameBytes);
            if (start + bytes > notes.Length) return;
            ReadOnlySpan<byte> name = notes.Slice(12, (int)nameBytes).TrimEnd((byte)0);
            visitor(name, type, notes.Slice((int)start, (int)bytes));
            notes = notes[(int)Math.Min(notes.Length, start + Align(bytes))..];
        }
    }

    private static long Align(uint bytes) => ((long)bytes + 3) & ~3L;

    private void ReadNote(ReadOnlySpan<byte> name, uint type, ReadOnlySpan<byte> body, ushort machine)
    {
        if (name.SequenceEqual(Own))
        {
            Packed = Encoding.UTF8.GetString(body);
            return;
        }

        if (!name.SequenceEqual(Kernel)) return;
        switch (type)
        {
            case Status when CoreThread.TryRead(body, machine) is { } thread && Threads.Count < _mostThreads:
                Threads.Add(thread);
                break;
            case Auxiliary:
                for (; body.Length >= 16; body = body[16..])
                    AuxiliaryVector[BinaryPrimitives.ReadUInt64LittleEndian(body)] = BinaryPrimitives.ReadUInt64LittleEndian(body[8..]);
                break;
            case Files:
                ReadFiles(body);
                break;
            case SignalInfo when body.Length >= 4:
                Signal = BinaryPrimitives.ReadInt32LittleEndian(body);
                if (body.Length < 24) break;
                SignalCode = BinaryPrimitives.ReadInt32LittleEndian(body[8..]);
                SignalAddress = BinaryPrimitives.ReadUInt64LittleEndian(body[16..]);
                break;
        }
    }

    private void ReadFiles(ReadOnlySpan<byte> body)
    {
        if (body.Length < 16) return;
        ulong count = BinaryPrimitives.ReadUInt64LittleEndian(body);
        ulong pageSize = BinaryPrimitives.ReadUInt64LittleEndian(body[8..]);
        if (count > (ulong)(body.Length - 16) / 24) return;
        ReadOnlySpan<byte> names = body[(16 + ((int)count * 24))..];
        for (int i = 0; i < (int)count && !names.IsEmpty; i++)
        {
            ReadOnlySpan<byte> row = body.Slice(16 + (i * 24), 24);
            int end = names.IndexOf((byte)0);
            string path = Encoding.UTF8.GetString(end < 0 ? names : names[..end]);
            names = end < 0 ? [] : names[(end + 1)..];
            MappedFiles.Add(new CoreFile(
                BinaryPrimitives.ReadUInt64LittleEndian(row),
                BinaryPrimitives.ReadUInt64LittleEndian(row[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(row[16..]) * pageSize,
                path));
        }
    }
}

/// <summary>A part of a file that was mapped into memory.</summary>
internal readonly record struct CoreFile(ulong Start, ulong End, ulong Offset, string Path);
