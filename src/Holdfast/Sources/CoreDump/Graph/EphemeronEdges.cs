using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.CoreDump.Graph;

/// <summary>
/// The entries of WeakMaps as V8's snapshots have them: an edge to the value from the key and one from the table, with one long name
/// that says which pair it is.
/// </summary>
internal sealed class EphemeronEdges
{
    private readonly Dictionary<int, List<(int Name, int Value)>> _byOwner = [];

    /// <param name="heap">The heap.</param>
    /// <param name="kept">The objects in the graph.</param>
    /// <param name="numbers">Their nodes, whose names are known already.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="names">Names.</param>
    /// <param name="text">The text of a name.</param>
    public EphemeronEdges(V8Heap heap, BitColumn kept, NodeNumbers numbers, NodeTable nodes, NameCache names, Func<int, string> text)
    {
        if (heap.Types.NumberOf("EPHEMERON_HASH_TABLE") < 0) return;
        for (int i = 0; i < heap.Count; i++)
        {
            if (!kept[i] || heap.KindOf(i) != ObjectKind.EphemeronHashTable) continue;
            int entry = 0;
            foreach ((int key, int value) in References.Ephemerons(heap[i], heap))
            {
                if (value < 0 || !kept[key] || !kept[value]) continue;
                string Describe(int index) => $"{text(nodes.Names[(int)numbers.Of(index)])} @{heap[index].Address}";
                int name = names.OfUnique($"{++entry} / part of key ({Describe(key)}) -> value ({Describe(value)}) pair in WeakMap (table @{heap[i].Address})");
                Add(key, name, value);
                Add(i, name, value);
            }
        }
    }

    public void AddOf(int owner, EdgeSink sink)
    {
        if (!_byOwner.TryGetValue(owner, out List<(int Name, int Value)>? edges)) return;
        foreach ((int name, int value) in edges) sink.TryAdd(EdgeType.Internal, (uint)name, value);
    }

    private void Add(int owner, int name, int value)
    {
        if (!_byOwner.TryGetValue(owner, out List<(int Name, int Value)>? edges)) _byOwner[owner] = edges = [];
        edges.Add((name, value));
    }
}
