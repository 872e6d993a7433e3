using System.Globalization;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>Finds containers that follow what has come and gone instead of what is alive, and counters that drift apart.</summary>
internal static class Asymmetries
{
    /// <summary>Containers that grow in every interval, and have more entries than there are live objects, which did not grow as much.</summary>
    public static IEnumerable<Asymmetry> OfLive(IEnumerable<Measured> rising, ContainerNames names, string live, IReadOnlyList<SeriesPoint> points)
    {
        int[] alive = [.. points.Select(p => p.Labels[live])];
        int liveGrowth = alive[^1] - alive[0];
        foreach (Measured m in rising)
        {
            if (m.Sizes[^1] <= alive[^1] || m.Growth < GrowthRules.Many || m.Growth <= 2 * Math.Max(0, liveGrowth)) continue;
            string name = names.Of(m.Container.Node).Name;
            yield return new Asymmetry("live", m.Id, name, [.. m.Sizes.Select(s => (double)s)], [.. alive.Select(a => (double)a)],
                $"{name} has {Number(m.Sizes[^1])} entries for {Number(alive[^1])} live {live}, and got {Number(m.Growth)} more while {live} changed by "
                + $"{Number(liveGrowth)}: it follows what has come and gone. Look for the delete that is missing where a {live} ends.");
        }
    }

    /// <summary>Pairs of counters, such as opened and closed, whose difference grows in every interval.</summary>
    public static IEnumerable<Asymmetry> OfCounters(Heap heap, ContainerNames names, IReadOnlyList<SeriesPoint> points)
    {
        if (points.Count < 2) yield break;
        foreach (CounterPair pair in points[^1].Counters.Values.Keys.OrderBy(p => p.Owner).ThenBy(p => p.Up, StringComparer.Ordinal))
        {
            if (points.Any(p => !p.Counters.Values.ContainsKey(pair))) continue;
            double[] drift = [.. points.Select(p => p.Counters.Values[pair].Up - p.Counters.Values[pair].Down)];
            if (!drift.Zip(drift.Skip(1)).All(d => d.Second > d.First)) continue;
            double[] up = [.. points.Select(p => p.Counters.Values[pair].Up)];
            NodeIndex node = heap.Graph.FindById(pair.Owner);
            string name = node == NodeIndex.None ? NodeIdText.Show(pair.Owner) : names.Of(node).Name;
            yield return new Asymmetry("counters", pair.Owner, $"{name}: {pair.Up}, {pair.Down}", drift, up,
                $"{pair.Up} is ahead of {pair.Down} by {Number(drift[0])} at first and {Number(drift[^1])} at last: what is counted by {pair.Up} does not always end.");
        }
    }

    private static string Number(double number) => number.ToString("#,0.##", CultureInfo.InvariantCulture);
}
