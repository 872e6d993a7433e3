using Holdfast.Model;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Graph;

/// <summary>
/// The type and the name of each object's node, as V8's own snapshot of that version has them.
/// Source: V8, V8HeapExplorer::AddEntry, GetSystemEntryName and GetSystemEntryType.
/// </summary>
internal sealed class NodeNaming(V8Heap heap, FunctionNames functions, ConstructorNames constructors, NameCache names)
{
    private static readonly HashSet<string> CodeTypes = new(StringComparer.Ordinal)
    {
        "ALLOCATION_SITE", "ARRAY_BOILERPLATE_DESCRIPTION", "BYTECODE_ARRAY", "CLOSURE_FEEDBACK_CELL_ARRAY", "CODE_DATA_CONTAINER",
        "FEEDBACK_CELL", "FEEDBACK_METADATA", "FEEDBACK_VECTOR", "INSTRUCTION_STREAM", "INTERPRETER_DATA", "LOAD_HANDLER",
        "OBJECT_BOILERPLATE_DESCRIPTION", "PREPARSE_DATA", "REG_EXP_BOILERPLATE_DESCRIPTION", "SCOPE_INFO", "STORE_HANDLER",
        "TEMPLATE_OBJECT_DESCRIPTION", "UNCOMPILED_DATA_WITHOUT_PREPARSE_DATA", "UNCOMPILED_DATA_WITHOUT_PREPARSE_DATA_WITH_JOB",
        "UNCOMPILED_DATA_WITH_PREPARSE_DATA", "UNCOMPILED_DATA_WITH_PREPARSE_DATA_AND_JOB", "TURBOFAN_BITSET_TYPE", "TURBOFAN_UNION_TYPE",
        "TURBOFAN_RANGE_TYPE", "TURBOFAN_HEAP_CONSTANT_TYPE", "TURBOFAN_OTHER_NUMBER_CONSTANT_TYPE",
    };

    private static readonly HashSet<string> ArrayTypes = new(StringComparer.Ordinal)
    {
        "FIXED_ARRAY", "HASH_TABLE", "EPHEMERON_HASH_TABLE", "GLOBAL_DICTIONARY", "NAME_DICTIONARY", "NAME_TO_INDEX_HASH_TABLE",
        "NUMBER_DICTIONARY", "ORDERED_HASH_MAP", "ORDERED_HASH_SET", "ORDERED_NAME_DICTIONARY", "REGISTERED_SYMBOL_TABLE",
        "SIMPLE_NAME_DICTIONARY", "SIMPLE_NUMBER_DICTIONARY", "FIXED_DOUBLE_ARRAY", "BYTE_ARRAY",
    };

    private readonly Dictionary<ushort, int> _systemNames = [];
    private readonly int _version = heap.Layout.Version;

    public (NodeType Type, int Name) Of(HeapObject named)
    {
        switch (named.Kind)
        {
            case ObjectKind.String:
                return StringNode(named);
            case ObjectKind.Symbol:
                return names.IsPrivateSymbol(named) ? (NodeType.Hidden, names.Of("private symbol")) : (NodeType.Symbol, names.Of("symbol"));
            case ObjectKind.BigInt:
                return (NodeType.BigInt, names.Of("bigint"));
            case ObjectKind.HeapNumber:
                return (NodeType.Number, names.Of("heap number"));
            case ObjectKind.Function:
                return (NodeType.Closure, functions.TryShared(named, out HeapObject shared) ? FunctionName(shared) : names.Of(""));
            case ObjectKind.BoundFunction:
                return (NodeType.Closure, names.Of("native_bind"));
            case ObjectKind.RegExp:
                return (NodeType.RegExp, RegExpSource(named));
            case ObjectKind.Code:
            case ObjectKind.InstructionStream:
                return (NodeType.Code, names.Of(""));
            case ObjectKind.SharedFunctionInfo:
                return (NodeType.Code, FunctionName(named));
            case ObjectKind.Script:
                return (NodeType.Code, heap.IndexOf(named[16]) is >= 0 and var name && heap.MapOf(name).Traits.IsString ? names.OfString(name) : names.Of(""));
            case ObjectKind.NativeContext:
                return (NodeType.Hidden, names.Of("system / NativeContext"));
            case ObjectKind.Context:
                return (NodeType.Object, names.Of("system / Context"));
            case ObjectKind.Oddball when _version >= 1306:
                return (NodeType.Hidden, heap.IndexOf(named[16]) is >= 0 and var text && heap.MapOf(text).Traits.IsString ? names.OfString(text) : names.Of(""));
            case ObjectKind.Map:
                return MapNode(named);
        }

        if (named.Traits.IsJSObject && named.Kind != ObjectKind.WasmObject) return (NodeType.Object, names.Of(ObjectName(named)));
        return SystemNode(named);
    }

    private (NodeType Type, int Name) StringNode(HeapObject text) => HeapStrings.Shape(text) switch
    {
        StringShape.Concatenated => (NodeType.ConsString, names.Of("(concatenated string)")),
        StringShape.Sliced => (NodeType.SlicedString, names.Of("(sliced string)")),
        _ => (NodeType.String, names.OfString(text.Index)),
    };

    private int FunctionName(HeapObject shared) =>
        heap.IndexOf(functions.Name(shared)) is >= 0 and var name ? names.OfString(name) : names.Of("");

    private int RegExpSource(HeapObject regExp)
    {
        const int Source = 32;
        return heap.IndexOf(regExp[Source]) is >= 0 and var source && heap.MapOf(source).Traits.IsString ? names.OfString(source) : names.Of("");
    }

    /// <summary>The function whose place in its script is the object's: itself, that of a generator, that of the object's class; -1 for none.</summary>
    public int LocationFunction(HeapObject located) => located.Kind switch
    {
        ObjectKind.Function => located.Index,
        ObjectKind.Generator => heap.IndexOf(located[24]) is >= 0 and var function && heap.KindOf(function) == ObjectKind.Function ? function : -1,
        _ => located.Traits.IsJSObject && located.Kind != ObjectKind.WasmObject ? constructors.FunctionOf(located) : -1,
    };

    private string ObjectName(HeapObject named)
    {
        string name = constructors.Of(named);
        if (_version >= 1406 && named.Kind == ObjectKind.GlobalObject) return name + " (global*)";
        return _version >= 1406 && named.Kind == ObjectKind.GlobalProxy ? name + " (global)" : name;
    }

    private (NodeType Type, int Name) MapNode(HeapObject map)
    {
        bool isShape = _version >= 1103 && !heap.PageOf(map.Index).IsReadOnly;
        ushort of = map.UInt16(V8Layout.MapInstanceType);
        string name = of < 128 && heap.Types[of] is { } traits ? $"system / Map ({(_version >= 1204 ? StringType(of) : traits.ClassName)})" : "system / Map";
        return (isShape ? NodeType.ObjectShape : NodeType.Hidden, names.Of(name));
    }

    private (NodeType Type, int Name) SystemNode(HeapObject named)
    {
        string type = named.Traits.Name;
        NodeType node = CodeTypes.Contains(type) || (_version >= 1306 && type is "BYTECODE_WRAPPER" or "CODE_WRAPPER") ? NodeType.Code
            : ArrayTypes.Contains(type) || IsOldArray(type) ? NodeType.Array
            : _version >= 1103 && named.Kind is ObjectKind.DescriptorArray or ObjectKind.TransitionArray or ObjectKind.PrototypeInfo or ObjectKind.EnumCache ? NodeType.ObjectShape
            : NodeType.Hidden;
        if (node == NodeType.Array || IsOldArray(type)) return (node, names.Of(""));
        if (!_systemNames.TryGetValue(named.Traits.Number, out int name)) _systemNames[named.Traits.Number] = name = names.Of("system / " + named.Traits.ClassName);
        return (node, name);
    }

    /// <summary>What was a kind of FixedArray before it became a class of its own.</summary>
    private bool IsOldArray(string type) => _version < 1204 && type is "SCRIPT_CONTEXT_TABLE" or "OBJECT_BOILERPLATE_DESCRIPTION" or "CLOSURE_FEEDBACK_CELL_ARRAY";

    /// <summary>V8's name for a kind of string, from the bits of its type.</summary>
    private static string StringType(int type)
    {
        string shape = (type & 7) switch { 0 => "Seq", 1 => "Cons", 2 => "External", 3 => "Sliced", 5 => "Thin", _ => "" };
        bool isInternalized = (type & 32) == 0;
        if (isInternalized) shape = shape == "Seq" ? "Internalized" : shape + "Internalized";
        return $"{((type & 64) != 0 ? "Shared" : "")}{((type & 16) != 0 ? "Uncached" : "")}{shape}{((type & 8) != 0 ? "One" : "Two")}ByteString";
    }
}
