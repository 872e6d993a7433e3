using System.Buffers.Binary;
using System.Text;
using Holdfast.Common;

namespace Holdfast.Sources.CoreDump.Elf;

/// <summary>
/// The symbols of a program that matter here: V8's postmortem data (<c>v8dbg_…</c>) and a few of V8's variables. They are in the
/// dynamic symbol table, which stripping leaves.
/// </summary>
internal sealed class ElfSymbols
{
    private const int SymbolBytes = 24;
    private const uint DynamicSymbols = 11;
    private const uint Dynamic = 2;
    private const uint HeadersThemselves = 6;
    private const ulong StringTable = 5;
    private const ulong SymbolTable = 6;
    private const ulong StringTableBytes = 10;
    private const int MostHeaders = 256;
    private const ulong MostSymbolBytes = 64 << 20;
    private const int LongestName = 1024;
    private const int MostSymbols = 1 << 16;

    private readonly Dictionary<string, ulong> _addresses = [];

    public static ElfSymbols None { get; } = new();

    public IReadOnlyDictionary<string, ulong> Addresses => _addresses;

    /// <summary>The program's dynamic symbols with one of these beginnings.</summary>
    public static ElfSymbols Read(MappedFile file, ElfHeader header, IReadOnlyList<byte[]> beginnings)
    {
        var symbols = new ElfSymbols();
        for (int i = 0; i < header.SectionCount; i++)
        {
            ReadOnlySpan<byte> section = file.Slice(header.SectionOffset + ((ulong)i * 64), 64);
            if (section.Length < 64) break;
            if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) != DynamicSymbols) continue;
            uint link = BinaryPrimitives.ReadUInt32LittleEndian(section[40..]);
            ReadOnlySpan<byte> names = file.Slice(header.SectionOffset + (link * 64UL), 64);
            if (names.Length == 64) symbols.Add(Body(file, section), Body(file, names), beginnings);
        }

        return symbols;
    }

    /// <summary>The same of a program as it is in memory, where a core has its read-only parts too; addresses are where they are there.</summary>
    /// <param name="memory">The process's memory.</param>
    /// <param name="headers">Where the program's headers are (AT_PHDR).</param>
    /// <param name="count">How many there are (AT_PHNUM).</param>
    /// <param name="beginnings">Beginnings of the names that are wanted.</param>
    public static IReadOnlyDictionary<string, ulong> ReadLoaded(AddressSpace memory, ulong headers, int count, IReadOnlyList<byte[]> beginnings)
    {
        ulong bias = 0, dynamic = 0;
        for (int i = 0; i < Math.Min(count, MostHeaders); i++)
        {
            ReadOnlySpan<byte> row = memory.Exactly(headers + ((ulong)i * 56), 56);
            if (row.IsEmpty) return new Dictionary<string, ulong>();
            ulong address = BinaryPrimitives.ReadUInt64LittleEndian(row[16..]);
            switch (BinaryPrimitives.ReadUInt32LittleEndian(row))
            {
                case HeadersThemselves:
                    bias = headers - address;
                    break;
                case Dynamic:
                    dynamic = address;
                    break;
            }
        }

        var tags = new Dictionary<ulong, ulong>();
        for (ulong at = dynamic + bias; dynamic != 0 && tags.Count < MostHeaders && memory.TryWord(at, out ulong tag) && tag != 0; at += 16)
            tags[tag] = memory.Word(at + 8);
        if (!tags.TryGetValue(SymbolTable, out ulong table) || !tags.TryGetValue(StringTable, out ulong names)) return new Dictionary<string, ulong>();

        // The loader has put addresses there for all but the kernel's own library; the names follow the symbols.
        if (table < bias) table += bias;
        if (names < bias) names += bias;
        if (names <= table || names - table > MostSymbolBytes) return new Dictionary<string, ulong>();
        var symbols = new ElfSymbols();
        symbols.Add(memory.From(table, names - table), memory.From(names, tags.GetValueOrDefault(StringTableBytes)), beginnings);
        return symbols.Addresses.ToDictionary(s => s.Key, s => s.Value + bias);
    }

    /// <summary>Adds the symbols of a table.</summary>
    public void Add(ReadOnlySpan<byte> table, ReadOnlySpan<byte> names, IReadOnlyList<byte[]> beginnings)
    {
        for (; table.Length >= SymbolBytes && _addresses.Count < MostSymbols; table = table[SymbolBytes..])
        {
            uint at = BinaryPrimitives.ReadUInt32LittleEndian(table);
            if (at == 0 || at >= names.Length) continue;
            ReadOnlySpan<byte> name = names[(int)at..];
            foreach (byte[] beginning in beginnings)
            {
                if (!name.StartsWith(beginning)) continue;
                int end = name[..Math.Min(name.Length, LongestName)].IndexOf((byte)0);
                if (end >= 0) _addresses[Encoding.ASCII.GetString(name[..end])] = BinaryPrimitives.ReadUInt64LittleEndian(table[8..]);
                break;
            }
        }
    }

    private static ReadOnlySpan<byte> Body(MappedFile file, ReadOnlySpan<byte> section) =>
        file.Slice(BinaryPrimitives.ReadUInt64LittleEndian(section[24..]), BinaryPrimitives.ReadUInt64LittleEndian(section[32..]));
}
