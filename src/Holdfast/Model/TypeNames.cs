using System.Collections.Immutable;

namespace Holdfast.Model;

/// <summary>How V8 writes node and edge types (<c>HeapSnapshotJSONSerializer::SerializeSnapshot</c>).</summary>
public static class TypeNames
{
    /// <summary>By <see cref="NodeType"/>.</summary>
    public static ImmutableArray<string> Nodes { get; } =
    [
        "hidden", "array", "string", "object", "code", "closure", "regexp", "number", "native", "synthetic",
        "concatenated string", "sliced string", "symbol", "bigint", "object shape", "wasm object",
    ];

    /// <summary>By <see cref="EdgeType"/>; <c>invisible</c> is DevTools' addition.</summary>
    public static ImmutableArray<string> Edges { get; } =
        ["context", "element", "property", "internal", "hidden", "shortcut", "weak", "invisible"];
}
