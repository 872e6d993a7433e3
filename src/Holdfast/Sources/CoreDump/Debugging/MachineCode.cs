using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>
/// Whose code an address is in, of the code V8 has made: its builtins, which are in the program, and what it compiled, which is in the heap.
/// </summary>
internal sealed class MachineCode
{
    /// <summary>No builtin is longer; only of the last one is the end not known.</summary>
    private const ulong LongestBuiltin = 1 << 16;

    private const string HandlerSuffix = "Handler";

    private readonly V8Heap _heap;
    private readonly ulong[] _builtinStarts;
    private readonly string[] _builtinNames;
    private readonly ulong[] _codeStarts;
    private readonly (ulong End, int Code)[] _codes;

    public MachineCode(CoreSession core)
    {
        _heap = core.Heap;
        (_builtinStarts, _builtinNames) = Builtins(core);
        var found = new List<(ulong Start, ulong End, int Code)>();
        for (int i = 0; i < _heap.Count; i++)
        {
            if (IsCode(i) && InstructionsOf(_heap[i]) is { Start: > 0 } code && code.Start + code.Size > code.Start) found.Add((code.Start, code.Start + code.Size, i));
        }

        found.Sort();
        _codeStarts = [.. found.Select(f => f.Start)];
        _codes = [.. found.Select(f => (f.End, f.Code))];
    }

    /// <summary>What is at an address; of tier <see cref="CodeKind.None"/> where it is none of V8's.</summary>
    public CodePlace Find(ulong address)
    {
        if (Below(_builtinStarts, address) is >= 0 and var builtin)
        {
            ulong start = _builtinStarts[builtin];
            ulong end = builtin + 1 < _builtinStarts.Length ? _builtinStarts[builtin + 1] : start + LongestBuiltin;
            if (address < end) return new CodePlace(TierOf(_builtinNames[builtin]), _builtinNames[builtin], -1, (long)(address - start));
        }

        if (Below(_codeStarts, address) is >= 0 and var place && address < _codes[place].End)
            return new CodePlace(TierOf(_heap[_codes[place].Code]), "", _codes[place].Code, (long)(address - _codeStarts[place]));
        return default;
    }

    /// <summary>Where a Code object's instructions are; nothing where they are not its own (it stands for a builtin).</summary>
    private (ulong Start, ulong Size) InstructionsOf(HeapObject code)
    {
        V8Layout layout = _heap.Layout;
        if (layout.Version <= 1002) return (code.Address - 1 + 128, (ulong)Math.Max(0, code.Int32(40)));
        int start = layout.Offset("Code.instruction_start", 40), size = layout.Offset("Code.instruction_size", 56);
        return _heap.IndexOf(code[layout.CodeInstructions]) < 0 ? default : (code[start], (ulong)Math.Max(0, code.Int32(size)));
    }

    private bool IsCode(int index) => _heap.KindOf(index) is ObjectKind.Code;

    private CodeKind TierOf(HeapObject code)
    {
        int kind = (code.Int32(_heap.Layout.CodeFlags) & 15) - _heap.Layout.BaselineKind;
        return kind switch
        {
            0 => CodeKind.Baseline,
            1 => CodeKind.Maglev,
            2 => CodeKind.Turbofan,
            -1 => CodeKind.Interpreter,
            _ => CodeKind.Other,
        };
    }

    private static CodeKind TierOf(string builtin)
    {
        if (builtin.StartsWith("InterpreterEnt", StringComparison.Ordinal) || builtin.StartsWith("BaselineOrInterpreterEnter", StringComparison.Ordinal)) return CodeKind.Interpreter;
        return builtin.EndsWith(HandlerSuffix, StringComparison.Ordinal) ? CodeKind.Handler : CodeKind.Builtin;
    }

    /// <summary>Where builtins begin: an isolate has a table of that right before its table of their code objects.</summary>
    private static (ulong[] Starts, string[] Names) Builtins(CoreSession core)
    {
        VersionTable table = core.Heap.Table;
        int offset = core.Heap.Layout.Offset("Builtins.table", 0) - (8 * table.Builtins.Count);
        IsolateInfo? isolate = core.Isolates.FirstOrDefault(i => i.IsKnown);
        if (isolate is null || offset <= 0) return ([], []);
        ulong entries = isolate.Address + (ulong)offset;
        var found = new List<(ulong Start, string Name)>();
        for (int i = 0; i < table.Builtins.Count; i++)
        {
            // Their code objects say it too, since V8 11.
            ulong at = entries + ((ulong)i * 8);
            int code = core.Heap.Layout.Version >= 1103 ? core.Heap.IndexOf(core.Heap.Memory.Word(at + (8 * (ulong)table.Builtins.Count))) : -1;
            ulong start = code >= 0 ? core.Heap[code][core.Heap.Layout.Offset("Code.instruction_start", 40)] : core.Heap.Memory.Word(at);
            if (start > 0) found.Add((start, table.Builtins[i]));
        }

        found.Sort((a, b) => a.Start.CompareTo(b.Start));
        return ([.. found.Select(f => f.Start)], [.. found.Select(f => f.Name)]);
    }

    private static int Below(ulong[] starts, ulong address)
    {
        int found = Array.BinarySearch(starts, address);
        return found >= 0 ? found : ~found - 1;
    }
}

/// <summary>What kind of code it is. Source: V8, src/objects/code-kind.h.</summary>
internal enum CodeKind
{
    None,
    Builtin,
    Handler,
    Interpreter,
    Baseline,
    Maglev,
    Turbofan,
    Other,
}

/// <summary>A place in V8's machine code.</summary>
/// <param name="Tier">What kind of code it is.</param>
/// <param name="Name">The builtin's name.</param>
/// <param name="Code">The Code object, -1 for builtins.</param>
/// <param name="Offset">Bytes from where the instructions begin.</param>
internal readonly record struct CodePlace(CodeKind Tier, string Name, int Code, long Offset);
