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
    private const int LongestName = 1024;

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

    /// <summary>Adds the symbols of a table.</summary>
    public void Add(ReadOnlySpan<byte> table, ReadOnlySpan<byte> names, IReadOnlyList<byte[]> beginnings)
    {
        for (; table.Length >= SymbolBytes; table = table[SymbolBytes..])
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
