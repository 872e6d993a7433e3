namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>Which bytecode an instruction of baseline code is of. Source: V8, src/baseline/bytecode-offset-iterator.h.</summary>
internal static class BaselineOffsets
{
    private const int LongestPrefix = 3;

    /// <summary>The bytecode's offset; -1 before the first one, or where the table ends before.</summary>
    /// <param name="table">For each bytecode, how many bytes of instructions it became; the first are those before all of them.</param>
    /// <param name="bytecodes">The function's bytecodes.</param>
    /// <param name="sizes">Sizes of bytecodes, as the version's table has them.</param>
    /// <param name="instruction">Bytes from where the instructions begin.</param>
    public static int Find(ReadOnlySpan<byte> table, ReadOnlySpan<byte> bytecodes, ReadOnlySpan<byte> sizes, long instruction)
    {
        var numbers = new VariableLength(table);
        ulong end = numbers.Unsigned();
        int found = -1, next = 0;
        while (end < (ulong)instruction)
        {
            if (numbers.IsAtEnd || next >= bytecodes.Length) return -1;
            end += numbers.Unsigned();
            found = next;
            int size = SizeAt(bytecodes[next..], sizes);
            if (size <= 0) return -1;
            next += size;
        }

        return found;
    }

    /// <summary>A bytecode's size with its operands and what says that they are wide.</summary>
    private static int SizeAt(ReadOnlySpan<byte> bytecodes, ReadOnlySpan<byte> sizes)
    {
        // The first four say that the next one's operands have two or four bytes each.
        int count = sizes.Length / 3, row = bytecodes[0] > LongestPrefix ? 0 : 1 + (bytecodes[0] & 1);
        int at = row == 0 ? 0 : 1;
        if (at >= bytecodes.Length || bytecodes[at] >= count) return 0;
        return at + sizes[(row * count) + bytecodes[at]];
    }
}
