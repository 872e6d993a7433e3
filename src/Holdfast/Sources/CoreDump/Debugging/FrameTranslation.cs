using Holdfast.Common;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>
/// What V8 wrote down to go back from optimized to unoptimized code at a place: which functions' frames the place stands for, and where their
/// values are. Source: V8, src/deoptimizer/ (translation-opcode.h, frame-translation-builder.cc).
/// </summary>
internal static class FrameTranslation
{
    private const int MostOperands = 8;

    /// <summary>The operations from an index to the next description.</summary>
    /// <param name="bytes">All descriptions of a code object.</param>
    /// <param name="index">Where the wanted one begins.</param>
    /// <param name="opcodes">The version's operations.</param>
    public static List<TranslationStep> Read(ReadOnlySpan<byte> bytes, int index, IReadOnlyList<TranslationOpcode> opcodes)
    {
        var steps = new List<TranslationStep>();
        var numbers = new VariableLength(bytes, index);
        if (index < 0 || index >= bytes.Length || Next(ref numbers, opcodes) is not { } begin || !begin.IsBegin) return steps;
        steps.Add(begin);

        // The first number says how far before is the one that this one is like; versions before 11 have none.
        List<TranslationStep>? previous = null;
        long distance = begin.Name == "BEGIN" ? 0 : (long)begin.UnsignedOperand(0);
        while (!numbers.IsAtEnd && steps.Count < Limits.MaxTranslationSteps)
        {
            int at = numbers.At;
            if (Next(ref numbers, opcodes) is not { } step || step.IsBegin) break;
            if (step.Matches == 0)
            {
                steps.Add(step);
                continue;
            }

            if (distance <= 0 || distance > index) break;
            previous ??= Plain(bytes, index - (int)distance, opcodes);
            int from = steps.Count, end = (int)Math.Min(previous.Count, from + (long)step.Matches);
            for (int i = from; i < end; i++) steps.Add(previous[i]);
            if (end < from + (long)step.Matches || at == numbers.At) break;
        }

        return steps;
    }

    /// <summary>As <see cref="Read"/>, of one that is like no other.</summary>
    private static List<TranslationStep> Plain(ReadOnlySpan<byte> bytes, int index, IReadOnlyList<TranslationOpcode> opcodes)
    {
        var steps = new List<TranslationStep>();
        var numbers = new VariableLength(bytes, index);
        while (!numbers.IsAtEnd && steps.Count < Limits.MaxTranslationSteps)
        {
            if (Next(ref numbers, opcodes) is not { Matches: 0 } step || (step.IsBegin && steps.Count > 0)) break;
            steps.Add(step);
        }

        return steps;
    }

    private static TranslationStep? Next(ref VariableLength numbers, IReadOnlyList<TranslationOpcode> opcodes)
    {
        int code = numbers.Byte();

        // Numbers that are no operation's: so many operations as in the one before.
        if (code >= opcodes.Count) return new TranslationStep("", [], (ulong)(code - opcodes.Count));
        TranslationOpcode opcode = opcodes[code];
        if (opcode.Operands > MostOperands) return null;
        var operands = new ulong[opcode.Operands];
        for (int i = 0; i < operands.Length; i++) operands[i] = numbers.Unsigned();
        return new TranslationStep(opcode.Name, operands, opcode.Name == "MATCH_PREVIOUS_TRANSLATION" ? operands[0] : 0);
    }
}

/// <summary>An operation of a description.</summary>
/// <param name="Name">Its name in V8.</param>
/// <param name="Operands">Its numbers as they are written.</param>
/// <param name="Matches">For how many operations of the one before it stands.</param>
internal sealed record TranslationStep(string Name, ulong[] Operands, ulong Matches)
{
    public bool IsBegin => Name.StartsWith("BEGIN", StringComparison.Ordinal);

    /// <summary>Whether it begins a frame.</summary>
    public bool IsFrame => Name.Contains("_FRAME", StringComparison.Ordinal) || Name is "INLINED_EXTRA_ARGUMENTS";

    public ulong UnsignedOperand(int index) => index < Operands.Length ? Operands[index] : 0;

    /// <summary>A number that may be negative: its sign is the lowest bit, the rest its size. Source: V8, VLQConvertToUnsigned.</summary>
    public long Operand(int index)
    {
        ulong word = UnsignedOperand(index);
        return (word & 1) == 0 ? (long)(word >> 1) : -(long)(word >> 1);
    }

    /// <summary>How many more values make up this value.</summary>
    public long Parts => Name switch
    {
        "CAPTURED_OBJECT" => Math.Clamp(Operand(0), 0, Limits.MaxTranslationSteps),
        "STRING_CONCAT" => 2,
        _ => 0,
    };
}
