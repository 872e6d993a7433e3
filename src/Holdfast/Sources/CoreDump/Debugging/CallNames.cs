using Holdfast.Sources.CoreDump.Debugging.Values;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>What V8's stack traces call a call: of which class the receiver is, and by which of its properties the function was found.
/// Source: V8, src/objects/call-site-info.cc.</summary>
internal sealed class CallNames(CoreSession core)
{
    /// <summary>From this version on all functions that are called upon go by their name, before it only classes.</summary>
    private const int FunctionsByName = 1306;
    private const int MostPrototypes = 100;

    private readonly V8Heap _heap = core.Heap;
    private readonly ObjectFields _fields = new(core);

    /// <summary>The class of what a function was called on; null where it was called on nothing, or on the global object.</summary>
    public string? TypeName(ulong receiver)
    {
        if ((receiver & 1) == 0) return "Number";
        int index = _heap.IndexOf(receiver);
        if (index < 0) return null;
        HeapObject value = _heap[index];
        return value.Kind switch
        {
            ObjectKind.GlobalProxy or ObjectKind.GlobalObject or ObjectKind.Hole => null,
            ObjectKind.Oddball => core.Strings.Read(value[16]) is "true" or "false" ? "Boolean" : null,
            ObjectKind.String => "String",
            ObjectKind.HeapNumber => "Number",
            ObjectKind.Symbol => "Symbol",
            ObjectKind.BigInt => "BigInt",
            ObjectKind.Function => FunctionType(value),
            ObjectKind.Generator => _fields.GeneratorName(value),
            _ => value.Traits.IsReceiver ? core.Classes.Of(value) : null,
        };
    }

    /// <summary>The name of the one property by which a receiver has a function; null where there is none, or are several.</summary>
    /// <param name="receiver">What it was called on.</param>
    /// <param name="function">The function.</param>
    /// <param name="ownName">The function's own name: the property of that name is asked first.</param>
    public string? MethodName(ulong receiver, HeapObject function, string ownName)
    {
        if (ownName == "<static_initializer>") return ownName;
        string plain = ownName.StartsWith("get ", StringComparison.Ordinal) || ownName.StartsWith("set ", StringComparison.Ordinal) ? ownName[4..] : ownName;
        var finder = new Finder(this, function.Address, plain);
        int most = MostPrototypes;
        for (int index = _heap.IndexOf(receiver); index >= 0 && most-- > 0 && _heap.MapOf(index).Traits.IsJSObject; index = _heap.IndexOf(_heap[index].Map.Prototype))
        {
            core.Properties.Visit(_heap[index], ref finder);
            if (finder.IsNamed) return plain;
        }

        return finder.Count == 1 ? finder.Name : null;
    }

    /// <summary>A function with the class it is called on, where its name is one word: names of getters and made-up ones stand alone.</summary>
    public static string Qualified(string type, string name) => name.Length == 0 ? $"{type}.<anonymous>" : IsIdentifier(name) ? $"{type}.{name}" : name;

    private static bool IsIdentifier(string name) => !char.IsAsciiDigit(name[0]) && name.All(c => c is '$' or '_' || char.IsLetterOrDigit(c));

    private string FunctionType(HeapObject function)
    {
        bool isNamed = core.Functions.TryShared(function, out HeapObject shared) && (_heap.Layout.Version >= FunctionsByName || _fields.IsClass(shared));
        return isNamed && core.Functions.DebugName(shared) is { Length: > 0 } name ? name : "Function";
    }

    private bool Is(ulong value, bool isAccessor, ulong function)
    {
        if (!isAccessor) return value == function;
        return _heap.IndexOf(value) is >= 0 and var index && _heap.KindOf(index) == ObjectKind.AccessorPair && (_heap[index][8] == function || _heap[index][16] == function);
    }

    private struct Finder(CallNames calls, ulong function, string ownName) : IPropertyVisitor
    {
        public string? Name { get; private set; }

        public int Count { get; private set; }

        /// <summary>Whether the property that has the function's own name has it.</summary>
        public bool IsNamed { get; private set; }

        public bool Visit(ulong key, ulong value, bool isAccessor, int offset)
        {
            if (!calls.Is(value, isAccessor, function) || calls._heap.IndexOf(key) is not (>= 0 and var index) || !calls._heap.MapOf(index).Traits.IsString) return true;
            Name = calls.Name(index);
            Count++;
            IsNamed = Name == ownName;
            return !IsNamed;
        }
    }

    private string Name(int index) => core.Strings.Read(_heap[index]);
}
