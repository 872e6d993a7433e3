namespace Holdfast.Sources.CoreDump.V8;

/// <summary>The flags of a scope's description. Source: V8, src/objects/scope-info.tq.</summary>
internal readonly struct ScopeFlags(uint flags, int version)
{
    private static readonly string[] Types10 = ["CLASS", "EVAL", "FUNCTION", "MODULE", "SCRIPT", "CATCH", "BLOCK", "WITH", "SHADOW_REALM"];
    private static readonly string[] Types13 = ["SCRIPT", "REPL_MODE", "CLASS", "EVAL", "FUNCTION", "MODULE", "CATCH", "BLOCK", "WITH", "SHADOW_REALM"];

    public string Type
    {
        get
        {
            string[] types = version >= 1306 ? Types13 : Types10;
            return (flags & 15) < types.Length ? types[flags & 15] : "";
        }
    }

    public bool IsModule => Type == "MODULE";

    public bool CanBeExtendedByEval => (flags >> 4 & 1) != 0;

    public bool HasSavedClassVariable => (flags >> 10 & 1) != 0;

    public bool HasFunctionVariable => (flags >> 12 & 3) != 0;

    /// <summary>Whether the function's own name is a variable in the context: 2.</summary>
    public uint FunctionVariable => flags >> 12 & 3;

    public bool HasInferredFunctionName => (flags >> 14 & 1) != 0;

    public bool HasOuterScope => (flags >> 22 & 1) != 0;

    public bool HasContextExtensionSlot => (flags >> 26 & 1) != 0;

    private bool IsEmpty => (flags >> 29 & 1) != 0;

    public bool HasPosition => Type switch
    {
        "FUNCTION" or "SCRIPT" or "EVAL" or "MODULE" or "SHADOW_REALM" => true,
        "CLASS" => !IsEmpty,
        _ => false,
    };

    /// <summary>Bytes of the parts that only some scopes have, but for those of modules.</summary>
    public int OptionalBytes()
    {
        int bytes = 0;
        if (HasSavedClassVariable) bytes += 8;
        if (HasFunctionVariable) bytes += 16;
        if (HasInferredFunctionName) bytes += 8;
        if (version <= 1204 && HasPosition) bytes += 16;
        if (HasOuterScope) bytes += 8;
        if (version <= 1204 && (flags >> 28 & 1) != 0) bytes += 8;
        if (version >= 1406 && Type == "FUNCTION") bytes += 8;
        if (version >= 1306 && CanBeExtendedByEval) bytes += 8;
        return bytes;
    }
}
