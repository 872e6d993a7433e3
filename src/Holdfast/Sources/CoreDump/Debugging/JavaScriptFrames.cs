using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>What a frame of V8's says: the function, what it was called on and with, and where in its source it is.</summary>
internal sealed class JavaScriptFrames
{
    private const ulong ArgumentCount = 24;
    private const ulong FirstArgument = 16;
    private const int ScriptName = 16;

    /// <summary>Words above an exit frame that say which function it is of.</summary>
    private const int ExitWords = 12;

    private readonly CoreSession _core;
    private readonly V8Heap _heap;
    private readonly V8Layout _layout;
    private readonly ValueText _values;
    private readonly FrameTypes _types;
    private readonly OptimizedFrames _optimized;
    private readonly BytecodePositions _positions;
    private readonly CallNames _calls;
    private readonly int _mostArguments;

    /// <param name="core">The core.</param>
    /// <param name="mostArguments">Arguments of a frame that are shown; they are counted all.</param>
    public JavaScriptFrames(CoreSession core, int mostArguments = Limits.MaxFrameArguments)
    {
        _mostArguments = mostArguments;
        _core = core;
        _heap = core.Heap;
        _layout = core.Heap.Layout;
        _values = new ValueText(core);
        _types = new FrameTypes(_layout);
        _optimized = new OptimizedFrames(core, _values);
        _positions = new BytecodePositions(core.Heap);
        _calls = new CallNames(core);
    }

    public ValueText Values => _values;

    /// <summary>A frame of V8's code: one, or several where functions were compiled into another. Numbers are given later.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="caller">The one that called it.</param>
    public List<StackFrame> Read(RawFrame frame, RawFrame? caller)
    {
        ulong mark = _heap.Memory.Word(frame.Frame - 8);
        List<StackFrame> found = frame.Frame == 0 ? [Plain(FrameKind.Internal, frame)]
            : _types.Of(mark) is { } type ? [Typed(type, frame)]
            : _heap.IndexOf(mark) is >= 0 and var context && _heap.MapOf(context).Traits.IsContext ? Function(frame, caller)
            : [Plain(frame.Place.Tier is CodeKind.Builtin or CodeKind.Handler ? FrameKind.Internal : FrameKind.Unknown, frame) with { Problem = "the frame has neither a type nor a context" }];
        for (int i = 0; i < found.Count; i++) found[i] = found[i] with { InstructionPointer = frame.Pc, FramePointer = frame.Frame };
        return found;
    }

    private static StackFrame Plain(string kind, RawFrame frame) =>
        new(0, kind, frame.Place.Name is { Length: > 0 } name ? name : frame.Place.Tier == CodeKind.None ? FrameKind.Unknown : "(code of V8)");

    private StackFrame Typed(string type, RawFrame frame)
    {
        string kind = FrameTypes.KindOf(type);
        StackFrame plain = Plain(kind, frame);
        if (kind is not (FrameKind.Builtin or FrameKind.Api)) return plain;

        // The function, how many arguments there are, and these are above the frame, in an order that differs between versions.
        for (int i = 0; i < ExitWords; i++)
        {
            ulong at = frame.Frame + FirstArgument + (8 * (ulong)i);
            if (_heap.IndexOf(_heap.Memory.Word(at)) is not (>= 0 and var index) || _heap.KindOf(index) != ObjectKind.Function) continue;
            StackFrame found = Named(plain, _heap[index], null, false);
            if (type != "BuiltinExit") return found;
            ulong count = _heap.Memory.Word(at + 8);
            return (count & 1) != 0 ? found : WithValues(found, at + 24, (uint)count == 0 ? (long)(count >> 32) : (long)count);
        }

        return plain;
    }

    private List<StackFrame> Function(RawFrame frame, RawFrame? caller)
    {
        ulong word = _heap.Memory.Word(frame.Frame + (ulong)_layout.Offset("off_fp_function", -16));
        if (_heap.IndexOf(word) is not (>= 0 and var index) || _heap.KindOf(index) != ObjectKind.Function)
            return [Plain(FrameKind.Unknown, frame) with { Problem = $"its function is not in the heap ({NodeIdText.Show(word)})" }];
        HeapObject function = _heap[index];
        if (!_core.Functions.TryShared(function, out HeapObject shared))
            return [Plain(FrameKind.Unknown, frame) with { FunctionAddress = function.Address, Problem = "its function has no shared part in the heap" }];

        bool isConstructor = caller is { } outer && outer.Frame != 0 && _types.Of(_heap.Memory.Word(outer.Frame - 8)) is "Construct" or "FastConstruct";
        long count = (long)_heap.Memory.Word(frame.Frame - ArgumentCount);
        CodeKind tier = TierOf(frame);
        if (tier is CodeKind.Maglev or CodeKind.Turbofan && _optimized.Read(_heap[frame.Place.Code], frame.Place.Offset, frame.Frame) is { Count: > 0 } functions)
            return Inlined(functions, function, frame, isConstructor, count);
        if (tier is CodeKind.Maglev or CodeKind.Turbofan && CallIn(frame) is { } call && _optimized.ByPositions(_heap[frame.Place.Code], shared, call) is { Count: > 0 } known)
            return Inlined(known, function, frame, isConstructor, count);
        string kind = tier switch
        {
            CodeKind.Interpreter => FrameKind.Interpreted,
            CodeKind.Baseline => FrameKind.Baseline,
            CodeKind.Maglev => FrameKind.Maglev,
            CodeKind.Turbofan => FrameKind.Turbofan,
            _ => FrameKind.Builtin,
        };
        StackFrame found = Named(Plain(kind, frame), function, Receiver(frame.Frame), isConstructor);
        found = WithValues(found, frame.Frame + FirstArgument, count);
        if (kind == FrameKind.Builtin) return [found];
        int position = tier is CodeKind.Maglev or CodeKind.Turbofan ? -1 : _positions.Find(BytecodeIn(frame, shared), BytecodeOffset(frame, tier, shared));
        if (position < 0) found = found with { Problem = tier is CodeKind.Maglev or CodeKind.Turbofan ? "V8 kept nothing of where in its source this is" : "where its bytecode is cannot be read" };
        return [WithPlace(found, shared, position)];
    }

    /// <summary>How a function's code runs. Where the thread was in other code, which has no frame, by what the frame has.</summary>
    private CodeKind TierOf(RawFrame frame)
    {
        CodeKind tier = frame.Place.Tier;
        if (tier is CodeKind.Handler) return CodeKind.Interpreter;
        if (tier is not (CodeKind.Builtin or CodeKind.None or CodeKind.Other) || !frame.IsTop) return tier;
        return IsBytecode(_heap.Memory.Word(frame.Frame + (ulong)_layout.Offset("off_fp_bytecode_array", -32))) ? CodeKind.Interpreter : tier;
    }

    private bool IsBytecode(ulong word) => _heap.KindOf(_heap.IndexOf(word)) == ObjectKind.BytecodeArray;

    private List<StackFrame> Inlined(List<OptimizedFunction> functions, HeapObject outermost, RawFrame frame, bool isConstructor, long count)
    {
        var found = new List<StackFrame>();
        string kind = frame.Place.Tier == CodeKind.Maglev ? FrameKind.Maglev : FrameKind.Turbofan;
        for (int i = 0; i < functions.Count; i++)
        {
            OptimizedFunction function = functions[i];
            bool isOuter = i == functions.Count - 1, isBuiltin = function.Bytecode < 0 && function.Position < 0;
            StackFrame one = Plain(isBuiltin ? FrameKind.Builtin : kind, frame) with { IsInlined = !isOuter };
            if (isOuter)
            {
                one = Named(one, outermost, Receiver(frame.Frame), isConstructor);
                one = WithValues(one, frame.Frame + FirstArgument, count);
            }
            else
            {
                FrameValue? receiver = function.Values.Count > 1 ? function.Values[1] : null;
                one = Named(one, function.Shared, receiver?.Id is { } address ? address : null, function.IsConstructor, isTopLevel: receiver is { Id: null } or { Text: "undefined" });
                if (function.Values.Count > 0 && function.Values[0].Id is { } itself) one = one with { FunctionAddress = itself };
                if (receiver is not null) one = one with { This = receiver, Arguments = [.. function.Values.Skip(2)], ArgumentCount = function.Values.Count - 2 };
            }

            found.Add(isBuiltin ? one : WithPlace(one, function.Shared, function.Position >= 0 ? function.Position : _positions.Find(_positions.Of(function.Shared), function.Bytecode)));
        }

        return found;
    }

    private ulong? Receiver(ulong frame) => _heap.Memory.TryWord(frame + FirstArgument, out ulong word) ? word : null;

    /// <summary>Name and function of a frame, as V8's stack traces give them.</summary>
    private StackFrame Named(StackFrame frame, HeapObject function, ulong? receiver, bool isConstructor, bool isTopLevel = false)
    {
        if (function.Kind != ObjectKind.SharedFunctionInfo && !_core.Functions.TryShared(function, out HeapObject shared)) return frame;
        else if (function.Kind == ObjectKind.SharedFunctionInfo) shared = function;
        else _core.Functions.TryShared(function, out shared);
        string name = _core.Functions.DebugName(shared);
        string shown = name.Length > 0 ? name : "<anonymous>";
        if (isConstructor) shown = $"new {shown}";
        else if (!isTopLevel && receiver is { } word && _calls.TypeName(word) is { Length: > 0 } type) shown = CallNames.Qualified(type, name);
        return frame with { Name = shown, Function = name, FunctionAddress = function.Address, IsConstructor = isConstructor };
    }

    /// <summary>Receiver and arguments, which are above a frame.</summary>
    private StackFrame WithValues(StackFrame frame, ulong at, long count)
    {
        // The receiver counts.
        if (count is < 1 or > Limits.MaxStackBytes / 8) return frame with { Problem = frame.Problem ?? "how many arguments it has cannot be read" };
        var arguments = new List<FrameValue>();
        for (long i = 1; i < Math.Min(count, 1L + _mostArguments); i++) arguments.Add(ValueAt(at + (8 * (ulong)i)));
        return frame with { This = ValueAt(at), Arguments = arguments, ArgumentCount = (int)(count - 1) };
    }

    private FrameValue ValueAt(ulong address) =>
        _heap.Memory.TryWord(address, out ulong word) ? _values.Of(word) : new FrameValue("??? (not in the core)", null);

    private StackFrame WithPlace(StackFrame frame, HeapObject shared, int position)
    {
        if (!_core.Lines.TryScript(shared, out HeapObject script)) return frame;
        frame = frame with { Script = _core.Strings.Read(script[ScriptName]) ?? "", ScriptAddress = script.Address, Position = position };
        return position >= 0 && _core.Lines.At(script, position) is { } place ? frame with { Line = (int)place.Line + 1, Column = (int)place.Column + 1 } : frame;
    }

    /// <summary>The call that optimized code is in.</summary>
    private SourcePosition? CallIn(RawFrame frame) =>
        !_optimized.IsLeaving(_heap[frame.Place.Code], frame.Place.Offset) && _positions.Table(_heap[frame.Place.Code], _layout.CodePositions) is { IsEmpty: false } table
            ? SourcePositions.Find(table, frame.Place.Offset - 1, _layout.Version)
            : null;

    /// <summary>Which bytecode a frame is at; -1 where that cannot be told.</summary>
    private int BytecodeOffset(RawFrame frame, CodeKind tier, HeapObject shared)
    {
        if (tier == CodeKind.Baseline) return BytecodeIn(frame, shared) is { } bytecode ? _positions.OfBaseline(_heap[frame.Place.Code], bytecode, frame.Place.Offset) : -1;
        ulong offset = _heap.Memory.Word(frame.Frame + (ulong)_layout.Offset("off_fp_bytecode_offset", -40));
        return (uint)offset != 0 ? -1 : (int)(offset >> 32) - (_layout.BytecodeHeader - 1);
    }

    private HeapObject? BytecodeIn(RawFrame frame, HeapObject shared)
    {
        ulong word = _heap.Memory.Word(frame.Frame + (ulong)_layout.Offset("off_fp_bytecode_array", -32));
        return IsBytecode(word) ? _heap[_heap.IndexOf(word)] : _positions.Of(shared);
    }
}
