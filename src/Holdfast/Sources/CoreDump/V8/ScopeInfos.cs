namespace Holdfast.Sources.CoreDump.V8;

/// <summary>What a scope's description (ScopeInfo) says: its variables, the function's name, where it is in its script.</summary>
internal sealed class ScopeInfos(V8Heap heap, HeapStrings strings)
{
    private const int InlinedNames = 75;

    private readonly Dictionary<int, ScopeVariable[]> _variables = [];
    private readonly int _version = heap.Layout.Version;

    public ScopeFlags Flags(HeapObject scope) => new(_version <= 1204 ? (uint)scope.Int32(12) : (uint)scope.Int32(8), _version);

    /// <summary>Variables that contexts of this scope have, with the words they are in.</summary>
    public ScopeVariable[] Variables(HeapObject scope)
    {
        if (!_variables.TryGetValue(scope.Index, out ScopeVariable[]? known)) _variables[scope.Index] = known = ReadVariables(scope);
        return known;
    }

    /// <summary>The reference to the function's name, 0 where it has none.</summary>
    public ulong FunctionName(HeapObject scope)
    {
        ScopeFlags flags = Flags(scope);
        if (!flags.HasFunctionVariable) return 0;
        int at = AfterLocals(scope, flags) + (flags.HasSavedClassVariable ? 8 : 0);
        return scope[at];
    }

    /// <summary>The name V8 made up for a function without one, 0 where there is none.</summary>
    public ulong InferredName(HeapObject scope)
    {
        ScopeFlags flags = Flags(scope);
        if (!flags.HasInferredFunctionName) return 0;
        int at = AfterLocals(scope, flags) + (flags.HasSavedClassVariable ? 8 : 0) + (flags.HasFunctionVariable ? 16 : 0);
        return scope[at];
    }

    /// <summary>Where the function begins in its script's source, -1 where that is not said.</summary>
    public int StartPosition(HeapObject scope) => PositionAt(scope) is > 0 and var at ? scope.Smi(at) : -1;

    public int EndPosition(HeapObject scope) => PositionAt(scope) is > 0 and var at ? scope.Smi(at + 8) : -1;

    /// <summary>Words of a context before its variables.</summary>
    public int ContextHeader(HeapObject scope) => Flags(scope).HasContextExtensionSlot ? 3 : 2;

    private int PositionAt(HeapObject scope)
    {
        ScopeFlags flags = Flags(scope);
        if (_version >= 1306) return 32;
        if (!flags.HasPosition) return -1;
        return AfterLocals(scope, flags) + (flags.HasSavedClassVariable ? 8 : 0) + (flags.HasFunctionVariable ? 16 : 0) + (flags.HasInferredFunctionName ? 8 : 0);
    }

    private int FirstName(ScopeFlags flags) => (_version >= 1306 ? 48 : 32) + (flags.IsModule && _version >= 1204 ? 8 : 0);

    private int AfterLocals(HeapObject scope, ScopeFlags flags)
    {
        long locals = Math.Max(0, scope.Smi(24));
        long at = FirstName(flags) + (locals < InlinedNames ? 8 * locals : 8) + (8 * locals);
        return (int)Math.Min(at, scope.Size);
    }

    private ScopeVariable[] ReadVariables(HeapObject scope)
    {
        ScopeFlags flags = Flags(scope);
        int count = scope.Smi(24), first = FirstName(flags), header = ContextHeader(scope);
        var found = new List<ScopeVariable>();
        if (count is >= 0 and < InlinedNames)
        {
            for (int i = 0; i < count; i++)
            {
                if (IsString(scope[first + (8 * i)])) found.Add(new ScopeVariable(scope[first + (8 * i)], header + i));
            }
        }
        else if (heap.TryFollow(scope, first, out HeapObject table))
        {
            // Pairs of a name and its index, after three words of the table's own. The scope has a word for each; of the table's
            // places at least a quarter is used.
            long most = Math.Clamp(count, 0, scope.Words);
            long end = Math.Min(table.Size, V8Layout.ArrayData + 24 + ((most + 4) * 4 * 16));
            for (int at = V8Layout.ArrayData + 24; at + 16 <= end && found.Count < most; at += 16)
            {
                if (IsString(table[at])) found.Add(new ScopeVariable(table[at], header + table.Smi(at + 8)));
            }
        }

        // A function that is called by its own name in its body may have that name in its context.
        if (flags.FunctionVariable == 2 && flags.HasFunctionVariable)
        {
            int at = AfterLocals(scope, flags) + (flags.HasSavedClassVariable ? 8 : 0);
            if (strings.Read(scope[at], 1) is { Length: > 0 } && scope.Smi(at + 8) > 0) found.Add(new ScopeVariable(scope[at], scope.Smi(at + 8)));
        }

        return [.. found];
    }

    private bool IsString(ulong reference) => heap.IndexOf(reference) is >= 0 and var index && heap.MapOf(index).Traits.IsString;
}

/// <summary>A variable of a scope.</summary>
/// <param name="Name">Reference to its name.</param>
/// <param name="Slot">The word of the context it is in, counted from after the array header.</param>
internal readonly record struct ScopeVariable(ulong Name, int Slot);
