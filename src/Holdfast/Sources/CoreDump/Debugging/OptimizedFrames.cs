using System.Buffers.Binary;
using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>
/// The functions that a place in optimized code stands for: the one that was compiled, and those that were compiled into it.
/// Source: V8, OptimizedFrame::Summarize and src/objects/deoptimization-data.h.
/// </summary>
internal sealed class OptimizedFrames(CoreSession core, ValueText values)
{
    private const int EntryWords = 3;
    private const int ExitBytes = 4;
    private const int ArrayStart = V8Layout.ArrayData;
    private const ulong CallerStack = 16;

    private readonly V8Heap _heap = core.Heap;

    /// <summary>The functions, innermost first; empty where V8 wrote nothing down for this place.</summary>
    /// <param name="code">The Code object.</param>
    /// <param name="instruction">Bytes from where its instructions begin to where the frame goes on.</param>
    /// <param name="frame">The frame's address.</param>
    public List<OptimizedFunction> Read(HeapObject code, long instruction, ulong frame)
    {
        var found = new List<OptimizedFunction>();
        if (!_heap.TryFollow(code, _heap.Layout.CodeDeoptimizationData, out HeapObject data) || IndexOfTranslation(data, instruction) is not (>= 0 and var index)) return found;
        if (!_heap.TryFollow(data, ArrayStart, out HeapObject translation)) return found;
        ReadOnlySpan<byte> bytes = translation.Bytes(ArrayStart, Math.Max(0, translation.Int32(12)));
        List<TranslationStep> steps = FrameTranslation.Read(bytes, index, _heap.Table.Translations);
        _heap.TryFollow(data, ArrayStart + (8 * _heap.Layout.DeoptimizationLiterals), out HeapObject literals);
        bool isConstructor = false;
        for (int i = 1; i < steps.Count; i++)
        {
            TranslationStep step = steps[i];
            if (!step.IsFrame) continue;
            if (step.Name.StartsWith("CONSTRUCT_", StringComparison.Ordinal))
            {
                isConstructor = true;
                continue;
            }

            bool isInterpreted = step.Name.StartsWith("INTERPRETED_FRAME", StringComparison.Ordinal);
            if (!isInterpreted && !step.Name.StartsWith("JAVASCRIPT_BUILTIN_CONTINUATION", StringComparison.Ordinal)) continue;
            int shared = _heap.IndexOf(Literal(literals, step.Operand(1)));
            if (_heap.KindOf(shared) != ObjectKind.SharedFunctionInfo) return [];
            var function = new OptimizedFunction(_heap[shared], isInterpreted ? (int)step.Operand(0) : -1, isConstructor);
            if (isInterpreted) function = function with { Values = Values(steps, i + 1, 1 + Parameters(_heap[shared]), literals, frame) };
            found.Add(function);
            isConstructor = false;
        }

        found.Reverse();
        return found;
    }

    /// <summary>The same from the positions of calls alone: without values. Source: V8, SourcePosition::InliningStack.</summary>
    public List<OptimizedFunction> ByPositions(HeapObject code, HeapObject compiled, SourcePosition position)
    {
        var found = new List<OptimizedFunction>();
        _heap.TryFollow(code, _heap.Layout.CodeDeoptimizationData, out HeapObject data);
        _heap.TryFollow(data, ArrayStart + (8 * _heap.Layout.DeoptimizationInlining), out HeapObject inlinings);
        _heap.TryFollow(data, ArrayStart + (8 * _heap.Layout.DeoptimizationLiterals), out HeapObject literals);
        while (position.Inlining >= 0 && found.Count < Limits.MaxFrameArguments)
        {
            long entry = ArrayStart + (16L * position.Inlining);
            if (entry + 16 > inlinings.Size) return [];
            int shared = _heap.IndexOf(Literal(literals, inlinings.Int32((int)entry + 8)));
            if (_heap.KindOf(shared) != ObjectKind.SharedFunctionInfo) return [];
            found.Add(new OptimizedFunction(_heap[shared], -1, false) { Position = position.Offset });
            position = new SourcePosition((long)inlinings[(int)entry]);
        }

        found.Add(new OptimizedFunction(compiled, -1, false) { Position = position.Offset });
        return found;
    }

    /// <summary>Whether a frame goes on where its code, which is no longer valid, is left: what is written of calls says nothing of that place.</summary>
    public bool IsLeaving(HeapObject code, long instruction) =>
        _heap.TryFollow(code, _heap.Layout.CodeDeoptimizationData, out HeapObject data)
        && Field(data, _heap.Layout.DeoptimizationInlining + 1) is > 0 and var exits && instruction >= exits;

    /// <summary>How many parameters a function declares, its receiver among them.</summary>
    private int Parameters(HeapObject shared) =>
        Math.Min((int)shared.UInt16(_heap.Layout.Offset("SharedFunctionInfo.internal_formal_parameter_count", 42)), Limits.MaxFrameArguments);

    /// <summary>Where the description of a place begins, -1 where there is none.</summary>
    private int IndexOfTranslation(HeapObject data, long instruction)
    {
        // Fields, then three words for each place: the bytecode, the description, and where calls return to.
        int exits = _heap.Layout.DeoptimizationInlining + 1, first = exits + 3;
        int eager = Field(data, exits + 1), all = eager + Field(data, exits + 2);
        int count = Math.Min(all, (data.Words - 2 - first) / EntryWords);
        for (int i = 0; i < count; i++)
        {
            if (Field(data, first + (i * EntryWords) + 2) == instruction) return Field(data, first + (i * EntryWords) + 1);
        }

        // Code that is no longer valid returns to its way out, of which each place has one.
        long way = instruction - Field(data, exits);
        if (way < 0 || way % ExitBytes != 0 || way / ExitBytes >= count) return -1;
        return Field(data, first + ((int)(way / ExitBytes) * EntryWords) + 1);
    }

    private static int Field(HeapObject data, int word) => data.Smi(ArrayStart + (8 * word));

    private static ulong Literal(HeapObject literals, long index)
    {
        if (index < 0 || index >= (literals.Size - ArrayStart) / 8) return 0;
        ulong word = literals[ArrayStart + (8 * (int)index)];
        return (word & 3) == 3 ? word & ~2UL : word;
    }

    private List<FrameValue> Values(List<TranslationStep> steps, int from, int count, HeapObject literals, ulong frame)
    {
        var found = new List<FrameValue>();
        for (int at = from; at < steps.Count && found.Count < count && !steps[at].IsFrame; at++)
        {
            if (steps[at].Name == "UPDATE_FEEDBACK") continue;
            found.Add(Value(steps[at], literals, frame));
            for (long parts = steps[at].Parts; parts > 0 && at + 1 < steps.Count; parts--) parts += steps[++at].Parts;
        }

        return found;
    }

    private FrameValue Value(TranslationStep step, HeapObject literals, ulong frame)
    {
        ulong slot = frame + CallerStack - (8 * ((ulong)step.Operand(0) + 1));
        switch (step.Name)
        {
            case "LITERAL":
                return values.Of(Literal(literals, step.Operand(0)));
            case "STACK_SLOT" or "TAGGED_STACK_SLOT":
                return _heap.Memory.TryWord(slot, out ulong word) ? values.Of(word) : new FrameValue("??? (not in the core)", null);
            case "INT32_STACK_SLOT":
                return Number(_heap.Memory.Int32(slot));
            case "UINT32_STACK_SLOT":
                return Number((uint)_heap.Memory.Int32(slot));
            case "INT64_STACK_SLOT":
                return Number((long)_heap.Memory.Word(slot));
            case "DOUBLE_STACK_SLOT" or "HOLEY_DOUBLE_STACK_SLOT":
                return Number(BitConverter.UInt64BitsToDouble(_heap.Memory.Word(slot)));
            case "FLOAT_STACK_SLOT":
                return Number(BinaryPrimitives.ReadSingleLittleEndian(BitConverter.GetBytes(_heap.Memory.Word(slot))));
            case "BOOL_STACK_SLOT":
                return new FrameValue(_heap.Memory.Int32(slot) == 0 ? "false" : "true", null);
            case "OPTIMIZED_OUT":
                return new FrameValue("<optimized away>", null);
            case "CAPTURED_OBJECT" or "DUPLICATED_OBJECT" or "STRING_CONCAT" or "ARGUMENTS_ELEMENTS" or "ARGUMENTS_LENGTH" or "REST_LENGTH":
                return new FrameValue("<not made yet>", null);
            default:
                return new FrameValue($"??? ({step.Name})", null);
        }
    }

    private static FrameValue Number(double value) => new(NumberText.Show(value), null);
}

/// <summary>A function of optimized code.</summary>
/// <param name="Shared">Its shared part.</param>
/// <param name="Bytecode">Which bytecode it was at; -1 for builtins.</param>
/// <param name="IsConstructor">Whether it was called with <c>new</c>.</param>
internal sealed record OptimizedFunction(HeapObject Shared, int Bytecode, bool IsConstructor)
{
    /// <summary>Where in its source it was, where that is known without the bytecode; else -1.</summary>
    public int Position { get; init; } = -1;

    /// <summary>The function, its receiver and its arguments.</summary>
    public IReadOnlyList<FrameValue> Values { get; init; } = [];
}
