namespace Holdfast.Model;

/// <summary>
/// V8's node types, by V8's names (<see cref="TypeNames.Nodes"/>). Types a producer adds come after the last one
/// here; <see cref="HeapGraph.NodeTypeName"/> has their names.
/// </summary>
public enum NodeType : byte
{
    Hidden,
    Array,
    String,
    Object,
    Code,
    Closure,
    RegExp,
    Number,
    Native,
    Synthetic,
    ConsString,
    SlicedString,
    Symbol,
    BigInt,
    ObjectShape,
    WasmObject,
}
