namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>
/// Tables of where in the source bytecodes, and calls in machine code, come from. Source: V8, src/codegen/source-position-table.cc.
/// </summary>
internal static class SourcePositions
{
    /// <summary>The position of the last entry up to an offset; null where there is none.</summary>
    /// <param name="table">The table's bytes.</param>
    /// <param name="offset">Of the bytecode, or of the machine instruction.</param>
    /// <param name="version">V8's version.</param>
    public static SourcePosition? Find(ReadOnlySpan<byte> table, long offset, int version)
    {
        var numbers = new VariableLength(table);
        long code = -1, position = 0;
        SourcePosition? found = null;
        while (!numbers.IsAtEnd)
        {
            // Whether a debugger can stop there is in the first number: as its sign, or since V8 14 as its two lowest bits.
            ulong first = numbers.Unsigned();
            long step = version >= 1406 ? (long)(first >> 2) : VariableLength.Sign(first) is var signed && signed < 0 ? ~signed : signed;
            code += step;
            if (code > offset) break;
            position += numbers.Signed();
            found = new SourcePosition(position);
        }

        return found;
    }
}

/// <summary>A place in a script's source. Source: V8, src/codegen/source-position.h.</summary>
/// <param name="Bits">As V8 packs it.</param>
internal readonly record struct SourcePosition(long Bits)
{
    /// <summary>Characters from the source's start; -1 where it is not known.</summary>
    public int Offset => (Bits & 1) != 0 ? -1 : (int)(Bits >> 1 & 0x3FFFFFFF) - 1;

    /// <summary>Which of the inlined functions it is in, -1 for none.</summary>
    public int Inlining => (int)(Bits >> 31 & 0xFFFF) - 1;
}
