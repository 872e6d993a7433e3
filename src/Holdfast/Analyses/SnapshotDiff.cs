using Holdfast.Analyses.Derived;
using Holdfast.Common;

namespace Holdfast.Analyses;

/// <summary>A snapshot as a comparison sees it.</summary>
/// <param name="NodeCount">Nodes in its graph.</param>
/// <param name="TotalSize">Bytes of everything its root retains, and the producer's extra native bytes.</param>
public sealed record SnapshotPoint(int NodeCount, long TotalSize);

/// <summary>How one class changed over the snapshots, one value a snapshot, and what came and went from the first to the last.</summary>
public sealed record ClassDiffRow(
    ClassKey Key,
    IReadOnlyList<int> Counts,
    IReadOnlyList<long> ShallowSizes,
    IReadOnlyList<long> RetainedSizes,
    ClassChange Change)
{
    public long CountGrowth => Counts[^1] - (long)Counts[0];

    public long ShallowGrowth => ShallowSizes[^1] - ShallowSizes[0];

    public long RetainedGrowth => RetainedSizes[^1] - RetainedSizes[0];
}

/// <summary>
/// What changed over two or more snapshots. All are classed by the interfaces of the last, as DevTools does with the
/// one that is compared.
/// </summary>
/// <param name="Points">The snapshots, in order.</param>
/// <param name="Classes">The classes that changed.</param>
/// <param name="KeptShare">Share of the first snapshot's objects that are in the last, 0 to 1. Close to 0 between different processes.</param>
/// <param name="NewestIds">The highest id of an object made by the program, by snapshot; they only rise in one process.</param>
public sealed record SnapshotDiff(
    IReadOnlyList<SnapshotPoint> Points,
    IReadOnlyList<ClassDiffRow> Classes,
    double KeptShare,
    IReadOnlyList<ulong> NewestIds)
{
    /// <summary>Two loaded graphs are never held at once: what is needed of each is kept, and the graph goes.</summary>
    /// <param name="count">How many snapshots there are, at least 2.</param>
    /// <param name="open">Opens the snapshot at a place from 0.</param>
    /// <param name="work">Progress and cancellation.</param>
    public static SnapshotDiff Run(int count, Func<int, Heap> open, Work work)
    {
        var points = new SnapshotPoint[count];
        var tables = new IReadOnlyList<ClassRow>[count];
        var newest = new ulong[count];
        ObjectIds? first = null, last = null;
        try
        {
            Classes? classes = null;
            for (int place = count - 1; place >= 0; place--)
            {
                using Heap heap = open(place);
                if (classes is not null) heap.ClassifyLike(classes);
                tables[place] = ClassTable.Run(heap, work);
                points[place] = new SnapshotPoint(heap.Graph.NodeCount, heap.TotalSize);
                heap.ReleaseTrees();
                if (place == count - 1) last = ObjectIds.Run(heap, work);
                if (place == 0) first = ObjectIds.Run(heap, work);
                newest[place] = NewestId(heap);
                classes ??= heap.Classes;
            }

            IdentityDiff identity = IdentityDiff.Run(first!, last!, classes!.Catalog.Count, work);
            double kept = first!.Ids.Length == 0 ? 0 : (double)identity.Kept / first.Ids.Length;
            return new SnapshotDiff(points, Merge(tables, identity, classes.Catalog), kept, newest);
        }
        finally
        {
            first?.Dispose();
            last?.Dispose();
        }
    }

    private static List<ClassDiffRow> Merge(IReadOnlyList<ClassRow>[] tables, IdentityDiff identity, ClassCatalog catalog)
    {
        var rows = new List<ClassDiffRow>();
        var byClass = new ClassRow?[tables.Length, catalog.Count];
        for (int place = 0; place < tables.Length; place++)
        {
            foreach (ClassRow row in tables[place]) byClass[place, row.Class] = row;
        }

        for (int number = 0; number < catalog.Count; number++)
        {
            int at = number;
            ClassRow?[] over = [.. Enumerable.Range(0, tables.Length).Select(place => byClass[place, at])];
            ClassChange change = identity.Changes[number];
            bool same = over.All(row => row?.Count == over[0]?.Count && row?.ShallowSize == over[0]?.ShallowSize);
            if (change.IsNone && same) continue;
            rows.Add(new ClassDiffRow(
                catalog[number],
                [.. over.Select(row => row?.Count ?? 0)],
                [.. over.Select(row => row?.ShallowSize ?? 0)],
                [.. over.Select(row => row?.RetainedSize ?? 0)],
                change));
        }

        return rows;
    }

    /// <summary>Objects that V8 made for the program have odd ids.</summary>
    private static ulong NewestId(Heap heap)
    {
        ulong newest = 0;
        WideColumn ids = heap.Graph.Ids;
        if (!ids.IsWide)
        {
            foreach (uint id in ids.Low.Span) newest = Math.Max(newest, (id & 1) != 0 ? id : 0);
            return newest;
        }

        for (int node = 0; node < heap.Graph.NodeCount; node++) newest = Math.Max(newest, (ids[node] & 1) != 0 ? ids[node] : 0);
        return newest;
    }
}
