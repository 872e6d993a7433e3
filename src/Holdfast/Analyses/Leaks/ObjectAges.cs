using System.Runtime.InteropServices;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>
/// Since which snapshot each object of the last one has been there, by object id: 0 since the first, 1 since the
/// second … 1 byte a node.
/// </summary>
internal sealed class ObjectAges : IDisposable
{
    /// <summary>The age of what has no id that other snapshots know: it is as old as what holds it.</summary>
    public const byte Unknown = byte.MaxValue;

    private readonly Column<byte> _ages;

    private ObjectAges(Column<byte> ages) => _ages = ages;

    public ReadOnlySpan<byte> Span => _ages.Span;

    public byte this[NodeIndex node] => _ages[(int)node];

    /// <param name="last">The last snapshot.</param>
    /// <param name="earlier">What the ones before it hold, oldest first.</param>
    /// <param name="work">Progress and cancellation.</param>
    public static ObjectAges Run(HeapGraph last, IReadOnlyList<ObjectIdentities> earlier, Work work)
    {
        using Column<int> nodes = ObjectIdentities.SortedNodes(last, out Column<ulong> ids, work);
        using Column<ulong> owned = ids;
        Column<byte> ages = Column<byte>.Filled(last.NodeCount, Unknown);
        for (int place = 0; place < nodes.Length; place++) ages[nodes[place]] = (byte)earlier.Count;
        for (int point = earlier.Count - 1; point >= 0; point--)
        {
            work.ThrowIfCancelled();
            Mark(ids.Span, nodes.Span, earlier[point].Ids, ages.Span, (byte)point);
        }

        return new ObjectAges(ages);
    }

    /// <summary>
    /// Ages where ids are no identity, by label: of as many objects as there were in the first snapshot it is 0, of those more
    /// in the second 1 and so on. Objects of labels that did not become more each time are all old. Which ones are taken for
    /// the older: those at whose address the same kind of object was before, then in the order of ids.
    /// </summary>
    /// <param name="last">The last snapshot.</param>
    /// <param name="counts">Objects by label in every snapshot, the last one's among them.</param>
    /// <param name="identities">What was at which address in every snapshot of the process, or null where they are of different processes.</param>
    /// <param name="work">Cancellation.</param>
    public static ObjectAges ByCounts(Heap last, IReadOnlyList<LabelCounts> counts, IReadOnlyList<ObjectIdentities>? identities, Work work)
    {
        var labels = new NodeLabels(last);
        var limits = new Dictionary<long, int[]?>();
        var seen = new Dictionary<long, int>();
        using Column<int> nodes = ObjectIdentities.SortedNodes(last.Graph, out Column<ulong> ids, work);
        using Column<ulong> owned = ids;
        using Column<byte> likely = Likely(ids.Span, identities, (byte)(counts.Count - 1));
        Column<byte> ages = Column<byte>.Filled(last.Graph.NodeCount, Unknown);
        for (int round = 0; round < counts.Count; round++)
        {
            for (int place = 0; place < nodes.Length; place++)
            {
                work.ThrowIfCancelled(place);
                if (likely[place] != round) continue;
                var node = (NodeIndex)nodes[place];
                long label = labels.Of(node);
                if (!limits.TryGetValue(label, out int[]? limit)) limits.Add(label, limit = RisingCounts(counts, labels.Text(node)));
                int number = CollectionsMarshal.GetValueRefOrAddDefault(seen, label, out _)++;
                int age = 0;
                while (limit is not null && age < limit.Length - 1 && number >= limit[age]) age++;
                ages[(int)node] = (byte)age;
            }
        }

        return new ObjectAges(ages);
    }

    /// <summary>The first snapshot that has the same kind of object at each id.</summary>
    private static Column<byte> Likely(ReadOnlySpan<ulong> ids, IReadOnlyList<ObjectIdentities>? identities, byte newest)
    {
        Column<byte> likely = Column<byte>.Filled(Math.Max(1, ids.Length), identities is null ? (byte)0 : newest);
        for (int point = identities is null ? -1 : identities.Count - 2; point >= 0; point--)
        {
            ReadOnlySpan<ulong> known = identities![point].Ids;
            ReadOnlySpan<uint> was = identities[point].Kinds, now = identities[^1].Kinds;
            for (int i = 0, j = 0; i < ids.Length && j < known.Length;)
            {
                if (ids[i] == known[j] && was[j] == now[i]) likely[i] = (byte)point;
                if (ids[i] <= known[j]) i++;
                else j++;
            }
        }

        return likely;
    }

    /// <summary>Gives nodes without an age that of the node they were reached from.</summary>
    public void Inherit(PathSearch search)
    {
        foreach (NodeIndex node in search.Order)
        {
            if (_ages[(int)node] != Unknown) continue;
            byte parent = search.IsRoot(node) ? (byte)0 : _ages[(int)search.Parent(node)];
            _ages[(int)node] = parent;
        }
    }

    public void Dispose() => _ages.Dispose();

    private static int[]? RisingCounts(IReadOnlyList<LabelCounts> counts, string label)
    {
        int[] rising = [.. counts.Select(c => c[label])];
        for (int i = 1; i < rising.Length; i++)
        {
            if (rising[i] <= rising[i - 1]) return null;
        }

        return rising;
    }

    private static void Mark(ReadOnlySpan<ulong> ids, ReadOnlySpan<int> nodes, ReadOnlySpan<ulong> known, Span<byte> ages, byte age)
    {
        for (int i = 0, j = 0; i < ids.Length && j < known.Length;)
        {
            if (ids[i] == known[j]) ages[nodes[i]] = age;
            if (ids[i] <= known[j]) i++;
            else j++;
        }
    }
}
