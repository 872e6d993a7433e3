using Holdfast.Common;

namespace Holdfast.Analyses.Leaks;

/// <summary>A container over a series of snapshots.</summary>
/// <param name="Id">Its object id.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">By owner and property: <c>Keyv._eventListeners (Map)</c>.</param>
/// <param name="Owner">What has the property, or the file of the variable.</param>
/// <param name="Edge">The property or variable.</param>
/// <param name="Sizes">Entries in each snapshot; 0 where it was not there yet, or had fewer than 3.</param>
/// <param name="StoreBytes">Bytes of its backing store in each snapshot.</param>
/// <param name="RetainedSize">What it keeps in the last snapshot, in bytes.</param>
public sealed record CollectionRow(
    ulong Id, ContainerKind Kind, string Name, string Owner, string Edge, IReadOnlyList<int> Sizes, IReadOnlyList<long> StoreBytes, long RetainedSize)
{
    public int Growth => Sizes[^1] - Sizes[0];
}

/// <summary>A container that does not follow what is alive, or counters that drift apart.</summary>
/// <param name="Kind"><c>live</c> or <c>counters</c>.</param>
/// <param name="Id">The container, or the object with the counters.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Values">Entries, or how far apart the counters are, in each snapshot.</param>
/// <param name="Live">Objects alive, or the higher counter, in each snapshot.</param>
/// <param name="Explanation">A sentence.</param>
public sealed record Asymmetry(string Kind, ulong Id, string Name, IReadOnlyList<double> Values, IReadOnlyList<double> Live, string Explanation);

/// <summary>Containers by size and growth, and what does not fit together.</summary>
/// <param name="Points">The snapshots.</param>
/// <param name="Rows">Containers, those that grew most first.</param>
/// <param name="Count">How many there are in all.</param>
/// <param name="Asymmetries">What does not fit together.</param>
/// <param name="HasNumbers">Whether values of numbers were in the snapshots, so that counters could be looked at.</param>
public sealed record CollectionReport(
    IReadOnlyList<LeakPoint> Points, IReadOnlyList<CollectionRow> Rows, int Count, IReadOnlyList<Asymmetry> Asymmetries, bool HasNumbers);

/// <summary>Every Map, Set, array, dictionary and listener list of a process, over one or more snapshots.</summary>
public static class Collections
{
    /// <param name="names">What the snapshots are called in messages, oldest first.</param>
    /// <param name="open">Opens the snapshot at a place from 0.</param>
    /// <param name="live">A constructor whose objects are what is alive, or null.</param>
    /// <param name="limit">How many containers to name.</param>
    /// <param name="work">Progress, cancellation, and warnings.</param>
    public static CollectionReport Run(IReadOnlyList<string> names, Func<int, Heap> open, string? live, int limit, Work work) =>
        SnapshotSeries.Use(names, open, series => Run(series, live, limit, work), work);

    private static CollectionReport Run(SnapshotSeries series, string? live, int limit, Work work)
    {
        if (!series.Order.IsOneProcess)
            throw new InputException("the snapshots come from different processes, in which no container can be found again. Give snapshots of one process, or one at a time.");
        Heap heap = series.Last;
        foreach (SeriesPoint point in series.Points) point.ReleaseIdentities();
        if (live is not null && series.Points.All(p => p.Labels[live] == 0))
        {
            IReadOnlyList<string> nearest = NearestNames.Find(live, series.Points[^1].Labels.All.Keys);
            throw new InputException($"--live {live}: no object of any snapshot has this constructor."
                + (nearest.Count == 0 ? "" : $" Did you mean {string.Join(" or ", nearest.Select(n => $"'{n}'"))}?"));
        }

        Measured[] all = [.. Containers.Run(heap, SeriesPoint.LeastContainer, work).Select(c => Measure(c, series))];
        Measured[] sorted = [.. all.OrderByDescending(m => m.Growth).ThenByDescending(m => m.Container.Size).ThenBy(m => m.Id)];
        using V8Noise noise = V8Noise.Run(heap.Graph, work);
        _ = heap.Retained;
        using PathSearch search = PathSearch.Run(heap, noise, work);
        using var none = new NodeSet(new BitColumn(heap.Graph.NodeCount), "");
        using PathMerge merge = PathMerge.Run(heap, none, search, search.ReachedWithoutNoise, PathMerge.FoldedNames, work);
        var namer = new ContainerNames(heap, search, merge, work);
        var asymmetries = new List<Asymmetry>();
        if (live is not null) asymmetries.AddRange(Asymmetries.OfLive(sorted.Where(m => m.IsRising()), namer, live, series.Points));
        asymmetries.AddRange(Asymmetries.OfCounters(heap, namer, series.Points));
        return new CollectionReport(
            LeakPoint.Of(series), [.. sorted.Take(limit).Select(m => Row(m, namer, heap))], all.Length, asymmetries, series.Points.All(p => p.Counters.HasValues));
    }

    private static Measured Measure(Container container, SnapshotSeries series)
    {
        ulong id = series.Last.Graph.Ids[(int)container.Node];
        int[] sizes = new int[series.Points.Count];
        long[] bytes = new long[sizes.Length];
        for (int i = 0; i < sizes.Length; i++)
        {
            bool isLast = i == sizes.Length - 1;
            (sizes[i], bytes[i]) = isLast ? (container.Size, container.Bytes) : series.Points[i].Containers.Find(id, container.Kind);
        }

        return new Measured(container, id, sizes, bytes);
    }

    private static CollectionRow Row(Measured m, ContainerNames names, Heap heap)
    {
        HolderName name = names.Of(m.Container.Node);
        return new CollectionRow(m.Id, m.Container.Kind, name.Name, name.Owner, name.Edge, m.Sizes, m.Bytes, heap.Retained[m.Container.Node]);
    }
}
