using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Graph;

/// <summary>
/// Memory outside the heap that objects own: contents of array buffers and of external strings, and Node's native objects, each a
/// node once.
/// </summary>
internal sealed class NativeNodes(V8Heap heap, HeapStrings strings, int first, NameCache names)
{
    private readonly Dictionary<ulong, int> _byAddress = [];
    private readonly List<NativeNode> _nodes = [];

    /// <summary>The nodes, which follow those of all objects.</summary>
    public IReadOnlyList<NativeNode> Nodes => _nodes;

    public void AddBackingStore(HeapObject buffer, EdgeSink sink)
    {
        ulong store = buffer[heap.Layout.BufferBackingStore];
        if (store is 0 or > Limits.MaxNumber) return;
        long bytes = (long)Math.Min(buffer[heap.Layout.BufferByteLength], Limits.MaxNumber);
        sink.Add(EdgeType.Internal, (uint)names.Of("backing_store"), Node(store, "system / JSArrayBufferData", bytes));
    }

    public void AddExternalString(HeapObject text, EdgeSink sink)
    {
        ulong data = strings.ExternalData(text);
        if (data is 0 or > Limits.MaxNumber) return;
        long bytes = (long)HeapStrings.Length(text) << (HeapStrings.IsOneByte(text) ? 0 : 1);
        sink.Add(EdgeType.Internal, (uint)names.Of("1 / backing_store"), Node(data, "system / ExternalStringData", bytes));
    }

    /// <summary>The native part of a handle, a request or the like, which knows its JavaScript part.</summary>
    public void AddWrapped(HeapObject wrapper, ulong address, EdgeSink sink)
    {
        if (address == 0 || (address & 7) != 0 || heap.NativeClasses.Find(heap.Memory.PeekWord(address)) is not { } name) return;
        sink.Add(EdgeType.Internal, (uint)names.Of("javascript_to_native"), Node(address, "Node / " + name, 0, wrapper.Index));
    }

    private NodeIndex Node(ulong address, string name, long size, int wrapper = -1)
    {
        if (!_byAddress.TryGetValue(address, out int index))
        {
            _byAddress[address] = index = _nodes.Count;
            _nodes.Add(new NativeNode(address, names.Of(name), size, wrapper));
        }

        return (NodeIndex)(first + index);
    }
}

/// <summary>A node that is no object of the heap.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Name">String index of its name.</param>
/// <param name="Size">Bytes, 0 where they are not known.</param>
/// <param name="Wrapper">The object that is its JavaScript part, -1 where it has none.</param>
internal readonly record struct NativeNode(ulong Address, int Name, long Size, int Wrapper);
