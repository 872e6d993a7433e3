using System.Buffers.Binary;
using System.Text;

namespace Holdfast.Tests.Fixtures;

/// <summary>
/// The bytes of an ELF file, piece by piece: a core, or a program with symbols; sound unless a test asks for something else.
/// Program headers follow the header, then section headers, notes, and what segments hold.
/// </summary>
internal sealed class CoreBuilder
{
    public const int HeaderBytes = 64;
    public const int SegmentBytes = 56;
    public const ulong ProgramHeaders = 3;
    public const ulong EntryPoint = 9;
    public const ulong Random = 25;

    private const uint Load = 1;
    private const uint Note = 4;
    private const uint DynamicSymbols = 11;

    private readonly List<Piece> _segments = [];
    private readonly List<byte> _notes = [];
    private readonly List<(ulong Start, ulong End, ulong Page, string Path)> _files = [];
    private readonly List<(ulong Key, ulong Value)> _auxiliary = [];
    private readonly List<(string Name, ulong Address)> _symbols = [];

    /// <summary>4 is a core, 3 a program that may be moved, 2 one that may not.</summary>
    public ushort Type { get; init; } = 4;

    /// <summary>62 is x64, 183 arm64.</summary>
    public ushort Machine { get; init; } = 62;

    /// <summary>2 is 64-bit.</summary>
    public byte Class { get; init; } = 2;

    /// <summary>1 is little-endian.</summary>
    public byte ByteOrder { get; init; } = 1;

    public ulong Entry { get; init; }

    /// <summary>What the header says of the segment headers' size.</summary>
    public ushort SegmentHeaderBytes { get; init; } = SegmentBytes;

    /// <summary>What the header says of their number, where that is not the truth.</summary>
    public uint? SegmentCount { get; init; }

    /// <summary>Whether their number is in the first section header, as of cores with more than 65,534 (PN_XNUM).</summary>
    public bool CountsInSection { get; init; }

    /// <summary>Memory at an address.</summary>
    /// <param name="address">Where it was.</param>
    /// <param name="bytes">What was there.</param>
    /// <param name="flags">1 execute, 2 write, 4 read.</param>
    /// <param name="type">What the segment is.</param>
    /// <param name="fileSize">Bytes the header says are in the file; as many as there are unless given.</param>
    /// <param name="offset">Where the header says they are; where they are unless given.</param>
    /// <param name="memorySize">Bytes the header says were in memory.</param>
    public CoreBuilder Segment(
        ulong address, byte[] bytes, uint flags = 6, uint type = Load, ulong? fileSize = null, ulong? offset = null, ulong? memorySize = null)
    {
        _segments.Add(new Piece(type, address, bytes, flags, fileSize, offset, memorySize));
        return this;
    }

    public CoreBuilder AddNote(string name, uint type, ReadOnlySpan<byte> body)
    {
        byte[] text = Encoding.ASCII.GetBytes(name + "\0");
        using var note = new MemoryStream();
        Word32(note, (uint)text.Length);
        Word32(note, (uint)body.Length);
        Word32(note, type);
        note.Write(text);
        while (note.Length % 4 != 0) note.WriteByte(0);
        note.Write(body);
        while (note.Length % 4 != 0) note.WriteByte(0);
        _notes.AddRange(note.ToArray());
        return this;
    }

    /// <summary>A note of a thread (NT_PRSTATUS), with all registers zero but these.</summary>
    public CoreBuilder Thread(int id, ulong stackPointer = 0, ulong threadPointer = 0, ulong framePointer = 0, ulong instructionPointer = 0)
    {
        var body = new byte[112 + (34 * 8) + 8];
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(32), id);
        (int frame, int instruction, int stack) = Machine == 183 ? (29, 32, 31) : (4, 16, 19);
        Register(frame, framePointer);
        Register(instruction, instructionPointer);
        Register(stack, stackPointer);
        if (Machine != 183) Register(21, threadPointer);
        return AddNote("CORE", 1, body);

        void Register(int number, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(body.AsSpan(112 + (number * 8)), value);
    }

    /// <summary>An entry of the auxiliary vector (NT_AUXV).</summary>
    public CoreBuilder Auxiliary(ulong key, ulong value)
    {
        _auxiliary.Add((key, value));
        return this;
    }

    /// <summary>A file that was mapped (NT_FILE).</summary>
    public CoreBuilder MappedFile(ulong start, ulong end, string path, ulong page = 0)
    {
        _files.Add((start, end, page, path));
        return this;
    }

    public CoreBuilder Signal(int number)
    {
        var body = new byte[128];
        BinaryPrimitives.WriteInt32LittleEndian(body, number);
        return AddNote("CORE", 0x53494749, body);
    }

    /// <summary>What packing notes of a program.</summary>
    public CoreBuilder Packed(string note) => AddNote("HOLDFAST", 1, Encoding.UTF8.GetBytes(note));

    /// <summary>A symbol in the dynamic symbol table.</summary>
    public CoreBuilder Symbol(string name, ulong address)
    {
        _symbols.Add((name, address));
        return this;
    }

    /// <summary>Where the bytes of an address are in the file.</summary>
    public int OffsetOf(ulong address)
    {
        int offset = BodiesAt(Notes().Length);
        foreach (Piece piece in _segments)
        {
            if (address >= piece.Address && address - piece.Address < (ulong)piece.Bytes.Length) return offset + (int)(address - piece.Address);
            offset += Padded(piece.Bytes.Length);
        }

        throw new ArgumentException($"nothing is at {address:x}");
    }

    public string Write(TemporaryFolder folder, string name) => folder.Write(name, Build());

    public byte[] Build()
    {
        byte[] notes = Notes();
        int count = _segments.Count + (notes.Length > 0 ? 1 : 0);
        int sections = SectionsAt, bodies = BodiesAt(notes.Length);
        using var file = new MemoryStream();
        Header(file, count, sections);
        if (notes.Length > 0) SegmentRow(file, Note, 0, (ulong)(sections + SectionBytes), 0, (ulong)notes.Length, 0);
        int at = bodies;
        foreach (Piece piece in _segments)
        {
            ulong size = piece.FileSize ?? (ulong)piece.Bytes.Length;
            SegmentRow(file, piece.Type, piece.Flags, piece.Offset ?? (ulong)at, piece.Address, size, piece.MemorySize ?? size);
            at += Padded(piece.Bytes.Length);
        }

        Sections(file, count, at);
        file.Write(notes);
        foreach (Piece piece in _segments)
        {
            while (file.Length % 16 != 0) file.WriteByte(0);
            file.Write(piece.Bytes);
        }

        while (file.Length < at) file.WriteByte(0);
        if (_symbols.Count > 0) file.Write([.. SymbolTable(out byte[] names), .. names]);
        return file.ToArray();
    }

    private int SectionsAt => HeaderBytes + (SegmentBytes * (_segments.Count + (Notes().Length > 0 ? 1 : 0)));

    private int SectionBytes => HeaderBytes * (_symbols.Count > 0 ? 3 : CountsInSection ? 1 : 0);

    private int BodiesAt(int noteBytes) => Padded(SectionsAt + SectionBytes + noteBytes);

    private static int Padded(int bytes) => (bytes + 15) & ~15;

    private byte[] Notes()
    {
        var more = new CoreBuilder();
        if (_auxiliary.Count > 0)
        {
            using var body = new MemoryStream();
            foreach ((ulong key, ulong value) in _auxiliary)
            {
                Word64(body, key);
                Word64(body, value);
            }

            more.AddNote("CORE", 6, body.ToArray());
        }

        if (_files.Count > 0)
        {
            using var body = new MemoryStream();
            Word64(body, (ulong)_files.Count);
            Word64(body, 4096);
            foreach ((ulong start, ulong end, ulong page, _) in _files)
            {
                Word64(body, start);
                Word64(body, end);
                Word64(body, page);
            }

            foreach ((_, _, _, string path) in _files) body.Write(Encoding.UTF8.GetBytes(path + "\0"));
            more.AddNote("CORE", 0x46494C45, body.ToArray());
        }

        return [.. _notes, .. more._notes];
    }

    private void Header(MemoryStream file, int count, int sections)
    {
        file.Write([0x7F, (byte)'E', (byte)'L', (byte)'F', Class, ByteOrder, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        Word16(file, Type);
        Word16(file, Machine);
        Word32(file, 1);
        Word64(file, Entry);
        Word64(file, HeaderBytes);
        Word64(file, SectionBytes > 0 ? (ulong)sections : 0);
        Word32(file, 0);
        Word16(file, HeaderBytes);
        Word16(file, SegmentHeaderBytes);
        Word16(file, CountsInSection ? ushort.MaxValue : (ushort)(SegmentCount ?? (uint)count));
        Word16(file, HeaderBytes);
        Word16(file, (ushort)(SectionBytes / HeaderBytes));
        Word16(file, 0);
    }

    private static void SegmentRow(MemoryStream file, uint type, uint flags, ulong offset, ulong address, ulong size, ulong memorySize)
    {
        Word32(file, type);
        Word32(file, flags);
        Word64(file, offset);
        Word64(file, address);
        Word64(file, address);
        Word64(file, size);
        Word64(file, memorySize);
        Word64(file, 4096);
    }

    private void Sections(MemoryStream file, int count, int at)
    {
        if (SectionBytes == 0) return;
        Section(0, CountsInSection ? SegmentCount ?? (uint)count : 0, 0, 0, 0);
        if (_symbols.Count == 0) return;
        byte[] table = SymbolTable(out byte[] names);
        Section(DynamicSymbols, 0, (ulong)at, (ulong)table.Length, link: 2);
        Section(3, 0, (ulong)(at + table.Length), (ulong)names.Length, 0);

        void Section(uint type, uint info, ulong offset, ulong size, uint link)
        {
            Word32(file, 0);
            Word32(file, type);
            Word64(file, 0);
            Word64(file, 0);
            Word64(file, offset);
            Word64(file, size);
            Word32(file, link);
            Word32(file, info);
            Word64(file, 8);
            Word64(file, 24);
        }
    }

    private byte[] SymbolTable(out byte[] names)
    {
        using var table = new MemoryStream();
        using var texts = new MemoryStream();
        table.Write(new byte[24]);
        texts.WriteByte(0);
        foreach ((string name, ulong address) in _symbols)
        {
            Word32(table, (uint)texts.Length);
            Word32(table, 0x10);
            Word64(table, address);
            Word64(table, 4);
            texts.Write(Encoding.ASCII.GetBytes(name + "\0"));
        }

        names = texts.ToArray();
        return table.ToArray();
    }

    private static void Word16(Stream to, ushort value) => to.Write([(byte)value, (byte)(value >> 8)]);

    private static void Word32(Stream to, uint value)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        to.Write(bytes);
    }

    private static void Word64(Stream to, ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        to.Write(bytes);
    }

    private sealed record Piece(uint Type, ulong Address, byte[] Bytes, uint Flags, ulong? FileSize, ulong? Offset, ulong? MemorySize);
}
