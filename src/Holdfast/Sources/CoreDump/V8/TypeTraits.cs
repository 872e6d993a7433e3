using System.Text;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>How long an object is, and which of its words are references.</summary>
internal enum ObjectBody : byte
{
    /// <summary>Its map has the size; all words are references or look like none.</summary>
    Fixed,

    /// <summary>Its map has the size; no word is a reference.</summary>
    FixedRaw,

    /// <summary>A length, then so many references.</summary>
    Array,

    /// <summary>A length, another word, then so many references.</summary>
    ArrayAfterTwo,

    /// <summary>A length, three words in all, then so many references.</summary>
    ArrayAfterThree,

    /// <summary>A length, four words in all, then so many references.</summary>
    ArrayAfterFour,

    /// <summary>A length, so many references, and a raw word.</summary>
    NativeContext,
    Bytes,
    Doubles,
    PropertyArray,
    Descriptors,
    Bytecode,
    FreeSpace,
    Filler,
    FeedbackVector,
    FeedbackMetadata,
    PreparseData,
    BigInt,
    ScopeInfo,
    Instructions,
    SequentialString,
    SwissDictionary,
    SmallOrderedTable,
    CoverageInfo,
    DispatchTable,
    ImportTable,
    WasmTypeInfo,
    StringCache,
    Hole,
    OneWord,
    WasmArray,
    WasmStruct,
    Unknown,
}

/// <summary>What an object is, as far as reading it differs.</summary>
internal enum ObjectKind : byte
{
    Other,
    String,
    Symbol,
    BigInt,
    HeapNumber,
    Oddball,
    Hole,
    Map,
    FixedArray,
    FixedDoubleArray,
    ByteArray,
    NameDictionary,
    NumberDictionary,
    GlobalDictionary,
    SwissNameDictionary,
    EphemeronHashTable,
    OrderedHashTable,
    PropertyArray,
    DescriptorArray,
    TransitionArray,
    WeakFixedArray,
    WeakArrayList,
    Context,
    NativeContext,
    ScopeInfo,
    SharedFunctionInfo,
    Script,
    Code,
    CodeDataContainer,
    InstructionStream,
    BytecodeArray,
    FeedbackVector,
    FeedbackCell,
    Cell,
    PropertyCell,
    AllocationSite,
    ArrayBoilerplate,
    RegExpBoilerplate,
    PrototypeInfo,
    EnumCache,
    AccessorInfo,
    AccessorPair,
    FunctionTemplateInfo,
    Tuple2,
    WeakCell,
    Foreign,
    SloppyArgumentsElements,
    Filler,
    Proxy,
    Object,
    Function,
    BoundFunction,
    GlobalObject,
    GlobalProxy,
    Array,
    ArrayBuffer,
    TypedArray,
    DataView,
    RegExp,
    Date,
    PrimitiveWrapper,
    Collection,
    WeakCollection,
    Promise,
    Generator,
    WeakRef,
    FinalizationRegistry,
    Arguments,
    WasmObject,
}

/// <summary>An instance type: its name in V8, and how objects of it are read.</summary>
internal sealed record TypeTraits(ushort Number, string Name, ObjectBody Body, ObjectKind Kind)
{
    /// <summary>The class's name, as V8 writes it: <c>FEEDBACK_CELL</c> is <c>FeedbackCell</c>.</summary>
    public string ClassName { get; } = CamelCase(Name);

    /// <summary>A JavaScript object: it has properties and elements.</summary>
    public bool IsJSObject => Kind >= ObjectKind.Object;

    /// <summary>A JavaScript object or a proxy.</summary>
    public bool IsReceiver => Kind >= ObjectKind.Proxy;

    public bool IsString => Kind == ObjectKind.String;

    public bool IsContext => Kind is ObjectKind.Context or ObjectKind.NativeContext;

    private static string CamelCase(string type)
    {
        var text = new StringBuilder();
        foreach (string word in type.Split('_'))
        {
            if (word is "JS") text.Append(word);
            else if (word.Length > 0) text.Append(word[0]).Append(word[1..].ToLowerInvariant());
        }

        return text.ToString();
    }
}
