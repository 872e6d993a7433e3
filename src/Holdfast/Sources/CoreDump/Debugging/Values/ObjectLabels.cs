using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging.Values;

/// <summary>What kind of thing an object is, and how it looks on one line: <c>Map(3)</c>, <c>[Function: push]</c>, <c>Promise { pending }</c>.</summary>
internal sealed class ObjectLabels(CoreSession core, PrimitiveReader primitives)
{
    private readonly V8Heap _heap = core.Heap;
    private readonly ObjectFields _fields = new(core);

    public Value Of(HeapObject of)
    {
        if (!of.Traits.IsReceiver) return Internal(of);
        if (of.Kind == ObjectKind.Proxy) return Proxy(of);
        string name = core.Classes.Of(of);
        Value value = Receiver(of, name);
        return value with { Class = name };
    }

    private Value Receiver(HeapObject of, string name)
    {
        switch (of.Kind)
        {
            case ObjectKind.Function:
                return Function(of);
            case ObjectKind.BoundFunction:
                return new Value("bound", $"[bound {BoundName(of)}]") { Content = "bound " + BoundName(of) };
            case ObjectKind.Array:
                long length = _fields.ArrayLength(of);
                return new Value("array", $"{name}({length})") { Length = length };
            case ObjectKind.Collection:
                bool isMap = of.Traits.Name == "JS_MAP";
                int size = _fields.CollectionSize(of);
                return new Value(isMap ? "map" : "set", $"{name}({size})") { Length = size };
            case ObjectKind.WeakCollection:
                bool isWeakMap = of.Traits.Name == "JS_WEAK_MAP";
                int entries = _fields.WeakEntries(of).Count;
                return new Value(isWeakMap ? "weakmap" : "weakset", $"{name}({entries})") { Length = entries };
            case ObjectKind.WeakRef:
                return new Value("weakref", name);
            case ObjectKind.FinalizationRegistry:
                return new Value("finalizationregistry", name);
            case ObjectKind.Promise:
                return new Value("promise", $"{name} {{ {ObjectFields.PromiseState(of)} }}") { Content = ObjectFields.PromiseState(of) };
            case ObjectKind.Date:
                double time = _fields.Date(of);
                return new Value("date", DateText(time)) { Content = Common.NumberText.Show(time) };
            case ObjectKind.RegExp:
                return new Value("regexp", _fields.Pattern(of)) { Content = _fields.Pattern(of) };
            case ObjectKind.PrimitiveWrapper:
                return Boxed(of, name);
            case ObjectKind.Generator:
                return new Value("generator", $"{name} {{ {_fields.GeneratorName(of)}, {ObjectFields.GeneratorState(of)} }}") { Content = ObjectFields.GeneratorState(of) };
            case ObjectKind.ArrayBuffer:
                long bytes = _fields.BufferBytes(of);
                return new Value(_fields.IsShared(of) ? "sharedarraybuffer" : "arraybuffer", $"{name}({bytes})") { Length = bytes };
            case ObjectKind.TypedArray:
                TypedArrayView view = _fields.View(of);
                return new Value("typedarray", $"{name}({view.Length})") { Length = view.Length };
            case ObjectKind.DataView:
                return new Value("dataview", $"{name}({_fields.View(of).ByteLength})") { Length = _fields.View(of).ByteLength };
            case ObjectKind.Arguments:
                return new Value("arguments", name);
            case ObjectKind.GlobalObject or ObjectKind.GlobalProxy:
                return new Value("global", name);
            case ObjectKind.WasmObject:
                return new Value("internal", of.Traits.Name);
        }

        string type = of.Traits.Name;
        if (type == ObjectFields.ModuleNamespace) return new Value("module", $"[Module: {name}]") { Length = _fields.Exports(of).Count };
        if (type.EndsWith("_ITERATOR", StringComparison.Ordinal) || type.Contains("_ITERATOR_", StringComparison.Ordinal)) return new Value("iterator", name);
        return type == "JS_ERROR" ? Error(of, name) : new Value("object", name);
    }

    private Value Function(HeapObject function)
    {
        bool hasShared = core.Functions.TryShared(function, out HeapObject shared);
        string name = hasShared ? _fields.FunctionName(shared) : "";
        if (name.Length == 0 && hasShared) name = core.Functions.DebugName(shared);
        bool isClass = hasShared && _fields.IsClass(shared);
        string shown = name.Length == 0 ? "(anonymous)" : name;
        return new Value(isClass ? "class" : "function", isClass ? $"[class {shown}]" : $"[Function: {shown}]") { Content = name };
    }

    /// <summary>Errors look like the first line of their stack.</summary>
    private Value Error(HeapObject error, string name)
    {
        string? message = _fields.OwnString(error, "message");
        string text = string.IsNullOrEmpty(message) ? name : $"{name}: {PrimitiveReader.Quote(message, message.Length, PrimitiveReader.ShownCharacters)[1..^1]}";
        return new Value("error", text) { Content = message };
    }

    private Value Boxed(HeapObject wrapper, string name)
    {
        ulong word = wrapper[V8Layout.ObjectHeader];
        Value? inner = (word & 1) == 0 ? PrimitiveReader.SmallInteger(word) : _heap.IndexOf(word) is >= 0 and var index ? primitives.TryRead(_heap[index], int.MaxValue) : null;
        return new Value("boxed", $"[{name}: {inner?.Text ?? "???"}]") { Content = inner?.Content };
    }

    private Value Proxy(HeapObject proxy)
    {
        bool isRevoked = _heap.KindOf(_heap.IndexOf(proxy[ObjectFields.ProxyHandler])) == ObjectKind.Oddball;
        return new Value("proxy", isRevoked ? "Proxy (revoked)" : "Proxy") { Class = "Proxy" };
    }

    private string BoundName(HeapObject bound)
    {
        const int Target = 24;
        int most = 16;
        int index = _heap.IndexOf(bound[Target]);
        string prefix = "";
        for (; most > 0 && index >= 0 && _heap.KindOf(index) == ObjectKind.BoundFunction; most--, index = _heap.IndexOf(_heap[index][Target])) prefix += "bound ";
        return index >= 0 && _heap.KindOf(index) == ObjectKind.Function && core.Functions.TryShared(_heap[index], out HeapObject shared) ? prefix + core.Functions.DebugName(shared) : prefix;
    }

    private static Value Internal(HeapObject of)
    {
        string name = "system / " + of.Traits.ClassName;
        return new Value("internal", name) { Class = name };
    }

    private static string DateText(double time)
    {
        if (double.IsNaN(time) || Math.Abs(time) > 8.64e15) return "Invalid Date";

        // Years outside .NET's are written as JavaScript's number only.
        double years = time / (365.2425 * 86400e3);
        return years is > -1969 and < 8029
            ? DateTimeOffset.FromUnixTimeMilliseconds((long)time).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture)
            : $"Date({Common.NumberText.Show(time)})";
    }
}
