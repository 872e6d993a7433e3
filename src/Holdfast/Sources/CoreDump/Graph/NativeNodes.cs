using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Graph;

/// <summary>Memory outside the heap that objects own: contents of array buffers and of external strings, each a node once.</summary>
internal sealed class NativeNodes(V8Heap heap, HeapStrings strings, int first, NameCache names)
{
    private readonly Dictionary<ulong, int> _byAddress = [];
    private readonly List<(ulong Address, int Name, long Size)> _nodes = [];

    /// <summary>The nodes, which follow those of all objects.</summary>
    public IReadOnlyList<(ulong Address, int Name, long Size)> Nodes => _nodes;

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

    private NodeIndex Node(ulong address, string name, long size)
    {
        if (!_byAddress.TryGetValue(address, out int index))
        {
            _byAddress[address] = index = _nodes.Count;
            _nodes.Add((address, names.Of(name), size));
        }

        return (NodeIndex)(first + index);
    }
}
