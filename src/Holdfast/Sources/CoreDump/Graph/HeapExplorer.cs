using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Graph;

/// <summary>
/// The edges of each object, and the names that objects get from those that hold them: what V8's own snapshot of the heap has.
/// Source: V8, V8HeapExplorer::ExtractReferences, 10.2 to 14.6. The rest of this class is in files by what is explored.
/// </summary>
internal sealed partial class HeapExplorer
{
    private readonly V8Heap _heap;
    private readonly V8Layout _layout;
    private readonly int _version;
    private readonly EdgeSink _sink;
    private readonly NameCache _names;
    private readonly NodeNumbers _numbers;
    private readonly NodeTable _nodes;
    private readonly ScopeInfos _scopes;
    private readonly FunctionNames _functions;
    private readonly PropertyReader _properties;
    private readonly NativeNodes _natives;
    private readonly EphemeronEdges _ephemerons;
    private readonly int _emptyName;

    public HeapExplorer(
        V8Heap heap, EdgeSink sink, NodeNumbers numbers, NodeTable nodes, ScopeInfos scopes, FunctionNames functions, NativeNodes natives, EphemeronEdges ephemerons)
    {
        _heap = heap;
        _layout = heap.Layout;
        _version = heap.Layout.Version;
        _sink = sink;
        _names = sink.Names;
        _numbers = numbers;
        _nodes = nodes;
        _scopes = scopes;
        _functions = functions;
        _properties = new PropertyReader(heap);
        _natives = natives;
        _ephemerons = ephemerons;
        _emptyName = _names.Of("");
    }

    /// <param name="explored">The object.</param>
    /// <param name="live">Where it is garbage, the objects that are not.</param>
    public void Explore(HeapObject explored, BitColumn? live)
    {
        _sink.Begin(explored, live);
        if (explored.Traits.IsJSObject && explored.Kind != ObjectKind.WasmObject) ExploreObject(explored);
        else ExploreInternal(explored);
        _ephemerons.AddOf(explored.Index, _sink);
        _sink.Rest(explored);
    }

    /// <summary>
    /// Names what literals have their elements in, before objects made from them do: V8's lists of pages begin with the oldest.
    /// </summary>
    public void TagConstants()
    {
        for (int i = 0; i < _heap.Count; i++)
        {
            if (_heap.KindOf(i) == ObjectKind.ArrayBoilerplate) TagField(_heap[i], 16, "(constant elements)", NodeType.Code);
        }
    }

    private void ExploreInternal(HeapObject explored)
    {
        switch (explored.Kind)
        {
            case ObjectKind.String:
                ExploreString(explored);
                break;
            case ObjectKind.Symbol:
                _sink.Internal("name", explored[16], 16);
                break;
            case ObjectKind.Map:
                ExploreMap(explored);
                break;
            case ObjectKind.SharedFunctionInfo:
                ExploreShared(explored);
                break;
            case ObjectKind.Script:
                ExploreScript(explored);
                break;
            case ObjectKind.AccessorInfo:
                ExploreAccessorInfo(explored);
                break;
            case ObjectKind.AccessorPair:
                _sink.Internal("getter", explored[8], 8);
                _sink.Internal("setter", explored[16], 16);
                break;
            case ObjectKind.Code:
                ExploreCode(explored);
                break;
            case ObjectKind.CodeDataContainer:
                break;
            case ObjectKind.InstructionStream:
                ExploreInstructions(explored);
                break;
            case ObjectKind.Cell:
                _sink.Internal("value", explored[8], 8);
                break;
            case ObjectKind.FeedbackCell:
                Tag(explored.Index, "(feedback cell)");
                _sink.Internal("value", explored[8], 8);
                break;
            case ObjectKind.PropertyCell:
                _sink.Internal("value", explored[24], 24);
                TagField(explored, 32, "(dependent code)");
                _sink.Internal("dependent_code", explored[32], 32);
                break;
            case ObjectKind.PrototypeInfo:
                ExplorePrototypeInfo(explored);
                break;
            case ObjectKind.AllocationSite:
                ExploreAllocationSite(explored);
                break;
            case ObjectKind.ArrayBoilerplate:
                _sink.Internal("constant_elements", explored[16], 16);
                break;
            case ObjectKind.FeedbackVector:
                ExploreFeedback(explored);
                break;
            case ObjectKind.DescriptorArray:
                ExploreDescriptors(explored);
                break;
            case ObjectKind.EnumCache when _version >= 1103:
                TagField(explored, 8, "(enum cache)", NodeType.ObjectShape);
                TagField(explored, 16, "(enum cache)", NodeType.ObjectShape);
                break;
            case ObjectKind.TransitionArray:
                ExploreTransitions(explored);
                break;
            case ObjectKind.WeakFixedArray:
                Elements(explored, V8Layout.ArrayData);
                break;
            case ObjectKind.WeakArrayList:
                Elements(explored, 24);
                break;
            case ObjectKind.Context or ObjectKind.NativeContext:
                ExploreContext(explored);
                break;
            case ObjectKind.EphemeronHashTable:
                ExploreEphemerons(explored);
                break;
            case ObjectKind.Other when _version < 1204 && explored.Traits.Name is "OBJECT_BOILERPLATE_DESCRIPTION" or "CLOSURE_FEEDBACK_CELL_ARRAY" or "SCRIPT_CONTEXT_TABLE":
            case ObjectKind.FixedArray or ObjectKind.NameDictionary or ObjectKind.NumberDictionary or ObjectKind.GlobalDictionary or ObjectKind.OrderedHashTable:
                Elements(explored, V8Layout.ArrayData);
                break;
            case ObjectKind.WeakCell:
                _sink.Weak("target", explored[_layout.WeakCellTarget], _layout.WeakCellTarget);
                _sink.Weak("unregister_token", explored[_layout.WeakCellTarget + 8], _layout.WeakCellTarget + 8);
                break;
            case ObjectKind.BytecodeArray:
                ExploreBytecode(explored);
                break;
            case ObjectKind.ScopeInfo when explored.Smi(24) >= 75:
                TagLocalNames(explored);
                break;
        }
    }

    private void ExploreString(HeapObject text)
    {
        switch (HeapStrings.Shape(text))
        {
            case StringShape.Concatenated:
                _sink.Internal("first", text[16], 16);
                _sink.Internal("second", text[24], 24);
                break;
            case StringShape.Sliced:
                _sink.Internal("parent", text[16], 16);
                break;
            case StringShape.Thin:
                _sink.Internal("actual", text[16], 16);
                break;
            case StringShape.External when _version < 1306:
                _natives.AddExternalString(text, _sink);
                break;
        }
    }

    /// <summary>One edge for each element of a list, numbered from 0.</summary>
    private void Elements(HeapObject list, int from)
    {
        ReadOnlySpan<ulong> words = list.WordsFrom(from);
        for (int i = 0; i < words.Length; i++)
        {
            if ((words[i] & 5) == 1) _sink.Internal(_names.Of(i), words[i], from + (8 * i));
        }
    }

    private void ExploreEphemerons(HeapObject table)
    {
        const int First = V8Layout.ArrayData + 24;
        for (int at = First; at + 16 <= table.Size; at += 16)
        {
            int key = _heap.IndexOf(table[at]), value = _heap.IndexOf(table[at + 8]);
            uint index = (uint)(at - V8Layout.ArrayData) / 8;
            if (key >= 0 && _heap.KindOf(key) is not (ObjectKind.Oddball or ObjectKind.Hole)) _sink.Weak(_names.Of((int)index), table[at]);
            if (value >= 0) _sink.Weak(_names.Of((int)index + 1), table[at + 8]);
            _sink.MarkVisited(at);
            _sink.MarkVisited(at + 8);
        }
    }

    private void ExploreAccessorInfo(HeapObject info)
    {
        _sink.Internal("name", info[_layout.AccessorInfoName], _layout.AccessorInfoName);
        _sink.Internal("data", info[_layout.AccessorInfoData], _layout.AccessorInfoData);
        if (_version >= 1103) return;
        _sink.Internal("setter", info[32], 32);
        _sink.Internal("getter", info[40], 40);
        _sink.Internal("js_getter", info[48], 48);
    }

    /// <summary>Names an object that has no name of its own; with a type, it gets that too.</summary>
    private void Tag(int index, string name, NodeType? type = null)
    {
        NodeIndex node = _numbers.Of(index);
        if (node == NodeIndex.None || _sink.IsUnessential(index)) return;
        if (_nodes.Names[(int)node] == _emptyName) _nodes.Names[(int)node] = _names.Of(name);
        if (type is { } given) _nodes.Types[(int)node] = given;
    }

    private void TagField(HeapObject owner, int offset, string name, NodeType? type = null)
    {
        if (_heap.IndexOf(owner[offset]) is >= 0 and var index) Tag(index, name, type);
    }
}
