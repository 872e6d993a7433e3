namespace Holdfast.Sources.CoreDump.V8;

/// <summary>
/// Where things are in objects of one V8 version: offsets in bytes from the object's start. What V8 publishes (v8dbg_…) is taken
/// from there; what it does not is written down here by version, measured on that version's cores. Without pointer
/// compression: words are 8 bytes, a small integer is in the upper half of its word.
/// </summary>
internal sealed class V8Layout
{
    public const int Word = 8;

    // The same in all versions, 10.2 to 14.6.
    public const int MapInstanceSize = 8;
    public const int MapInObjectStart = 9;
    public const int MapInstanceType = 12;
    public const int MapBitField = 14;
    public const int MapBitField2 = 15;
    public const int MapBitField3 = 16;
    public const int MapPrototype = 24;
    public const int MapConstructor = 32;
    public const int MapDescriptors = 40;
    public const int MapDependentCode = 48;
    public const int MapValidityCell = 56;
    public const int MapTransitions = 64;
    public const int MapSize = 72;
    public const int Properties = 8;
    public const int Elements = 16;
    public const int ObjectHeader = 24;
    public const int ArrayData = 16;

    private const int LastField = 4096;

    private readonly IReadOnlyDictionary<string, int> _constants;

    public V8Layout(V8Version version, IReadOnlyDictionary<string, int> constants)
    {
        _constants = constants;
        Version = version.Number;
        int sfi = Version >= 1306 ? 8 : 0;
        FunctionShared = Field("JSFunction.shared", Version >= 1204 ? 32 : 24);
        FunctionContext = Field("JSFunction.context", FunctionShared + 8);
        FunctionFeedbackCell = Field("JSFunction.raw_feedback_cell", FunctionContext + 8);
        FunctionPrototype = Field("JSFunction.prototype_or_initial_map", 56);
        SharedName = Field("SharedFunctionInfo.name_or_scope_info", 16 + sfi);
        SharedFeedbackMetadata = Field("SharedFunctionInfo.feedback_metadata", 24 + sfi);
        SharedScript = Field("SharedFunctionInfo.script", Field("SharedFunctionInfo.script_or_debug_info", 32 + sfi));
        DescriptorsHeader = Field("DescriptorArray.header_size", Version >= 1406 ? 32 : 24);
        BytecodeHeader = Field("BytecodeArray.data", Version >= 1204 ? 64 : Version >= 1103 ? 54 : 56);
        DictionaryPrefix = 3 + Field("namedictionaryshape_prefix_size", Version >= 1103 ? 3 : 2);
        BufferByteLength = Field("JSArrayBuffer.byte_length", Version >= 1306 ? 40 : Version >= 1103 ? 32 : 24);
        BufferBackingStore = Field("JSArrayBuffer.backing_store", Version >= 1306 ? 56 : Version >= 1103 ? 48 : 40);
        FunctionCode = Field("JSFunction.code", Version == 1103 ? 48 : 0);
        SharedFunctionData = 8;
        BytecodeConstants = Version >= 1204 ? 40 : 16;
        BytecodeHandlers = Version >= 1204 ? 32 : 24;
        BytecodePositions = Version >= 1204 ? 24 : 32;
        CodeInstructions = Field("Code.instruction_stream", 32);
        CodeFlags = Version >= 1306 ? 52 : 48;
        CodeDeoptimizationData = Version >= 1204 ? 8 : 16;
        CodePositions = Version >= 1204 ? 16 : 24;
        BaselineKind = Field("CodeKindBaseline", 11);
        DeoptimizationLiterals = Field("DeoptimizationDataLiteralArrayIndex", 2);
        DeoptimizationInlining = Field("DeoptimizationDataInliningPositionsIndex", 7);
        DictionaryElements = Field("elements_dictionary_elements", 13);
        GeneratorRegisters = 72;
        ScriptHostOptions = Version >= 1406 ? 136 : Version >= 1103 ? 128 : 120;
        WeakCellTarget = Version >= 1406 ? 24 : 16;
        AccessorInfoName = Version >= 1406 ? 16 : 8;
        AccessorInfoData = Version >= 1406 ? 8 : Version >= 1103 ? 16 : 56;
        ViewBuffer = Version >= 1306 ? 32 : 24;
        TemplateClassName = Version >= 1204 ? 40 : 56;
        AllocationSiteNext = Field("AllocationSite.weak_next", 40);
        FinalizationNextDirty = 64;
        FeedbackVectorHeader = Version is 1103 or 1204 ? 56 : 48;
    }

    /// <summary>Major and minor version in one number: 10.2 is 1002.</summary>
    public int Version { get; }

    public int FunctionShared { get; }

    public int FunctionContext { get; }

    public int FunctionFeedbackCell { get; }

    public int FunctionPrototype { get; }

    public int SharedName { get; }

    public int SharedFeedbackMetadata { get; }

    public int SharedScript { get; }

    public int DescriptorsHeader { get; }

    /// <summary>Bytes before the bytecodes; only whole words of it are references.</summary>
    public int BytecodeHeader { get; }

    /// <summary>Words of a name dictionary's array before its entries.</summary>
    public int DictionaryPrefix { get; }

    public int BufferByteLength { get; }

    public int BufferBackingStore { get; }

    public int FeedbackVectorHeader { get; }

    /// <summary>0 where functions have a number in a table of code instead.</summary>
    public int FunctionCode { get; }

    public int SharedFunctionData { get; }

    /// <summary>The constant pool.</summary>
    public int BytecodeConstants { get; }

    public int BytecodeHandlers { get; }

    public int BytecodePositions { get; }

    public int CodeInstructions { get; }

    public int CodeFlags { get; }

    public int CodeDeoptimizationData { get; }

    public int CodePositions { get; }

    public int BaselineKind { get; }

    public int DeoptimizationLiterals { get; }

    public int DeoptimizationInlining { get; }

    /// <summary>The kind of elements that are kept in a dictionary.</summary>
    public int DictionaryElements { get; }

    public int GeneratorRegisters { get; }

    public int ScriptHostOptions { get; }

    /// <summary>What a cell of a FinalizationRegistry waits for; the token to unregister it by follows.</summary>
    public int WeakCellTarget { get; }

    /// <summary>The buffer of a typed array or a DataView.</summary>
    public int ViewBuffer { get; }

    public int AccessorInfoName { get; }

    public int AccessorInfoData { get; }

    public int TemplateClassName { get; }

    public int AllocationSiteNext { get; }

    public int FinalizationNextDirty { get; }

    /// <summary>Words of a global dictionary's array before its entries.</summary>
    public static int GlobalDictionaryPrefix => 5;

    /// <summary>Where an object's fields of the program's native part begin, -1 where it has none.</summary>
    public int EmbedderFields(HeapObject of) => of.Traits.Name switch
    {
        "JS_API_OBJECT" or "JS_SPECIAL_API_OBJECT" => Version >= 1306 ? ObjectHeader + 8 : ObjectHeader,
        "JS_PROMISE" => ObjectHeader + 16,
        _ => -1,
    };

    /// <summary>A constant of V8's postmortem data, or what it is where V8 does not say.</summary>
    public int Offset(string name, int otherwise) => _constants.GetValueOrDefault(name, otherwise);

    /// <summary>One that is a place in an object or an array; what cannot be one is not believed.</summary>
    private int Field(string name, int otherwise) => Offset(name, otherwise) is >= 0 and <= LastField and var value ? value : otherwise;
}
