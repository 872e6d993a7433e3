using Holdfast.Analyses.Derived;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>
/// What a comparison needs of a snapshot once its graph is gone: the counted objects in the order of their ids, with
/// class and shallow size. 20 bytes an object.
/// </summary>
public sealed class ObjectIds : IDisposable
{
    private const int DigitBits = 11;
    private const int Buckets = 1 << DigitBits;

    private readonly Column<ulong> _ids;
    private readonly Column<int> _classes;
    private readonly Column<long> _sizes;

    private ObjectIds(Column<ulong> ids, Column<int> classes, Column<long> sizes)
    {
        _ids = ids;
        _classes = classes;
        _sizes = sizes;
    }

    /// <summary>Object ids, ascending.</summary>
    public ReadOnlySpan<ulong> Ids => _ids.Span;

    /// <summary>Class numbers, in the order of the ids.</summary>
    public ReadOnlySpan<int> Classes => _classes.Span;

    /// <summary>Shallow sizes in bytes, in the order of the ids.</summary>
    public ReadOnlySpan<long> Sizes => _sizes.Span;

    public static ObjectIds Run(Heap heap, Work work)
    {
        work.Report("ordering objects by id");
        int count = heap.CountedNodes();
        Column<ulong> ids = Column<ulong>.Uninitialized(count);
        using Column<int> nodes = Column<int>.Uninitialized(count);
        Collect(heap, ids.Span, nodes.Span);
        if (heap.Graph.Ids.IsWide) Sort(ids.Span, nodes.Span, work);
        else SortNarrow(ids.Span, nodes.Span, work);

        Column<int> classColumn = Column<int>.Uninitialized(count);
        Column<long> sizeColumn = Column<long>.Uninitialized(count);
        Unchecked<int> classes = classColumn.Span, sorted = nodes.Span;
        Unchecked<long> sizes = sizeColumn.Span;
        Unchecked<int> classOf = heap.Classes.Span;
        ShallowSizes shallow = heap.Shallow;
        for (int place = 0; place < count; place++)
        {
            int node = sorted[place];
            classes[place] = classOf[node];
            sizes[place] = shallow[(NodeIndex)node];
        }

        return new ObjectIds(ids, classColumn, sizeColumn);
    }

    public void Dispose()
    {
        _ids.Dispose();
        _classes.Dispose();
        _sizes.Dispose();
    }

    private static void Collect(Heap heap, Span<ulong> ids, Span<int> nodes)
    {
        HeapGraph graph = heap.Graph;
        ReadOnlySpan<uint> low = graph.Ids.Low.Span;
        bool wide = graph.Ids.IsWide;
        for (int node = 0, place = 0; node < graph.NodeCount; node++)
        {
            if (!heap.IsCounted((NodeIndex)node)) continue;
            nodes[place] = node;
            ids[place++] = wide ? graph.Ids[node] : low[node];
        }
    }

    /// <summary>
    /// The same as <see cref="Sort"/> for ids below 2^32: id and node make one number, and one column is moved, not two.
    /// Benchmark: DiffBenchmarks.OrderByIds.
    /// </summary>
    internal static void SortNarrow(Span<ulong> ids, Span<int> nodes, Work work)
    {
        bool sorted = true;
        uint highest = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            sorted &= i == 0 || ids[i - 1] <= ids[i];
            highest |= (uint)ids[i];
        }

        if (sorted) return;
        for (int i = 0; i < ids.Length; i++) ids[i] = ids[i] << 32 | (uint)nodes[i];
        using (Column<ulong> other = Column<ulong>.Uninitialized(ids.Length))
        {
            Span<ulong> from = ids, to = other.Span;
            Span<int> starts = new int[Buckets];
            for (int shift = 0; shift < 32 && highest >> shift != 0; shift += DigitBits)
            {
                work.ThrowIfCancelled();
                Distribute(from, to, starts, shift + 32);
                Span<ulong> swap = from;
                from = to;
                to = swap;
            }

            if (from != ids) from.CopyTo(ids);
        }

        for (int i = 0; i < ids.Length; i++)
        {
            nodes[i] = (int)ids[i];
            ids[i] >>= 32;
        }
    }

    private static void Distribute(ReadOnlySpan<ulong> from, Span<ulong> to, Span<int> starts, int shift)
    {
        starts.Clear();
        foreach (ulong key in from) starts[(int)(key >> shift) & (Buckets - 1)]++;
        SumStarts(starts);
        foreach (ulong key in from) to[starts[(int)(key >> shift) & (Buckets - 1)]++] = key;
    }

    private static void SumStarts(Span<int> starts)
    {
        int sum = 0;
        foreach (ref int start in starts)
        {
            int size = start;
            start = sum;
            sum += size;
        }
    }

    /// <summary>
    /// Sorts by id, stably, 11 bits at a time from the lowest; digits that are the same everywhere cost nothing.
    /// Benchmark: DiffBenchmarks.OrderByIds.
    /// </summary>
    internal static void Sort(Span<ulong> ids, Span<int> nodes, Work work)
    {
        ulong different = 0;
        bool sorted = true;
        for (int i = 1; i < ids.Length; i++)
        {
            different |= ids[i] ^ ids[0];
            sorted &= ids[i - 1] <= ids[i];
        }

        if (sorted) return;
        using var otherIds = new Column<ulong>(ids.Length);
        using var otherNodes = new Column<int>(ids.Length);
        Span<ulong> fromIds = ids, toIds = otherIds.Span;
        Span<int> fromNodes = nodes, toNodes = otherNodes.Span;
        Span<int> starts = new int[Buckets];
        bool swapped = false;
        for (int shift = 0; shift < 64; shift += DigitBits)
        {
            if ((different >> shift & (Buckets - 1)) == 0) continue;
            work.ThrowIfCancelled();
            Distribute(fromIds, fromNodes, toIds, toNodes, starts, shift);
            Span<ulong> ids1 = fromIds;
            fromIds = toIds;
            toIds = ids1;
            Span<int> nodes1 = fromNodes;
            fromNodes = toNodes;
            toNodes = nodes1;
            swapped = !swapped;
        }

        if (!swapped) return;
        fromIds.CopyTo(ids);
        fromNodes.CopyTo(nodes);
    }

    private static void Distribute(
        ReadOnlySpan<ulong> fromIds, ReadOnlySpan<int> fromNodes, Span<ulong> toIds, Span<int> toNodes, Span<int> starts, int shift)
    {
        starts.Clear();
        foreach (ulong id in fromIds) starts[(int)(id >> shift) & (Buckets - 1)]++;
        SumStarts(starts);
        for (int i = 0; i < fromIds.Length; i++)
        {
            int place = starts[(int)(fromIds[i] >> shift) & (Buckets - 1)]++;
            toIds[place] = fromIds[i];
            toNodes[place] = fromNodes[i];
        }
    }
}
