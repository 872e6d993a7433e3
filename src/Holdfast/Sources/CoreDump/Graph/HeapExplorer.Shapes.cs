using Holdfast.Model;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Graph;

/// <summary>Hidden classes and what belongs to them, and contexts with their variables.</summary>
internal sealed partial class HeapExplorer
{
    private void ExploreMap(HeapObject map)
    {
        ExploreMapTransitions(map);
        ushort type = map.UInt16(V8Layout.MapInstanceType);
        bool ofObjects = _heap.Types[type] is { } traits && traits.IsReceiver;
        if (_version < 1306 || ofObjects)
        {
            TagField(map, V8Layout.MapDescriptors, "(map descriptors)");
            _sink.Internal("descriptors", map[V8Layout.MapDescriptors], V8Layout.MapDescriptors);
        }

        _sink.Internal("prototype", map[V8Layout.MapPrototype], V8Layout.MapPrototype);
        int constructor = _heap.IndexOf(map[V8Layout.MapConstructor]);
        string edge = "constructor";
        if (constructor >= 0)
        {
            HeapObject found = _heap[constructor];
            if (found.Kind == ObjectKind.NativeContext) edge = "native_context";
            else if (found.Kind == ObjectKind.Map) edge = "back_pointer";
            else if (found.Kind == ObjectKind.FunctionTemplateInfo) edge = "constructor_function_data";
            if (edge == "back_pointer") Tag(constructor, "(back pointer)");
            if (edge == "constructor_function_data") Tag(constructor, "(constructor function data)");
        }

        _sink.Internal(edge, map[V8Layout.MapConstructor], V8Layout.MapConstructor);
        TagField(map, V8Layout.MapDependentCode, "(dependent code)");
        _sink.Internal("dependent_code", map[V8Layout.MapDependentCode], V8Layout.MapDependentCode);
        TagField(map, V8Layout.MapValidityCell, "(prototype validity cell)", _version >= 1103 ? NodeType.ObjectShape : null);
    }

    private void ExploreMapTransitions(HeapObject map)
    {
        ulong transitions = map[V8Layout.MapTransitions];
        int index = _heap.IndexOf(transitions);
        if (index < 0) return;
        HeapObject found = _heap[index];
        if ((transitions & 2) != 0)
        {
            _sink.Weak("transition", transitions, V8Layout.MapTransitions);
        }
        else if (found.Kind == ObjectKind.TransitionArray)
        {
            Tag(index, "(transition array)");
            _sink.Internal("transitions", transitions, V8Layout.MapTransitions);
        }
        else if (found.Traits.Name == "FIXED_ARRAY")
        {
            Tag(index, "(transition)");
            _sink.Internal("transition", transitions, V8Layout.MapTransitions);
        }
        else if (((uint)map.Int32(V8Layout.MapBitField3) & (1 << 20)) != 0)
        {
            Tag(index, "prototype_info");
            _sink.Internal("prototype_info", transitions, V8Layout.MapTransitions);
        }
    }

    private void ExplorePrototypeInfo(HeapObject info)
    {
        if (_version < 1103) return;
        foreach (int offset in (ReadOnlySpan<int>)[8, 16, 24, 32, 40])
        {
            if (_heap.IndexOf(info[offset]) is not (>= 0 and var index)) continue;
            if (_heap.MapOf(index).Traits.Name == "FIXED_ARRAY") Tag(index, "(prototype chain enum cache)", NodeType.ObjectShape);
            else if (_heap.KindOf(index) == ObjectKind.WeakArrayList) Tag(index, "(prototype users)", NodeType.ObjectShape);
        }
    }

    private void ExploreTransitions(HeapObject transitions)
    {
        // Prototype transitions are a list in the first element.
        if (_heap.IndexOf(transitions[V8Layout.ArrayData]) is >= 0 and var index && _heap.KindOf(index) is ObjectKind.WeakFixedArray)
            Tag(index, "(prototype transitions)", _version >= 1103 ? NodeType.ObjectShape : null);
        if (_version < 1204) Elements(transitions, V8Layout.ArrayData);
    }

    private void ExploreDescriptors(HeapObject descriptors)
    {
        _sink.Internal("enum_cache", descriptors[_layout.DescriptorsHeader - 8], _layout.DescriptorsHeader - 8);
        int count = descriptors.UInt16(8);
        for (int i = 0, at = _layout.DescriptorsHeader; i < count * 3 && at + 8 <= descriptors.Size; i++, at += 8)
        {
            if ((descriptors[at] & 5) == 1) _sink.Internal(_names.Of(i), descriptors[at], at);
        }
    }

    private void ExploreAllocationSite(HeapObject site)
    {
        _sink.Internal("transition_info", site[8], 8);
        _sink.Internal("nested_site", site[16], 16);
        TagField(site, 24, "(dependent code)", NodeType.Code);
        _sink.Internal("dependent_code", site[24], 24);
    }

    private void ExploreContext(HeapObject context)
    {
        if (context.Kind != ObjectKind.NativeContext && _heap.TryFollow(context, V8Layout.ArrayData, out HeapObject scope) && scope.Kind == ObjectKind.ScopeInfo)
        {
            if (HasVariables(context))
            {
                // Each has a word of its own.
                foreach (ScopeVariable variable in _scopes.Variables(scope).AsSpan()[..Math.Min(_scopes.Variables(scope).Length, context.Words)])
                {
                    int at = V8Layout.ArrayData + (8 * variable.Slot);
                    _sink.Context(_names.OfKey(_heap.IndexOf(variable.Name)), context[at], at);
                }
            }
        }

        _sink.Internal("scope_info", context[16], 16);
        _sink.Internal("previous", context[24], 24);
        if (context.Kind == ObjectKind.NativeContext)
        {
            ExploreNativeContext(context);
        }
        else if (_heap.TryFollow(context, 16, out HeapObject info) && info.Kind == ObjectKind.ScopeInfo && _scopes.Flags(info).HasContextExtensionSlot)
        {
            _sink.Internal("extension", context[32], 32);
        }
    }

    /// <summary>V8 names variables of functions, modules and scripts; those of blocks and catch clauses are named here too.</summary>
    private static bool HasVariables(HeapObject context) =>
        context.Traits.Name is not ("WITH_CONTEXT" or "DEBUG_EVALUATE_CONTEXT" or "AWAIT_CONTEXT");

    private void ExploreNativeContext(HeapObject context)
    {
        _sink.Internal(_version < 1406 ? "extension" : "global_object", context[32], 32);
        foreach ((int slot, string name) in _heap.Table.ContextFields)
        {
            int at = V8Layout.ArrayData + (8 * slot);
            _sink.Internal(name, context[at], at);
        }
    }
}
