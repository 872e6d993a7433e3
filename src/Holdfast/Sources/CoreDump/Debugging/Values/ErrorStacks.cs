using System.Globalization;
using System.Text;
using Holdfast.Common;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging.Values;

/// <summary>
/// The stack of an error: the text that was read of it, else the one V8 would write of the calls it keeps until someone reads it.
/// Source: V8, src/objects/call-site-info.cc, src/execution/messages.cc.
/// </summary>
internal sealed class ErrorStacks(CoreSession core)
{
    /// <summary>The private symbol, and the kind of object, that V8 keeps a stack with.</summary>
    private const string StackSymbol = "error_stack";
    private const string StackData = "ERROR_STACK_DATA";

    private const int ScriptName = 16;
    private const int EvalFrom = 72;
    private const int EvalPosition = 80;
    private const int MostEvals = 20;

    private readonly V8Heap _heap = core.Heap;
    private readonly BytecodePositions _positions = new(core.Heap);
    private readonly CallNames _calls = new(core);
    private readonly ObjectFields _fields = new(core);

    /// <summary>The stack, null where the object keeps none.</summary>
    public string? Of(HeapObject owner)
    {
        if (Kept(owner) is not { } kept) return null;
        if (kept.Traits.Name == StackData && !_heap.TryFollow(kept, V8Layout.Word, out kept)) return null;
        if (kept.Traits.IsString) return core.Strings.Read(kept);
        if (kept.Kind != ObjectKind.FixedArray) return null;
        var text = new StringBuilder(Header(owner));
        foreach (Call call in Shown([.. Calls(kept)]))
        {
            text.Append("\n    at ");
            Append(text, call);
        }

        return text.ToString();
    }

    private HeapObject? Kept(HeapObject owner)
    {
        var finder = new SymbolFinder(core.PrivateSymbols.Find(StackSymbol));
        core.Properties.Visit(owner, ref finder);
        return _heap.IndexOf(finder.Value) is >= 0 and var index ? _heap[index] : null;
    }

    /// <summary>What comes before the calls: the error as text. Node puts the code into those it makes itself.</summary>
    private string Header(HeapObject owner)
    {
        string name = Property(owner, "name") ?? "Error", message = Property(owner, "message") ?? "";
        if (name.Length > 0 && Property(owner, "[Symbol(kIsNodeError)]") is not null && Property(owner, "code") is { } code && !name.EndsWith(']')) name += $" [{code}]";
        return name.Length == 0 ? message : message.Length == 0 ? name : $"{name}: {message}";
    }

    /// <summary>A property's text, its own or of what it inherits from.</summary>
    private string? Property(HeapObject owner, string name)
    {
        var finder = new NameFinder(core, name);
        int most = Limits.MaxShownValues;
        for (int index = owner.Index; index >= 0 && most-- > 0 && _heap.MapOf(index).Traits.IsJSObject; index = _heap.IndexOf(_heap[index].Map.Prototype))
        {
            core.Properties.Visit(_heap[index], ref finder);
            if (finder.Value is { } found) return (found & 1) == 0 ? PrimitiveReader.SmallInteger(found).Text : core.Strings.Read(found) ?? "";
        }

        return null;
    }

    /// <summary>Calls as V8 keeps them: objects, or since version 14.6 six words of one array each.</summary>
    private IEnumerable<Call> Calls(HeapObject array)
    {
        const int Words = 6;
        int length = Math.Clamp(array.Smi(V8Layout.Word), 0, Math.Min(Limits.MaxFrames, (int)((array.Size - V8Layout.ArrayData) / V8Layout.Word))), version = _heap.Layout.Version;
        if (version >= 1406)
        {
            for (int i = 0; i + Words <= length; i += Words)
            {
                int at = V8Layout.ArrayData + (i * V8Layout.Word);
                yield return new Call(array[at], array[at + 8], array[at + 16], array.Smi(at + 24), array.Smi(at + 40));
            }

            yield break;
        }

        int receiver = version >= 1204 ? 16 : 8, code = version >= 1204 ? 8 : 24;
        for (int i = 0; i < length; i++)
        {
            if (!_heap.TryFollow(array, V8Layout.ArrayData + (i * V8Layout.Word), out HeapObject info) || info.Traits.Name != "CALL_SITE_INFO") continue;
            yield return new Call(info[code], info[receiver], info[receiver + 8], info.Smi(32), info.Smi(40));
        }
    }

    /// <summary>
    /// What Node leaves of the calls: where the innermost is in its own checks, which it marks by their names until Node 20, it takes all of
    /// these away, and shows as many of the others as V8 usually does. Source: Node.js, lib/internal/errors.js, prepareStackTrace.
    /// </summary>
    private List<Call> Shown(List<Call> calls)
    {
        const string Hidden = "__node_internal_";
        const int UsualCalls = 10;
        bool IsHidden(Call call) => _heap.IndexOf(call.Function) is >= 0 and var index && NameOf(_heap[index]).StartsWith(Hidden, StringComparison.Ordinal);
        if (calls.Count == 0 || !IsHidden(calls[0])) return calls;
        calls.RemoveRange(0, calls.FindLastIndex(IsHidden) + 1);
        if (calls.Count > UsualCalls) calls.RemoveRange(UsualCalls, calls.Count - UsualCalls);
        return calls;
    }

    /// <summary>A function's name, which the program may have set.</summary>
    private string NameOf(HeapObject function) =>
        _fields.OwnString(function, "name") ?? (core.Functions.TryShared(function, out HeapObject shared) ? core.Functions.DebugName(shared) : "");

    private void Append(StringBuilder text, Call call)
    {
        if (_heap.IndexOf(call.Function) is not (>= 0 and var index) || !core.Functions.TryShared(_heap[index], out HeapObject shared))
        {
            text.Append("???");
            return;
        }

        bool hasScript = core.Lines.TryScript(shared, out HeapObject script);
        bool isEval = hasScript && _heap.TryFollow(script, EvalFrom, out HeapObject from) && from.Kind == ObjectKind.SharedFunctionInfo;
        string name = NameOf(_heap[index]);
        if (name.Length == 0 && isEval) name = "eval";
        if (call.IsAsync) text.Append("async ");
        if (call.IsAsync && !hasScript && name is "all" or "any" or "allSettled")
        {
            text.Append(CultureInfo.InvariantCulture, $"Promise.{name} (index {call.Offset})");
            return;
        }

        string called = CallText(call, _heap[index], shared, name);
        string place = hasScript ? Place(script, isEval, PositionOf(call, shared)) : "<anonymous>";
        text.Append(called.Length == 0 ? place : $"{called} ({place})");
    }

    private string CallText(Call call, HeapObject function, HeapObject shared, string name)
    {
        if (call.IsConstructor) return $"new {(name.Length > 0 ? name : "<anonymous>")}";
        if (_calls.TypeName(call.Receiver) is not { } type) return name;
        string? method = _calls.MethodName(call.Receiver, function, core.Strings.Read(core.Functions.Name(shared)) ?? "");
        if (name.Length == 0) return $"{type}.{method ?? "<anonymous>"}";
        string called = CallNames.Qualified(type, name);
        return method is null || EndsWith(name, method) ? called : $"{called} [as {method}]";
    }

    /// <summary>Whether a function's name ends with a property's, as a word of its own.</summary>
    private bool EndsWith(string name, string method) => name.EndsWith(method, StringComparison.Ordinal)
        && (name.Length == method.Length || name[^(method.Length + 1)] == '.' || (name[^(method.Length + 1)] == ' ' && _heap.Layout.Version >= 1204));

    /// <summary>Characters from the source's start. V8 keeps the place in the bytecode; since version 14.6 also that in code made of it.</summary>
    private int PositionOf(Call call, HeapObject shared)
    {
        if (call.IsPosition) return call.Offset;
        if (_heap.IndexOf(call.Code) is not (>= 0 and var index)) return _positions.Find(_positions.Of(shared), call.Offset);
        HeapObject code = _heap[index];
        if (code.Traits.Name == "CODE_WRAPPER" && _heap.TryFollow(code, V8Layout.Word, out HeapObject inside)) code = inside;
        HeapObject? bytecode = code.Kind == ObjectKind.BytecodeArray ? code : code.Traits.Name == "BYTECODE_WRAPPER" ? _positions.Behind(code) : _positions.Of(shared);
        if (code.Kind != ObjectKind.Code || bytecode is null) return _positions.Find(bytecode, call.Offset);
        int kind = code.Int32(_heap.Layout.CodeFlags) & 15;
        return kind == _heap.Layout.BaselineKind ? _positions.Find(bytecode, _positions.OfBaseline(code, bytecode.Value, call.Offset)) : -1;
    }

    private string Place(HeapObject script, bool isEval, int position, int depth = 0)
    {
        string name = core.Strings.Read(script[ScriptName]) ?? "";
        if (name.Length == 0) name = isEval ? $"{Origin(script, depth)}, <anonymous>" : "<anonymous>";
        return position >= 0 && core.Lines.At(script, position) is { } place ? string.Create(CultureInfo.InvariantCulture, $"{name}:{place.Line + 1}:{place.Column + 1}") : name;
    }

    /// <summary>Where the code that called <c>eval</c> is. Before someone asks, V8 has only the bytecode's place, as a negative number.</summary>
    private string Origin(HeapObject script, int depth)
    {
        if (!_heap.TryFollow(script, EvalFrom, out HeapObject from)) return "eval";
        string name = core.Strings.Read(core.Functions.Name(from)) ?? "";
        string at = $"eval at {(name.Length > 0 ? name : "<anonymous>")}";
        if (depth >= MostEvals || !core.Lines.TryScript(from, out HeapObject outer)) return at;
        int position = script.Smi(EvalPosition);
        if (position < 0) position = _positions.Find(_positions.Of(from), -position);
        bool isEval = _heap.TryFollow(outer, EvalFrom, out HeapObject outermost) && outermost.Kind == ObjectKind.SharedFunctionInfo;
        return isEval ? $"{at} ({Origin(outer, depth + 1)})" : $"{at} ({Place(outer, false, position, depth + 1)})";
    }

    /// <summary>A call as V8 keeps it.</summary>
    /// <param name="Code">Bytecode, or machine code.</param>
    /// <param name="Receiver">What the function was called on.</param>
    /// <param name="Function">The function.</param>
    /// <param name="Offset">Into the code; or already characters from the source's start.</param>
    /// <param name="Flags">What kind of call.</param>
    private readonly record struct Call(ulong Code, ulong Receiver, ulong Function, int Offset, int Flags)
    {
        public bool IsConstructor => (Flags & 8) != 0;

        public bool IsAsync => (Flags & 32) != 0;

        public bool IsPosition => (Flags & 64) != 0;
    }

    private struct SymbolFinder(ulong symbol) : IPropertyVisitor
    {
        public ulong Value { get; private set; }

        public bool Visit(ulong key, ulong value, bool isAccessor, int offset)
        {
            if (key != symbol) return true;
            Value = value;
            return false;
        }
    }

    private struct NameFinder(CoreSession core, string name) : IPropertyVisitor
    {
        public ulong? Value { get; private set; }

        public bool Visit(ulong key, ulong value, bool isAccessor, int offset)
        {
            if (core.KeyName(key) != name) return true;
            Value = value;
            return false;
        }
    }
}
