using System.Collections.Frozen;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>
/// How each instance type is read, by its name in V8: numbers differ from version to version, names hardly do.
/// Source: V8, src/objects/instance-type.h and the class definitions beside it.
/// </summary>
internal sealed class TypeCatalog
{
    private const int FirstNonstring = 128;

    /// <summary>Above every JavaScript object's type in any version.</summary>
    private const int LastObjectType = 2300;

    private static readonly FrozenDictionary<string, ObjectBody> Bodies = BuildBodies().ToFrozenDictionary();
    private static readonly FrozenDictionary<string, ObjectKind> Kinds = BuildKinds().ToFrozenDictionary();

    private readonly TypeTraits?[] _types = new TypeTraits?[ushort.MaxValue + 1];
    private readonly Dictionary<string, ushort> _numbers = [];

    public TypeCatalog(IReadOnlyDictionary<int, string> types, IReadOnlyDictionary<string, int> constants, V8Version version)
    {
        foreach ((int number, string name) in types)
        {
            if (number is >= 0 and <= ushort.MaxValue) _numbers[name] = (ushort)number;
        }

        // V8's postmortem data leaves out abstract types, and this one, which has objects.
        if (_numbers.TryGetValue("JS_ASYNC_FUNCTION_OBJECT", out ushort asyncFunction)) _numbers.TryAdd("JS_GENERATOR_OBJECT", (ushort)(asyncFunction - 1));

        int firstReceiver = _numbers.GetValueOrDefault("JS_PROXY", ushort.MaxValue);
        foreach ((string name, ushort number) in _numbers)
            _types[number] = new TypeTraits(number, name, BodyOf(name, number, version), KindOf(name, number, firstReceiver));

        // Ranges of types that V8 gives no name, or only one.
        if (constants.TryGetValue("FirstJSFunctionType", out int firstFunction) && constants.TryGetValue("LastJSFunctionType", out int lastFunction))
        {
            for (int number = Math.Max(0, firstFunction); number <= lastFunction && number <= ushort.MaxValue; number++)
                _types[number] ??= new TypeTraits((ushort)number, "JS_FUNCTION", ObjectBody.Fixed, ObjectKind.Function);
        }

        for (int number = firstReceiver + 1; number <= LastObjectType; number++)
            _types[number] ??= new TypeTraits((ushort)number, "JS_API_OBJECT", ObjectBody.Fixed, ObjectKind.Object);
        for (int number = FirstNonstring; number < firstReceiver && firstReceiver < ushort.MaxValue; number++)
            _types[number] ??= new TypeTraits((ushort)number, $"TYPE_{number}", ObjectBody.Fixed, ObjectKind.Other);
        for (int number = 0; number < FirstNonstring; number++)
            _types[number] ??= new TypeTraits((ushort)number, "STRING", BodyOfString(number), ObjectKind.String);
    }

    /// <summary>The type's traits, or null where there is no such type.</summary>
    public TypeTraits? this[ushort number] => _types[number];

    public int NumberOf(string name) => _numbers.TryGetValue(name, out ushort number) ? number : -1;

    private static ObjectBody BodyOfString(int number) =>
        (number & 7) == 0 ? ObjectBody.SequentialString : ObjectBody.Fixed;

    private static ObjectBody BodyOf(string name, int number, V8Version version)
    {
        if (number < FirstNonstring) return BodyOfString(number);
        if (version.Number >= 1204)
        {
            // These became classes of their own, with fields before their elements.
            if (name is "OBJECT_BOILERPLATE_DESCRIPTION" or "SCRIPT_CONTEXT_TABLE") return ObjectBody.ArrayAfterThree;
            if (name is "REG_EXP_MATCH_INFO") return ObjectBody.ArrayAfterFour;
        }

        if (name is "CODE" && version.Number <= 1002) return ObjectBody.Instructions;
        return Bodies.TryGetValue(name, out ObjectBody body) ? body : ObjectBody.Fixed;
    }

    private static ObjectKind KindOf(string name, int number, int firstReceiver)
    {
        if (number < FirstNonstring) return ObjectKind.String;
        if (Kinds.TryGetValue(name, out ObjectKind kind)) return kind;
        if (name.EndsWith("_CONTEXT", StringComparison.Ordinal)) return ObjectKind.Context;
        if (number <= firstReceiver) return ObjectKind.Other;
        if (name is "JS_CLASS_CONSTRUCTOR" || (name.EndsWith("_CONSTRUCTOR", StringComparison.Ordinal) && !name.Contains("PROTOTYPE", StringComparison.Ordinal)))
            return ObjectKind.Function;
        return ObjectKind.Object;
    }

    private static Dictionary<string, ObjectBody> BuildBodies()
    {
        var bodies = new Dictionary<string, ObjectBody>();
        void Add(ObjectBody body, params ReadOnlySpan<string> names)
        {
            foreach (string name in names) bodies[name] = body;
        }

        Add(ObjectBody.Array,
            "FIXED_ARRAY", "HASH_TABLE", "EPHEMERON_HASH_TABLE", "GLOBAL_DICTIONARY", "NAME_DICTIONARY", "NAME_TO_INDEX_HASH_TABLE",
            "NUMBER_DICTIONARY", "ORDERED_HASH_MAP", "ORDERED_HASH_SET", "ORDERED_NAME_DICTIONARY", "REGISTERED_SYMBOL_TABLE",
            "SIMPLE_NAME_DICTIONARY", "SIMPLE_NUMBER_DICTIONARY", "SCRIPT_CONTEXT_TABLE", "OBJECT_BOILERPLATE_DESCRIPTION",
            "CLOSURE_FEEDBACK_CELL_ARRAY", "WEAK_FIXED_ARRAY", "TRANSITION_ARRAY", "EMBEDDER_DATA_ARRAY", "PROTECTED_FIXED_ARRAY",
            "TRUSTED_FIXED_ARRAY", "TRUSTED_WEAK_FIXED_ARRAY", "PROTECTED_WEAK_FIXED_ARRAY", "REG_EXP_MATCH_INFO",
            "AWAIT_CONTEXT", "BLOCK_CONTEXT", "CATCH_CONTEXT", "DEBUG_EVALUATE_CONTEXT", "EVAL_CONTEXT", "FUNCTION_CONTEXT",
            "MODULE_CONTEXT", "SCRIPT_CONTEXT", "WITH_CONTEXT", "INTERNAL_CLASS_WITH_STRUCT_ELEMENTS");
        Add(ObjectBody.ArrayAfterTwo, "WEAK_ARRAY_LIST", "ARRAY_LIST");
        Add(ObjectBody.ArrayAfterThree, "SLOPPY_ARGUMENTS_ELEMENTS");
        Add(ObjectBody.NativeContext, "NATIVE_CONTEXT");
        Add(ObjectBody.Bytes, "BYTE_ARRAY", "TRUSTED_BYTE_ARRAY");
        Add(ObjectBody.Doubles, "FIXED_DOUBLE_ARRAY", "EXTERNAL_POINTER_ARRAY");
        Add(ObjectBody.FixedRaw, "HEAP_NUMBER", "FOREIGN", "TRUSTED_FOREIGN");
        Add(ObjectBody.PropertyArray, "PROPERTY_ARRAY");
        Add(ObjectBody.Descriptors, "DESCRIPTOR_ARRAY", "STRONG_DESCRIPTOR_ARRAY");
        Add(ObjectBody.Bytecode, "BYTECODE_ARRAY");
        Add(ObjectBody.FreeSpace, "FREE_SPACE");
        Add(ObjectBody.Filler, "FILLER");
        Add(ObjectBody.FeedbackVector, "FEEDBACK_VECTOR");
        Add(ObjectBody.FeedbackMetadata, "FEEDBACK_METADATA");
        Add(ObjectBody.PreparseData, "PREPARSE_DATA");
        Add(ObjectBody.BigInt, "BIG_INT_BASE");
        Add(ObjectBody.ScopeInfo, "SCOPE_INFO");
        Add(ObjectBody.Instructions, "INSTRUCTION_STREAM");
        Add(ObjectBody.SwissDictionary, "SWISS_NAME_DICTIONARY");
        Add(ObjectBody.SmallOrderedTable, "SMALL_ORDERED_HASH_MAP", "SMALL_ORDERED_HASH_SET", "SMALL_ORDERED_NAME_DICTIONARY");
        Add(ObjectBody.CoverageInfo, "COVERAGE_INFO");
        Add(ObjectBody.DispatchTable, "WASM_DISPATCH_TABLE");
        Add(ObjectBody.ImportTable, "WASM_DISPATCH_TABLE_FOR_IMPORTS");
        Add(ObjectBody.WasmTypeInfo, "WASM_TYPE_INFO");
        Add(ObjectBody.StringCache, "DOUBLE_STRING_CACHE");
        Add(ObjectBody.Hole, "HOLE");
        Add(ObjectBody.OneWord, "WASM_NULL");
        Add(ObjectBody.WasmArray, "WASM_ARRAY");
        Add(ObjectBody.WasmStruct, "WASM_STRUCT");
        return bodies;
    }

    private static Dictionary<string, ObjectKind> BuildKinds()
    {
        var kinds = new Dictionary<string, ObjectKind>();
        void Add(ObjectKind kind, params ReadOnlySpan<string> names)
        {
            foreach (string name in names) kinds[name] = kind;
        }

        Add(ObjectKind.Symbol, "SYMBOL");
        Add(ObjectKind.BigInt, "BIG_INT_BASE");
        Add(ObjectKind.HeapNumber, "HEAP_NUMBER");
        Add(ObjectKind.Oddball, "ODDBALL");
        Add(ObjectKind.Hole, "HOLE");
        Add(ObjectKind.Map, "MAP");
        Add(ObjectKind.FixedArray,
            "FIXED_ARRAY", "HASH_TABLE", "NAME_TO_INDEX_HASH_TABLE", "ORDERED_NAME_DICTIONARY", "REGISTERED_SYMBOL_TABLE",
            "SIMPLE_NAME_DICTIONARY", "SIMPLE_NUMBER_DICTIONARY");
        Add(ObjectKind.OrderedHashTable, "ORDERED_HASH_MAP", "ORDERED_HASH_SET");
        Add(ObjectKind.NameDictionary, "NAME_DICTIONARY");
        Add(ObjectKind.NumberDictionary, "NUMBER_DICTIONARY");
        Add(ObjectKind.GlobalDictionary, "GLOBAL_DICTIONARY");
        Add(ObjectKind.SwissNameDictionary, "SWISS_NAME_DICTIONARY");
        Add(ObjectKind.EphemeronHashTable, "EPHEMERON_HASH_TABLE");
        Add(ObjectKind.FixedDoubleArray, "FIXED_DOUBLE_ARRAY");
        Add(ObjectKind.ByteArray, "BYTE_ARRAY");
        Add(ObjectKind.PropertyArray, "PROPERTY_ARRAY");
        Add(ObjectKind.DescriptorArray, "DESCRIPTOR_ARRAY", "STRONG_DESCRIPTOR_ARRAY");
        Add(ObjectKind.TransitionArray, "TRANSITION_ARRAY");
        Add(ObjectKind.WeakFixedArray, "WEAK_FIXED_ARRAY");
        Add(ObjectKind.WeakArrayList, "WEAK_ARRAY_LIST");
        Add(ObjectKind.NativeContext, "NATIVE_CONTEXT");
        Add(ObjectKind.ScopeInfo, "SCOPE_INFO");
        Add(ObjectKind.SharedFunctionInfo, "SHARED_FUNCTION_INFO");
        Add(ObjectKind.Script, "SCRIPT");
        Add(ObjectKind.Code, "CODE");
        Add(ObjectKind.CodeDataContainer, "CODE_DATA_CONTAINER");
        Add(ObjectKind.InstructionStream, "INSTRUCTION_STREAM");
        Add(ObjectKind.BytecodeArray, "BYTECODE_ARRAY");
        Add(ObjectKind.FeedbackVector, "FEEDBACK_VECTOR");
        Add(ObjectKind.FeedbackCell, "FEEDBACK_CELL");
        Add(ObjectKind.Cell, "CELL");
        Add(ObjectKind.PropertyCell, "PROPERTY_CELL");
        Add(ObjectKind.AllocationSite, "ALLOCATION_SITE");
        Add(ObjectKind.ArrayBoilerplate, "ARRAY_BOILERPLATE_DESCRIPTION");
        Add(ObjectKind.RegExpBoilerplate, "REG_EXP_BOILERPLATE_DESCRIPTION");
        Add(ObjectKind.PrototypeInfo, "PROTOTYPE_INFO");
        Add(ObjectKind.EnumCache, "ENUM_CACHE");
        Add(ObjectKind.AccessorInfo, "ACCESSOR_INFO");
        Add(ObjectKind.AccessorPair, "ACCESSOR_PAIR");
        Add(ObjectKind.FunctionTemplateInfo, "FUNCTION_TEMPLATE_INFO");
        Add(ObjectKind.Tuple2, "TUPLE2");
        Add(ObjectKind.WeakCell, "WEAK_CELL");
        Add(ObjectKind.Foreign, "FOREIGN", "TRUSTED_FOREIGN");
        Add(ObjectKind.SloppyArgumentsElements, "SLOPPY_ARGUMENTS_ELEMENTS");
        Add(ObjectKind.Filler, "FILLER", "FREE_SPACE");
        Add(ObjectKind.Proxy, "JS_PROXY");
        Add(ObjectKind.Function, "JS_FUNCTION", "JS_CLASS_CONSTRUCTOR");
        Add(ObjectKind.BoundFunction, "JS_BOUND_FUNCTION");
        Add(ObjectKind.GlobalObject, "JS_GLOBAL_OBJECT");
        Add(ObjectKind.GlobalProxy, "JS_GLOBAL_PROXY");
        Add(ObjectKind.Array, "JS_ARRAY");
        Add(ObjectKind.ArrayBuffer, "JS_ARRAY_BUFFER");
        Add(ObjectKind.TypedArray, "JS_TYPED_ARRAY", "JS_DETACHED_TYPED_ARRAY");
        Add(ObjectKind.DataView, "JS_DATA_VIEW", "JS_RAB_GSAB_DATA_VIEW");
        Add(ObjectKind.RegExp, "JS_REG_EXP");
        Add(ObjectKind.Date, "JS_DATE");
        Add(ObjectKind.PrimitiveWrapper, "JS_PRIMITIVE_WRAPPER");
        Add(ObjectKind.Collection, "JS_MAP", "JS_SET");
        Add(ObjectKind.WeakCollection, "JS_WEAK_MAP", "JS_WEAK_SET");
        Add(ObjectKind.Promise, "JS_PROMISE");
        Add(ObjectKind.Generator, "JS_GENERATOR_OBJECT", "JS_ASYNC_FUNCTION_OBJECT", "JS_ASYNC_GENERATOR_OBJECT");
        Add(ObjectKind.WeakRef, "JS_WEAK_REF");
        Add(ObjectKind.FinalizationRegistry, "JS_FINALIZATION_REGISTRY");
        Add(ObjectKind.Arguments, "JS_ARGUMENTS_OBJECT");
        Add(ObjectKind.WasmObject, "WASM_ARRAY", "WASM_STRUCT");
        return kinds;
    }
}
