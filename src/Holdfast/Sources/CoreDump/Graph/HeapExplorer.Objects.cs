using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Graph;

/// <summary>JavaScript objects: properties, elements, and what each kind has beside them.</summary>
internal sealed partial class HeapExplorer
{
    private void ExploreObject(HeapObject explored)
    {
        switch (explored.Kind)
        {
            case ObjectKind.GlobalProxy when _version < 1204:
                _sink.Internal("native_context", explored[24], 24);
                break;
            case ObjectKind.ArrayBuffer:
                _natives.AddBackingStore(explored, _sink);
                break;
            case ObjectKind.Collection or ObjectKind.WeakCollection:
                _sink.Internal("table", explored[24], 24);
                break;
            case ObjectKind.Promise:
                _sink.Internal("reactions_or_result", explored[24], 24);
                break;
            case ObjectKind.Generator:
                _sink.Internal("function", explored[24], 24);
                _sink.Internal("context", explored[32], 32);
                _sink.Internal("receiver", explored[40], 40);
                _sink.Internal("parameters_and_registers", explored[_layout.GeneratorRegisters], _layout.GeneratorRegisters);
                break;
            case ObjectKind.WeakRef:
                _sink.Weak("target", explored[24], 24);
                break;
        }

        var properties = new PropertyEdges(this);
        _properties.Visit(explored, ref properties);
        ExploreElements(explored);
        ExploreEmbedderFields(explored);
        _sink.Property(_names.Of("__proto__"), explored.Map.Prototype, -1);
        ExploreParts(explored);
        TagField(explored, V8Layout.Properties, "(object properties)");
        _sink.Internal("properties", explored[V8Layout.Properties], V8Layout.Properties);
        TagField(explored, V8Layout.Elements, "(object elements)");
        _sink.Internal("elements", explored[V8Layout.Elements], V8Layout.Elements);
    }

    private void ExploreParts(HeapObject explored)
    {
        switch (explored.Kind)
        {
            case ObjectKind.BoundFunction:
                ExploreBound(explored);
                break;
            case ObjectKind.Function:
                ExploreFunction(explored);
                break;
            case ObjectKind.GlobalObject:
                if (_version < 1204) _sink.Internal("native_context", explored[24], 24);
                int proxy = _version == 1204 ? 24 : 32;
                _sink.Internal("global_proxy", explored[proxy], proxy);
                break;
            case ObjectKind.TypedArray or ObjectKind.DataView:
                _sink.Internal("buffer", explored[_layout.ViewBuffer], _layout.ViewBuffer);
                break;
        }
    }

    private void ExploreBound(HeapObject bound)
    {
        TagField(bound, 40, "(bound arguments)");
        _sink.Internal("bindings", bound[40], 40);
        _sink.Internal("bound_this", bound[32], 32);
        _sink.Internal("bound_function", bound[24], 24);
        if (!_heap.TryFollow(bound, 40, out HeapObject arguments)) return;
        ReadOnlySpan<ulong> words = arguments.WordsFrom(V8Layout.ArrayData);
        _heap.CountShared(words.Length);
        for (int i = 0; i < words.Length; i++) _sink.Shortcut($"bound_argument_{i}", words[i]);
    }

    private void ExploreFunction(HeapObject function)
    {
        ulong prototypeOrMap = function.Map.HasPrototypeSlot ? function[_layout.FunctionPrototype] : 0;
        int found = _heap.IndexOf(prototypeOrMap);
        if (found >= 0 && _heap.KindOf(found) != ObjectKind.Hole && !_numbers.IsTheHole(found))
        {
            HeapObject there = _heap[found];
            if (there.Kind == ObjectKind.Map)
            {
                _sink.Property(_names.Of("prototype"), there[V8Layout.MapPrototype], -1);
                _sink.Internal("initial_map", prototypeOrMap, _layout.FunctionPrototype);
            }
            else if (there.Kind == ObjectKind.Tuple2)
            {
                _sink.Property(_names.Of("prototype"), there[16], -1);
                Tag(found, "(non-instance prototype tuple)");
                _sink.Internal("non_instance_prototype_tuple", prototypeOrMap, _layout.FunctionPrototype);
            }
            else if (there.Traits.IsReceiver)
            {
                _sink.Property(_names.Of("prototype"), prototypeOrMap, _layout.FunctionPrototype);
            }
        }

        TagField(function, _layout.FunctionFeedbackCell, "(function feedback cell)");
        _sink.Internal("feedback_cell", function[_layout.FunctionFeedbackCell], _layout.FunctionFeedbackCell);
        TagField(function, _layout.FunctionShared, "(shared function info)");
        _sink.Internal("shared", function[_layout.FunctionShared], _layout.FunctionShared);
        TagField(function, _layout.FunctionContext, "(context)");
        _sink.Internal("context", function[_layout.FunctionContext], _layout.FunctionContext);
        if (_layout.FunctionCode > 0) _sink.Internal("code", function[_layout.FunctionCode], _layout.FunctionCode);
        else if (_heap.CodeOf(function) is >= 0 and var code) _sink.Internal("code", _heap[code].Address, 24);
    }

    private void ExploreElements(HeapObject owner)
    {
        int index = _heap.IndexOf(owner[V8Layout.Elements]);
        if (index < 0) return;
        HeapObject elements = _heap[index];
        _heap.CountShared(elements.Words);
        switch (elements.Kind)
        {
            case ObjectKind.FixedArray:
                ReadOnlySpan<ulong> words = elements.WordsFrom(V8Layout.ArrayData);
                int length = owner.Kind == ObjectKind.Array ? Math.Min(words.Length, Math.Max(0, owner.Smi(24))) : words.Length;
                for (int i = 0; i < length; i++)
                {
                    if ((words[i] & 7) == 1) _sink.Element(i, words[i]);
                }

                break;
            case ObjectKind.NumberDictionary when owner.Map.ElementsKind == _layout.DictionaryElements:
                for (int at = V8Layout.ArrayData + 32; at + 24 <= elements.Size; at += 24)
                {
                    if (TryNumber(elements[at], out uint number)) _sink.Element((int)number, elements[at + 8]);
                }

                break;
        }
    }

    private bool TryNumber(ulong value, out uint number)
    {
        number = (uint)(value >> 32);
        if ((value & 1) == 0) return true;
        if (_heap.IndexOf(value) is not (>= 0 and var index) || _heap.KindOf(index) != ObjectKind.HeapNumber) return false;
        number = (uint)_heap[index].Double(8);
        return true;
    }

    /// <summary>Fields of the program's native part: between the header and the properties inside the object.</summary>
    private void ExploreEmbedderFields(HeapObject owner)
    {
        int start = _layout.EmbedderFields(owner);
        if (start < 0) return;
        for (int i = 0, at = start; at < owner.Map.InObjectStart * 8; i++, at += 8) _sink.Internal(_names.Of(i), owner[at], at);
        if (owner.Kind == ObjectKind.Object && start + 16 <= owner.Map.InObjectStart * 8) _natives.AddWrapped(owner, owner[start + 8], _sink);
    }

    /// <summary>Makes an edge of each property.</summary>
    private readonly struct PropertyEdges(HeapExplorer explorer) : IPropertyVisitor
    {
        public bool Visit(ulong key, ulong value, bool isAccessor, int offset)
        {
            explorer.AddProperty(key, value, isAccessor, offset);
            return true;
        }
    }

    private void AddProperty(ulong key, ulong value, bool isAccessor, int offset)
    {
        int target = _heap.IndexOf(value);
        if (target < 0) return;
        int keyIndex = _heap.IndexOf(key);
        int name = _names.OfKey(keyIndex);
        bool isNamed = name != _emptyName;
        if (!isAccessor)
        {
            _sink.Property(name, value, offset, isNamed);
            return;
        }

        if (_heap.KindOf(target) != ObjectKind.AccessorPair) return;
        _sink.Property(name, value, offset, isNamed);
        HeapObject pair = _heap[target];
        AddAccessor("get ", pair[8], keyIndex, name, isNamed);
        AddAccessor("set ", pair[16], keyIndex, name, isNamed);
    }

    private void AddAccessor(string prefix, ulong accessor, int key, int name, bool isNamed)
    {
        int target = _heap.IndexOf(accessor);
        if (target < 0 || _heap.KindOf(target) == ObjectKind.Oddball) return;
        if (key >= 0 && _heap.KindOf(key) == ObjectKind.String) name = _names.OfPrefixed(prefix, key);
        _sink.Property(name, accessor, -1, isNamed);
    }
}
