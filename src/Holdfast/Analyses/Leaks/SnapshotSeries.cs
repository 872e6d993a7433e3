using Holdfast.Common;

namespace Holdfast.Analyses.Leaks;

/// <summary>
/// Snapshots of one process, oldest first: the last one loaded, and what is kept of the others. The last one's graph is kept
/// while the others, one after another, are loaded and let go.
/// </summary>
/// <param name="Last">The last snapshot.</param>
/// <param name="Points">What is known of all of them, in order.</param>
/// <param name="Inputs">Places of the snapshots among the inputs as they were given.</param>
/// <param name="Order">Whether they fit together.</param>
internal sealed record SnapshotSeries(Heap Last, IReadOnlyList<SeriesPoint> Points, IReadOnlyList<int> Inputs, SeriesOrder Order)
{
    /// <summary>Loads a series, hands it to whoever needs it, and gives it back.</summary>
    /// <param name="names">What the snapshots are called in messages.</param>
    /// <param name="open">Opens the snapshot at a place from 0; twice, where they turn out to be in another order.</param>
    /// <param name="use">What is done with the series.</param>
    /// <param name="work">Progress, cancellation, and warnings about snapshots that do not fit together.</param>
    public static T Use<T>(IReadOnlyList<string> names, Func<int, Heap> open, Func<SnapshotSeries, T> use, Work work)
    {
        int[] inputs = [.. Enumerable.Range(0, names.Count)];
        while (true)
        {
            var points = new List<SeriesPoint>();
            try
            {
                using Heap last = open(inputs[^1]);
                foreach (int input in inputs.SkipLast(1))
                {
                    using Heap heap = open(input);
                    heap.ClassifyLike(last.Classes);
                    points.Add(SeriesPoint.Run(heap, work));
                }

                points.Add(SeriesPoint.Run(last, work));
                SeriesOrder order = SeriesOrder.Run(points);
                if (!order.IsOneProcess || order.IsInOrder)
                {
                    Warn(names, inputs, points, order, work);
                    return use(new SnapshotSeries(last, points, inputs, order));
                }

                inputs = [.. order.Order.Select(place => inputs[place])];
                if (names.Contains("-"))
                    throw new InputException($"by their object ids the snapshots are in the wrong order, and standard input cannot be read again. Give them as {string.Join(' ', inputs.Select(i => names[i]))}.");
            }
            finally
            {
                foreach (SeriesPoint point in points) point.Dispose();
            }

            work.Warn($"by their object ids the snapshots were taken in another order; they are used in this one: {string.Join(", ", inputs.Select(i => names[i]))}.");
        }
    }

    private static void Warn(IReadOnlyList<string> names, int[] inputs, List<SeriesPoint> points, SeriesOrder order, Work work)
    {
        if (points.Select(p => p.Version).OfType<string>().Distinct().Count() > 1)
            work.Warn($"the snapshots were written by different versions of Node: {string.Join(", ", points.Select(p => p.Version ?? "unknown"))}.");
        if (order.Same is { } same) work.Warn($"{names[inputs[same.First]]} and {names[inputs[same.Second]]} hold the same objects: the same snapshot twice?");
        if (order is { IsOneProcess: true, HasIdentity: false })
        {
            work.Warn("in core dumps an object's address is no identity: the garbage collector moves objects. What grows is found by numbers, by class, "
                + "holder and container; the order is the one given.");
        }
        else if (!order.IsOneProcess)
        {
            work.Warn("the snapshots come from different processes: objects cannot be told apart by id, so classes and their holders are compared "
                + "by number. What differs may be what the processes were doing.");
        }
    }
}
