using System.Globalization;
using Holdfast.Common;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>Names for addresses in code that V8 has made, in the words of the maps it writes for perf: <c>JS:*push /app/a.js:3:10</c>.</summary>
internal sealed class CompiledFunctions
{
    private const string Wrapper = "SHARED_FUNCTION_INFO_WRAPPER";
    private const int ScriptName = 16;
    private const int MostHolders = 64;

    private readonly CoreSession _core;
    private readonly V8Heap _heap;
    private readonly MachineCode _code;
    private readonly Dictionary<int, int> _sharedOf = [];
    private readonly Dictionary<ulong, string?> _known = [];

    public CompiledFunctions(CoreSession core, Work work)
    {
        _core = core;
        _heap = core.Heap;
        _code = new MachineCode(core);
        for (int i = 0; i < _heap.Count; i++)
        {
            work.ThrowIfCancelled(i);
            if (_heap.KindOf(i) == ObjectKind.Function) AddCodeOf(_heap[i]);
            else if (_heap.KindOf(i) == ObjectKind.Code) AddOptimized(_heap[i]);
        }
    }

    /// <summary>The function whose code is at an address; null where it is no code of V8's, or of no function.</summary>
    public string? NameOf(ulong address)
    {
        if (!_known.TryGetValue(address, out string? name)) _known[address] = name = Find(address);
        return name;
    }

    private string? Find(ulong address)
    {
        CodePlace place = _code.Find(address);
        if (place.Code < 0 || place.Tier == CodeKind.None) return place.Name is { Length: > 0 } builtin ? $"Builtin:{builtin}" : null;
        if (!_sharedOf.TryGetValue(place.Code, out int index)) return null;
        HeapObject shared = _heap[index];
        string name = _core.Functions.DebugName(shared), mark = place.Tier switch { CodeKind.Baseline => "^", CodeKind.Maglev => "+", CodeKind.Turbofan => "*", _ => "" };
        if (!_core.Lines.TryScript(shared, out HeapObject script)) return $"JS:{mark}{name}";
        string at = _core.Strings.Read(script[ScriptName]) ?? "";
        return _core.Lines.At(script, Math.Max(0, _core.Lines.Extent(shared).Start)) is { } start
            ? string.Create(CultureInfo.InvariantCulture, $"JS:{mark}{name} {at}:{start.Line + 1}:{start.Column + 1}")
            : $"JS:{mark}{name} {at}";
    }

    private void AddCodeOf(HeapObject function)
    {
        if (!_core.Functions.TryShared(function, out HeapObject shared)) return;
        Add(_heap.CodeOf(function), shared.Index);
        if (_heap.Layout.FunctionCode > 0 && _heap.TryFollow(function, _heap.Layout.FunctionCode, out HeapObject code)) Add(code.Index, shared.Index);
        if (_heap.TryFollow(shared, _heap.Layout.SharedFunctionData, out HeapObject data)) Add(data.Index, shared.Index);
    }

    /// <summary>
    /// What optimized code was made of, which is among what deoptimizing it needs: code that was entered in the middle of a loop is no function's.
    /// </summary>
    private void AddOptimized(HeapObject code)
    {
        if (!_heap.TryFollow(code, _heap.Layout.CodeDeoptimizationData, out HeapObject data) || data.Traits.Body != ObjectBody.Array) return;
        for (int at = V8Layout.ArrayData; at + V8Layout.Word <= data.Size; at += V8Layout.Word)
        {
            if (!_heap.TryFollow(data, at, out HeapObject shared)) continue;
            if (shared.Traits.Name == Wrapper && !_heap.TryFollow(shared, V8Layout.Word, out shared)) continue;
            if (shared.Kind != ObjectKind.SharedFunctionInfo) continue;
            _sharedOf[code.Index] = shared.Index;
            return;
        }
    }

    /// <summary>Code itself, or what stands for it and leads to it.</summary>
    private void Add(int index, int shared)
    {
        if (index < 0) return;
        if (_heap.KindOf(index) == ObjectKind.Code)
        {
            _sharedOf.TryAdd(index, shared);
            return;
        }

        HeapObject holder = _heap[index];
        if (holder.Kind != ObjectKind.CodeDataContainer) return;
        for (int at = V8Layout.Word; at < Math.Min(holder.Size, MostHolders); at += V8Layout.Word)
        {
            if (_heap.TryFollow(holder, at, out HeapObject code) && code.Kind == ObjectKind.Code) _sharedOf.TryAdd(code.Index, shared);
        }
    }
}
