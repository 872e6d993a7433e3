namespace Holdfast.Sources.CoreDump.V8;

/// <summary>Names of functions, as V8 gives them to snapshots and to stack traces.</summary>
internal sealed class FunctionNames(V8Heap heap, HeapStrings strings, ScopeInfos scopes)
{
    private readonly Dictionary<int, string> _debugNames = [];

    /// <summary>The shared part of a function, where it is one.</summary>
    public bool TryShared(HeapObject function, out HeapObject shared) =>
        heap.TryFollow(function, heap.Layout.FunctionShared, out shared) && shared.Kind == ObjectKind.SharedFunctionInfo;

    /// <summary>The reference to a function's own name: 0 where it has none.</summary>
    public ulong Name(HeapObject shared)
    {
        ulong nameOrScope = shared[heap.Layout.SharedName];
        int index = heap.IndexOf(nameOrScope);
        if (index < 0) return 0;
        HeapObject found = heap[index];
        if (found.Traits.IsString) return nameOrScope;
        if (found.Kind != ObjectKind.ScopeInfo) return 0;
        ulong name = scopes.FunctionName(found);
        return IsString(name) ? name : 0;
    }

    /// <summary>The function's name, or the one V8 made up for it; empty where there is neither.</summary>
    public string DebugName(HeapObject shared)
    {
        if (!_debugNames.TryGetValue(shared.Index, out string? name)) _debugNames[shared.Index] = name = ReadDebugName(shared);
        return name;
    }

    private string ReadDebugName(HeapObject shared)
    {
        if (strings.Read(Name(shared)) is { Length: > 0 } own) return own;
        if (heap.TryFollow(shared, heap.Layout.SharedName, out HeapObject scope) && scope.Kind == ObjectKind.ScopeInfo)
            return strings.Read(scopes.InferredName(scope)) ?? "";
        return TryUncompiled(shared, out HeapObject uncompiled) ? strings.Read(uncompiled[8]) ?? "" : "";
    }

    /// <summary>What V8 keeps of a function it has not compiled yet.</summary>
    public bool TryUncompiled(HeapObject shared, out HeapObject data)
    {
        foreach (int offset in (ReadOnlySpan<int>)[8, 16])
        {
            if (offset == heap.Layout.SharedName) continue;
            if (heap.TryFollow(shared, offset, out data) && data.Traits.Name.StartsWith("UNCOMPILED_DATA", StringComparison.Ordinal)) return true;
        }

        data = default;
        return false;
    }

    /// <summary>The reference to a function's <c>prototype</c>, which may be in the map of what it makes; 0 where it has none yet.</summary>
    public ulong Prototype(HeapObject function)
    {
        if (!function.Map.HasPrototypeSlot || !heap.TryFollow(function, heap.Layout.FunctionPrototype, out HeapObject there)) return 0;
        return there.Kind switch
        {
            ObjectKind.Map => there[V8Layout.MapPrototype],
            ObjectKind.Tuple2 => there[16],
            _ => there.Traits.IsReceiver ? there.Address : 0,
        };
    }

    private bool IsString(ulong reference) => heap.IndexOf(reference) is >= 0 and var index && heap.MapOf(index).Traits.IsString;
}
