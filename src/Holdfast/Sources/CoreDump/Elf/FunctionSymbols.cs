using System.Buffers.Binary;
using System.Text;
using Holdfast.Common;

namespace Holdfast.Sources.CoreDump.Elf;

/// <summary>Functions of a program by address, from its tables of symbols. A stripped one has the dynamic ones alone.</summary>
internal sealed class FunctionSymbols
{
    private const int SymbolBytes = 24;
    private const int SectionBytes = 64;
    private const int Function = 2;

    private readonly List<(ulong Start, ulong Size, ulong Name)> _functions = [];
    private readonly ulong[] _starts;
    private readonly MappedFile _file;

    /// <param name="file">The program.</param>
    /// <param name="header">Its header.</param>
    /// <param name="most">Functions that are kept.</param>
    public FunctionSymbols(MappedFile file, ElfHeader header, int most = Limits.MaxFunctionSymbols)
    {
        _file = file;
        for (int i = 0; i < header.SectionCount; i++)
        {
            ReadOnlySpan<byte> section = file.Slice(header.SectionOffset + ((ulong)i * SectionBytes), SectionBytes);
            if (section.Length < SectionBytes) break;
            if (BinaryPrimitives.ReadUInt32LittleEndian(section[4..]) is not (2 or 11)) continue;
            uint link = BinaryPrimitives.ReadUInt32LittleEndian(section[40..]);
            ReadOnlySpan<byte> names = file.Slice(header.SectionOffset + (link * (ulong)SectionBytes), SectionBytes);
            if (names.Length == SectionBytes) Add(section, BinaryPrimitives.ReadUInt64LittleEndian(names[24..]), most);
        }

        _functions.Sort();
        _starts = [.. _functions.Select(f => f.Start)];
    }

    /// <summary>The function an address is in; null where it is in none.</summary>
    /// <param name="address">As the program's file counts addresses.</param>
    public string? Find(ulong address)
    {
        int found = Array.BinarySearch(_starts, address);
        if (found < 0) found = ~found - 1;
        if (found < 0 || address - _functions[found].Start >= Math.Max(1, _functions[found].Size)) return null;
        ReadOnlySpan<byte> name = _file.Slice(_functions[found].Name, Limits.MaxSymbolCharacters);
        int end = name.IndexOf((byte)0);
        return Encoding.ASCII.GetString(end < 0 ? name : name[..end]);
    }

    private void Add(ReadOnlySpan<byte> section, ulong names, int most)
    {
        ReadOnlySpan<byte> table = _file.Slice(BinaryPrimitives.ReadUInt64LittleEndian(section[24..]), BinaryPrimitives.ReadUInt64LittleEndian(section[32..]));
        for (; table.Length >= SymbolBytes && _functions.Count < most; table = table[SymbolBytes..])
        {
            ulong start = BinaryPrimitives.ReadUInt64LittleEndian(table[8..]);
            if ((table[4] & 15) != Function || start == 0) continue;
            _functions.Add((start, BinaryPrimitives.ReadUInt64LittleEndian(table[16..]), names + BinaryPrimitives.ReadUInt32LittleEndian(table)));
        }
    }
}
