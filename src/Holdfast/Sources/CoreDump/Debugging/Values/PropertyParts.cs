using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging.Values;

/// <summary>Named properties of objects, with private fields, symbols and accessors.</summary>
internal sealed class PropertyParts(CoreSession core, ValueReader values, ValueOptions options)
{
    private readonly V8Heap _heap = core.Heap;
    private readonly ObjectFields _fields = new(core);
    private readonly ErrorStacks _stacks = new(core);

    /// <summary>The properties; what V8 keeps for itself among them goes to the slots.</summary>
    public ValueGroup? Of(HeapObject owner, int depth, List<ValueItem> slots)
    {
        var collector = new Collector(this, owner, depth, slots);
        core.Properties.VisitInOrder(owner, ref collector);
        return collector.Count == 0 ? null : new ValueGroup("properties", collector.Count, collector.Items);
    }

    private Value Read(HeapObject owner, ulong key, ulong word, bool isAccessor, int depth)
    {
        if (!isAccessor) return values.Read(word, depth);
        if (core.Strings.Read(key, 6) == "stack" && _stacks.Of(owner) is { } stack) return Text(stack);
        int index = _heap.IndexOf(word);
        if (index < 0) return values.Read(word, 0);
        HeapObject accessor = _heap[index];
        return accessor.Kind == ObjectKind.AccessorPair ? Pair(accessor) : Native(owner, core.Strings.Read(key) ?? "", accessor);
    }

    private Value Pair(HeapObject pair)
    {
        bool hasGetter = _heap.IndexOf(pair[8]) is >= 0 and var get && _heap.MapOf(get).Traits.IsReceiver;
        bool hasSetter = _heap.IndexOf(pair[16]) is >= 0 and var set && _heap.MapOf(set).Traits.IsReceiver;
        var items = new List<ValueItem>();
        if (hasGetter) items.Add(new ValueItem("get", values.Read(pair[8], 0)));
        if (hasSetter) items.Add(new ValueItem("set", values.Read(pair[16], 0)));
        string text = hasGetter && hasSetter ? "[Getter/Setter]" : hasGetter ? "[Getter]" : "[Setter]";
        return new Value("accessor", text) { Id = pair.Address, Groups = items.Count == 0 ? null : [new ValueGroup("accessors", items.Count, items)] };
    }

    /// <summary>Properties that V8 computes: what they give is known for some.</summary>
    private Value Native(HeapObject owner, string name, HeapObject accessor)
    {
        Value? known = (owner.Kind, name) switch
        {
            (ObjectKind.Array, "length") => PrimitiveReader.Number(_fields.ArrayLength(owner), null),
            (ObjectKind.Function, "name") when core.Functions.TryShared(owner, out HeapObject shared) => Text(_fields.FunctionName(shared)),
            (ObjectKind.Function, "prototype") when core.Functions.Prototype(owner) is > 0 and var prototype => values.Read(prototype, 0),
            (ObjectKind.Function, "length") => PrimitiveReader.Number(Parameters(owner), null),
            (ObjectKind.BoundFunction, "name") => Text(values.Read(owner, 0).Content ?? ""),
            (ObjectKind.BoundFunction, "length") => PrimitiveReader.Number(BoundParameters(owner), null),
            (ObjectKind.PrimitiveWrapper, "length") when _heap.TryFollow(owner, V8Layout.ObjectHeader, out HeapObject text) && text.Traits.IsString => PrimitiveReader.Number(HeapStrings.Length(text), null),
            _ => null,
        };
        return known ?? new Value("accessor", "[native accessor]") { Id = accessor.Address };
    }

    /// <summary>How many parameters a function says it has.</summary>
    private int Parameters(HeapObject function) => core.Functions.TryShared(function, out HeapObject shared)
        ? shared.UInt16(_heap.Layout.Offset("SharedFunctionInfo.length", _heap.Layout.SharedScript + 8))
        : 0;

    private int BoundParameters(HeapObject bound)
    {
        int given = _heap.TryFollow(bound, ObjectFields.ThirdField, out HeapObject arguments) ? Math.Max(0, arguments.Smi(8)) : 0;
        return _heap.TryFollow(bound, ObjectFields.FirstField, out HeapObject target) && target.Kind == ObjectKind.Function ? Math.Max(0, Parameters(target) - given) : 0;
    }

    private static Value Text(string text) => new("string", PrimitiveReader.Quote(text, text.Length, PrimitiveReader.ShownCharacters)) { Content = text };

    private struct Collector(PropertyParts parts, HeapObject owner, int depth, List<ValueItem> slots) : IPropertyVisitor
    {
        public List<ValueItem> Items { get; } = [];

        public long Count { get; private set; }

        public bool Visit(ulong key, ulong value, bool isAccessor, int offset)
        {
            string name = parts.KeyName(key);
            if (name.StartsWith("[[", StringComparison.Ordinal))
            {
                slots.Add(new ValueItem(name, parts.Read(owner, key, value, isAccessor, 0)));
                return true;
            }

            Count++;
            if (Items.Count < parts.Limit) Items.Add(new ValueItem(name, parts.Read(owner, key, value, isAccessor, depth)));
            return true;
        }
    }

    private string KeyName(ulong key) => core.KeyName(key);

    private int Limit => options.Items;
}
