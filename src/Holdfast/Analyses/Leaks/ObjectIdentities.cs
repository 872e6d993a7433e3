using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>
/// Which objects a snapshot holds, by id, once its graph is gone: the odd ids (objects V8 made for the program; others
/// mean nothing in the next snapshot), and a hash of what each object is, by which two processes that happen to use the
/// same ids are told apart. 12 bytes an object.
/// </summary>
internal sealed class ObjectIdentities : IDisposable
{
    /// <summary>The kind of objects that may become something else, such as strings that are flattened.</summary>
    private const uint AnyKind = 0;

    private readonly Column<ulong> _ids;
    private readonly Column<uint> _kinds;

    private ObjectIdentities(Column<ulong> ids, Column<uint> kinds)
    {
        _ids = ids;
        _kinds = kinds;
    }

    /// <summary>Odd object ids, ascending.</summary>
    public ReadOnlySpan<ulong> Ids => _ids.Span;

    /// <summary>What each object is: the same for objects of one class, 0 where nothing is known.</summary>
    public ReadOnlySpan<uint> Kinds => _kinds.Span;

    /// <summary>The highest id. Ids only rise in one process.</summary>
    public ulong Newest => _ids.Length == 0 ? 0 : _ids[_ids.Length - 1];

    public static ObjectIdentities Run(HeapGraph graph, Work work)
    {
        using Column<int> nodes = SortedNodes(graph, out Column<ulong> ids, work);
        Column<uint> kinds = Column<uint>.Uninitialized(ids.Length);
        uint[] hashes = new uint[graph.Strings.Count];
        for (int place = 0; place < ids.Length; place++) kinds[place] = KindOf(graph, nodes[place], hashes);
        return new ObjectIdentities(ids, kinds);
    }

    /// <summary>The nodes with odd ids, in the order of these ids; the caller disposes both columns.</summary>
    public static Column<int> SortedNodes(HeapGraph graph, out Column<ulong> ids, Work work)
    {
        work.Report("ordering objects by id");
        bool wide = graph.Ids.IsWide;
        ReadOnlySpan<uint> low = graph.Ids.Low.Span;
        int count = 0;
        foreach (uint id in low) count += (int)(id & 1);
        ids = Column<ulong>.Uninitialized(count);
        Column<int> nodes = Column<int>.Uninitialized(count);
        for (int node = 0, place = 0; node < low.Length; node++)
        {
            if ((low[node] & 1) == 0) continue;
            nodes[place] = node;
            ids[place++] = wide ? graph.Ids[node] : low[node];
        }

        if (wide) ObjectIds.Sort(ids.Span, nodes.Span, work);
        else ObjectIds.SortNarrow(ids.Span, nodes.Span, work);
        return nodes;
    }

    /// <summary>Objects that both snapshots hold, and how many of those are something else in the other one.</summary>
    public (int Common, int Different) Compare(ObjectIdentities other)
    {
        int common = 0, different = 0;
        ReadOnlySpan<ulong> a = Ids, b = other.Ids;
        for (int i = 0, j = 0; i < a.Length && j < b.Length;)
        {
            if (a[i] == b[j])
            {
                common++;
                uint kind = _kinds[i], otherKind = other._kinds[j];
                if (kind != otherKind && kind != AnyKind && otherKind != AnyKind) different++;
                i++;
                j++;
            }
            else if (a[i] < b[j])
            {
                i++;
            }
            else
            {
                j++;
            }
        }

        return (common, different);
    }

    public void Dispose()
    {
        _ids.Dispose();
        _kinds.Dispose();
    }

    /// <summary>A hash of type and name, for the types whose name says what the object is and stays.</summary>
    private static uint KindOf(HeapGraph graph, int node, uint[] hashes)
    {
        NodeType type = graph.NodeTypes[node];
        if (type is not (NodeType.Object or NodeType.Closure)) return AnyKind;
        ref uint hash = ref hashes[graph.NodeNames[node]];
        if (hash == AnyKind)
        {
            uint text = 2166136261;
            foreach (byte b in graph.Strings.Utf8(graph.NodeNames[node])) text = (text ^ b) * 16777619;
            hash = text | 1;
        }

        return hash + (uint)type * 2;
    }
}
