using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Debugging.Values;

/// <summary>What a JavaScript object consists of: the slots of its kind, entries, elements, properties.</summary>
internal sealed class ObjectParts(CoreSession core, ValueReader values, ValueOptions options)
{
    private readonly V8Heap _heap = core.Heap;
    private readonly ObjectFields _fields = new(core);
    private readonly FunctionParts _functions = new(core, values, options);
    private readonly ElementParts _elements = new(core, values, options);
    private readonly PropertyParts _properties = new(core, values, options);

    public List<ValueGroup> Of(HeapObject of, int depth)
    {
        var groups = new List<ValueGroup>();
        List<ValueItem> slots = Slots(of, depth);
        if (of.Kind != ObjectKind.Proxy) slots.Add(new ValueItem("[[Prototype]]", values.Read(of.Map.Prototype, 0)));
        ValueGroup? properties = of.Traits.IsJSObject && of.Kind != ObjectKind.WasmObject ? _properties.Of(of, depth, slots) : null;
        groups.Add(new ValueGroup("internal", slots.Count, slots));
        if (of.Kind == ObjectKind.Function) groups.AddRange(_functions.Of(of, depth));
        if (EntriesOf(of, depth) is { } entries) groups.Add(entries);
        if (!of.Traits.IsJSObject || of.Kind == ObjectKind.WasmObject) return groups;
        if (_elements.Of(of, depth) is { } elements) groups.Add(elements);
        if (properties is not null) groups.Add(properties);
        return groups;
    }

    private ValueItem Item(string name, ulong word, int depth) => new(name, values.Read(word, depth));

    private static ValueItem Fact(string name, string type, string text) => new(name, new Value(type, text) { Content = text });

    private static ValueItem Number(string name, long number) => new(name, PrimitiveReader.Number(number, null));

    private List<ValueItem> Slots(HeapObject of, int depth)
    {
        var slots = new List<ValueItem>();
        switch (of.Kind)
        {
            case ObjectKind.Proxy:
                slots.Add(Item("[[Target]]", of[ObjectFields.ProxyTarget], depth));
                slots.Add(Item("[[Handler]]", of[ObjectFields.ProxyHandler], depth));
                break;
            case ObjectKind.Promise:
                AddPromise(of, depth, slots);
                break;
            case ObjectKind.Generator:
                _functions.AddGenerator(of, depth, slots);
                break;
            case ObjectKind.BoundFunction:
                slots.Add(Item("[[TargetFunction]]", of[ObjectFields.FirstField], depth));
                slots.Add(Item("[[BoundThis]]", of[ObjectFields.SecondField], depth));
                slots.Add(Item("[[BoundArgs]]", of[ObjectFields.ThirdField], depth + 1));
                break;
            case ObjectKind.PrimitiveWrapper:
                slots.Add(Item("[[PrimitiveValue]]", of[ObjectFields.FirstField], depth));
                break;
            case ObjectKind.Date:
                slots.Add(new ValueItem("[[DateValue]]", PrimitiveReader.Number(_fields.Date(of), null)));
                break;
            case ObjectKind.RegExp:
                slots.Add(Item("lastIndex", ObjectFields.LastIndex(of), depth));
                break;
            case ObjectKind.WeakRef:
                slots.Add(Item("[[Target]]", of[ObjectFields.FirstField], depth));
                break;
            case ObjectKind.FinalizationRegistry:
                slots.Add(Item("[[CleanupCallback]]", of[ObjectFields.SecondField], depth));
                break;
            case ObjectKind.ArrayBuffer:
                AddBuffer(of, slots);
                break;
            case ObjectKind.TypedArray or ObjectKind.DataView:
                AddView(of, slots);
                break;
            case ObjectKind.GlobalProxy:
                break;
            default:
                AddIterator(of, depth, slots);
                AddNative(of, slots);
                break;
        }

        return slots;
    }

    private void AddPromise(HeapObject promise, int depth, List<ValueItem> slots)
    {
        string state = ObjectFields.PromiseState(promise);
        slots.Add(Fact("[[PromiseState]]", "string", state));
        ulong word = promise[ObjectFields.FirstField];
        if (state != "pending")
        {
            slots.Add(Item("[[PromiseResult]]", word, depth));
            return;
        }

        // Reactions are a list, the newest first: the next one, what is called on failure and on success, and the promise that gets the result.
        var seen = new HashSet<int>();
        for (int index = _heap.IndexOf(word); index >= 0 && _heap.MapOf(index).Traits.Name == "PROMISE_REACTION" && seen.Count < options.Items && seen.Add(index); index = _heap.IndexOf(word))
        {
            HeapObject reaction = _heap[index];
            string n = $"[[Reaction {seen.Count}]]";
            AddHandler($"{n} onFulfilled", reaction[24], depth, slots);
            AddHandler($"{n} onRejected", reaction[16], depth, slots);
            slots.Add(Item($"{n} promise", reaction[32], 0));
            word = reaction[8];
        }
    }

    private void AddHandler(string name, ulong word, int depth, List<ValueItem> slots)
    {
        if (_heap.KindOf(_heap.IndexOf(word)) != ObjectKind.Oddball) slots.Add(Item(name, word, depth));
    }

    private void AddBuffer(HeapObject buffer, List<ValueItem> slots)
    {
        slots.Add(Number("byteLength", _fields.BufferBytes(buffer)));
        if (_fields.IsResizable(buffer)) slots.Add(Number("maxByteLength", _fields.MaximumBytes(buffer)));
        if (_fields.IsDetached(buffer)) slots.Add(Fact("detached", "boolean", "true"));
        ulong store = buffer[_heap.Layout.BufferBackingStore];
        slots.Add(Fact("[[BackingStore]]", "internal", $"0x{store:x}"));
    }

    private void AddView(HeapObject view, List<ValueItem> slots)
    {
        TypedArrayView seen = _fields.View(view);
        if (view.Kind == ObjectKind.TypedArray) slots.Add(Fact("[[TypedArrayName]]", "string", seen.Type.Name));
        slots.Add(Number("byteOffset", seen.ByteOffset));
        slots.Add(Number("byteLength", seen.ByteLength));
        slots.Add(Item("buffer", view[_heap.Layout.ViewBuffer], 0));
    }

    private void AddIterator(HeapObject of, int depth, List<ValueItem> slots)
    {
        switch (of.Traits.Name)
        {
            case "JS_ARRAY_ITERATOR":
                slots.Add(Item("[[IteratedObject]]", of[ObjectFields.FirstField], 0));
                slots.Add(Item("[[NextIndex]]", of[ObjectFields.SecondField], 0));
                slots.Add(Fact("[[Kind]]", "string", of.Smi(ObjectFields.ThirdField) switch { 0 => "keys", 1 => "values", _ => "entries" }));
                break;
            case "JS_STRING_ITERATOR":
                slots.Add(Item("[[IteratedString]]", of[ObjectFields.FirstField], 0));
                slots.Add(Item("[[NextIndex]]", of[ObjectFields.SecondField], 0));
                break;
            case var name when name.Contains("_ITERATOR", StringComparison.Ordinal) && (name.StartsWith("JS_MAP_", StringComparison.Ordinal) || name.StartsWith("JS_SET_", StringComparison.Ordinal)):
                slots.Add(Item("[[Table]]", of[ObjectFields.FirstField], 0));
                slots.Add(Item("[[NextIndex]]", of[ObjectFields.SecondField], 0));
                break;
            case var name when name.Contains("_ITERATOR", StringComparison.Ordinal) || name.Contains("ITERATOR_", StringComparison.Ordinal):
                for (int at = ObjectFields.FirstField, i = 0; at < Math.Min(of.Size, of.Map.InObjectStart * 8); at += 8, i++) slots.Add(Item($"[[Field {i}]]", of[at], depth));
                break;
        }
    }

    /// <summary>Objects of the program's native part: what class that is, and where.</summary>
    private void AddNative(HeapObject of, List<ValueItem> slots)
    {
        int start = _heap.Layout.EmbedderFields(of);
        for (int i = 0, at = start; at >= 0 && at + 8 <= of.Map.InObjectStart * 8; i++, at += 8)
        {
            ulong word = of[at];
            string? native = (word & 7) == 0 ? _heap.NativeClasses.Find(_heap.Memory.PeekWord(word)) : null;
            slots.Add((word & 1) == 1 ? Item($"[[InternalField {i}]]", word, 0) : Fact($"[[InternalField {i}]]", "internal", native is null ? $"0x{word:x}" : $"node::{native} at 0x{word:x}"));
        }
    }

    private ValueGroup? EntriesOf(HeapObject of, int depth)
    {
        switch (of.Kind)
        {
            case ObjectKind.Collection:
                bool isMap = of.Traits.Name == "JS_MAP";
                return new ValueGroup("entries", _fields.CollectionSize(of), [.. _fields.Entries(of).Take(options.Items).Select((e, i) => Entry(i, e.Key, isMap ? e.Value : e.Key, isMap, depth))]);
            case ObjectKind.WeakCollection:
                bool isWeakMap = of.Traits.Name == "JS_WEAK_MAP";
                List<(int Key, int Value)> entries = _fields.WeakEntries(of);
                return new ValueGroup("entries", entries.Count, [.. entries.Take(options.Items).Select((e, i) => WeakEntry(of, i, e.Key, e.Value, isWeakMap, depth))]);
            case ObjectKind.FinalizationRegistry:
                return Registrations(of, depth);
            case ObjectKind.Object when of.Traits.Name == ObjectFields.ModuleNamespace:
                List<(ulong Name, ulong Value)> exports = _fields.Exports(of);
                return new ValueGroup("exports", exports.Count, [.. exports.Take(options.Items).Select(e => new ValueItem(core.Strings.Read(e.Name) ?? "???", values.Read(e.Value, depth)))]);
            default:
                return null;
        }
    }

    private ValueItem Entry(int number, ulong key, ulong value, bool isMap, int depth) =>
        new(number.ToString(System.Globalization.CultureInfo.InvariantCulture), values.Read(value, depth)) { Key = isMap ? values.Read(key, depth) : null };

    private ValueItem WeakEntry(HeapObject of, int number, int key, int value, bool isMap, int depth)
    {
        ulong keyWord = _heap[key].Address;
        if (!isMap) return Entry(number, 0, keyWord, false, depth);

        // Small integers are no objects: the table's word is the value.
        ulong valueWord = value >= 0 ? _heap[value].Address : SmallValue(of, keyWord);
        return Entry(number, keyWord, valueWord, true, depth);
    }

    private ulong SmallValue(HeapObject of, ulong key)
    {
        if (!_heap.TryFollow(of, ObjectFields.FirstField, out HeapObject table)) return 0;
        for (int at = V8Layout.ArrayData + 24; at + 16 <= table.Size; at += 16)
        {
            if (table[at] == key) return table[at + 8];
        }

        return 0;
    }

    /// <summary>The cells of a FinalizationRegistry, a list.</summary>
    private ValueGroup Registrations(HeapObject registry, int depth)
    {
        const int Active = 40;
        int target = _heap.Layout.WeakCellTarget, next = target + (_heap.Layout.Version >= 1406 ? 24 : 32);
        int holdings = _heap.Layout.Version >= 1406 ? target - 8 : target + 16;
        var items = new List<ValueItem>();
        var seen = new HashSet<int>();
        ulong word = registry[Active];
        for (int index = _heap.IndexOf(word); index >= 0 && _heap.KindOf(index) == ObjectKind.WeakCell && seen.Add(index); index = _heap.IndexOf(word))
        {
            HeapObject cell = _heap[index];
            if (items.Count < options.Items) items.Add(new ValueItem($"{items.Count}", values.Read(cell[holdings], depth)) { Key = values.Read(cell[target], 0) });
            word = cell[next];
        }

        return new ValueGroup("entries", seen.Count, items);
    }
}
