using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>The suspects of a series, from the graph of its last snapshot and what is known of the others.</summary>
internal sealed class SuspectSearch
{
    /// <summary>Classes that are told beside the one that names a suspect.</summary>
    private const int MostClasses = 10;

    /// <summary>Places that are named, those with most bytes; a damaged or hostile file could make one of every few objects.</summary>
    private const int MostUnits = 1000;

    /// <summary>Steps of all paths together; many places at the end of a list of a million links would take too much memory.</summary>
    private const long MostPathSteps = 20_000_000;

    private readonly Heap _heap;
    private readonly IReadOnlyList<SeriesPoint> _points;
    private readonly SeriesOrder _order;
    private readonly GrowthTree _tree;
    private readonly UnitContents _contents;
    private readonly SuspectDescriber _describer;

    private SuspectSearch(Heap heap, IReadOnlyList<SeriesPoint> points, SeriesOrder order, GrowthTree tree, UnitContents contents, SourceLocations locations)
    {
        _heap = heap;
        _points = points;
        _order = order;
        _tree = tree;
        _contents = contents;
        _describer = new SuspectDescriber(heap, tree.Merge, locations);
    }

    /// <param name="heap">The last snapshot.</param>
    /// <param name="points">What is known of all of them, in order.</param>
    /// <param name="order">How they fit together: where ids tell nothing, the numbers of objects by label stand in for them.</param>
    /// <param name="wanted">Holders whose sizes are wanted, whether suspects or not.</param>
    /// <param name="work">Progress and cancellation.</param>
    /// <returns>Suspects, most bytes first, and sizes of the wanted holders in each snapshot.</returns>
    public static (IReadOnlyList<Suspect> Suspects, IReadOnlyDictionary<HolderKey, IReadOnlyList<int>> Sizes) Run(
        Heap heap, IReadOnlyList<SeriesPoint> points, SeriesOrder order, IReadOnlySet<HolderKey> wanted, Work work)
    {
        using ObjectAges ages = order.HasIdentity
            ? ObjectAges.Run(heap.Graph, [.. points.SkipLast(1).Select(p => p.Identities)], work)
            : ObjectAges.ByCounts(heap, [.. points.Select(p => p.Labels)], order.IsOneProcess ? [.. points.Select(p => p.Identities)] : null, work);
        foreach (SeriesPoint point in points) point.ReleaseIdentities();

        // Before anything else is made, so that what it needs while it is computed is gone again.
        _ = heap.Dominators;
        using V8Noise noise = V8Noise.Run(heap.Graph, work);
        using PathSearch search = PathSearch.Run(heap, noise, work);
        ages.Inherit(search);
        var program = new ProgramNodes(heap.Graph);
        var ranks = new NameRanks(heap);
        using GrowthTree tree = GrowthTree.Run(heap, ages, search, program, work);
        using Frontier frontier = Frontier.Run(heap.Graph, tree, ages, points.Count, program, ranks, work);
        UnitContents contents = UnitContents.Run(heap, ages, tree, frontier, ranks, work);
        var locations = new SourceLocations(heap.Graph, work);
        var holders = new UnitHolders(heap, search, tree.Merge, locations, work);
        var suspects = new SuspectSearch(heap, points, order, tree, contents, locations);
        long stepsLeft = MostPathSteps;
        IEnumerable<HeldUnit> held = frontier.Units.OrderByDescending(u => u.Bytes.Sum()).Take(MostUnits)
            .Select(u => (Unit: u, Heads: UnitMembers.Heads(tree, frontier, ages, u)))
            .Select(u => holders.Find(u.Unit, contents.Choose(u.Unit), n => tree.UnitOf(n) == u.Unit.Number || u.Heads.Contains(n)))
            .TakeWhile(u => (stepsLeft -= u.Path.Numbers.Length) > 0)
            .Where(u => !u.Recogniser.IsBounded);
        List<SuspectGroup> groups =
        [
            .. held.GroupBy(u => u.Key).Where(g => g.Any(u => !u.Unit.IsOtherEnd)).Select(g => new SuspectGroup([.. g]))
                .Where(g => suspects.Grows(g, suspects.Born(g, frontier, ages))),
        ];
        var known = groups.Select(g => g.Main.Holder.Node).ToHashSet();
        foreach (GrowingUnit store in !order.IsOneProcess ? [] : StoreGrowth.Find(heap, points, work).Where(s => search.IsReached(s.Example)))
        {
            HeldUnit unit = holders.Find(store, new UnitContent(-1, NameRank.Kind, store.Example), n => n == store.Example);
            if (known.Add(unit.Holder.Node)) groups.Add(new SuspectGroup([unit]));
        }

        groups = [.. groups.OrderByDescending(g => g.Bytes).Take(RetainedGrowth.MaxSets)];
        long[] retained = suspects.MeasureRetained(groups, frontier, ages, noise, work);
        int[][] born = [.. groups.Select(g => suspects.Born(g, frontier, ages))];

        // What was derived for names and sizes is not needed any more, and the second search needs room.
        heap.ReleaseTrees();
        string?[] others = OtherHolders.Find(heap, tree, frontier, ages, groups, noise, locations, work);
        Suspect[] found =
        [
            .. Enumerable.Range(0, groups.Count)
                .Select(i => (Group: groups[i], Born: born[i], Other: others[i], Retained: groups[i].Main.Unit.Number < 0 ? groups[i].Bytes : retained[i]))
                .OrderByDescending(g => g.Retained + g.Group.Bytes)
                .Select((g, place) => suspects.Describe(g.Group, g.Born, g.Retained, g.Other, place + 1)),
        ];
        return (found, !order.IsOneProcess ? new Dictionary<HolderKey, IReadOnlyList<int>>() : WantedHolders.Find(heap, points, wanted, new ContainerNames(heap, search, tree.Merge, work), search, work));
    }

    /// <summary>
    /// Whether there are more each time, and not others in the place of those that went. The container tells, if it was there
    /// all the time and all that is new is in it; of a class also the number of its objects, anywhere.
    /// </summary>
    private bool Grows(SuspectGroup group, int[] born)
    {
        if (GrowthRules.HasStopped(born)) return false;
        int[]? sizes = ContainerSizes(group.Main);
        bool knowsContainer = sizes is not null && sizes[0] > 0 && 2L * sizes[^1] >= born.Sum();
        if (knowsContainer && !IsKept(sizes!, born)) return false;
        if (knowsContainer && group.Main.Content.Rank != NameRank.Class) return true;
        string label = _tree.Merge.NodeLabels.Text(group.Main.Unit.Example);
        return IsNet([.. _points.Select(p => p.Labels[label])], born);
    }

    /// <summary>New objects by interval.</summary>
    private int[] Born(SuspectGroup group, Frontier frontier, ObjectAges ages) => group.Main.Unit.Number < 0
        ? group.Main.Unit.Counts[1..]
        : UnitMembers.Count(_heap, _tree, frontier, ages, _points.Count, group)[1..];

    /// <summary>Whether a container grew by what every interval left behind in it.</summary>
    private static bool IsKept(int[] sizes, int[] born)
    {
        // An entry of a Map may be two objects of one kind, its key and its value.
        int objects = born.Sum() > sizes[^1] ? 2 : 1;
        for (int i = 0; i < born.Length; i++)
        {
            if (sizes[i + 1] - sizes[i] < GrowthRules.LeastKeptShare * born[i] / objects) return false;
        }

        return true;
    }

    private static bool IsNet(int[] counts, int[] born)
    {
        for (int i = 0; i < born.Length; i++)
        {
            if (counts[i + 1] - counts[i] < GrowthRules.LeastNetShare * born[i]) return false;
        }

        return true;
    }

    /// <summary>Entries of the container that holds a unit's objects in each snapshot, or null where there is none.</summary>
    private int[]? ContainerSizes(HeldUnit unit)
    {
        if (!_order.IsOneProcess) return null;
        for (int step = unit.Path.GrowsAt - 1; step >= 0; step--)
        {
            ulong id = _heap.Graph.Ids[(int)unit.Path.Steps[step].Node];
            int[] sizes = [.. _points.Select(p => p.Containers[id])];

            // By address a container is found only as long as it is not moved.
            if (sizes[^1] > 0) return _order.HasIdentity || sizes.All(s => s > 0) ? sizes : null;
            if (_heap.Graph.NodeTypes[(int)unit.Path.Steps[step].Node] is not (NodeType.Array or NodeType.Hidden)) return null;
        }

        return null;
    }

    private long[] MeasureRetained(List<SuspectGroup> groups, Frontier frontier, ObjectAges ages, V8Noise noise, Work work)
    {
        var groupOf = new Dictionary<int, int>();
        for (int i = 0; i < groups.Count; i++)
        {
            foreach (HeldUnit unit in groups[i].Units) groupOf[unit.Unit.Number] = i;
        }

        using Column<short> sets = Column<short>.Filled(_heap.Graph.NodeCount, -1);
        foreach (NodeIndex node in _tree.Search.Order)
        {
            int unit = _tree.UnitOf(node);
            if (unit >= 0 && ages[node] > 0 && frontier.Of(node) == unit && groupOf.TryGetValue(unit, out int group)) sets[(int)node] = (short)group;
        }

        return RetainedGrowth.Run(_heap, noise, sets, groups.Count, node => ages[node] is > 0 and < ObjectAges.Unknown, work);
    }

    private Suspect Describe(SuspectGroup group, int[] born, long retained, string? other, int rank)
    {
        HeldUnit main = group.Main;
        string label = _tree.Merge.NodeLabels.Text(main.Content.Example);
        var figures = new SuspectFigures(
            [.. _points.Select(p => p.Labels[label])], born, retained, group.Bytes, ContainerSizes(main),
            [.. ClassesOf(group).Take(MostClasses)]);
        return _describer.Describe(main, figures, other, rank);
    }

    /// <summary>What is new below all units of a suspect, most bytes first.</summary>
    private IEnumerable<SuspectClass> ClassesOf(SuspectGroup group) =>
        group.Units.SelectMany(u => _contents.Of(u.Unit.Number)).GroupBy(c => _describer.ConstructorOf(c.Example))
            .Select(g => new SuspectClass(g.Key, g.Sum(c => c.Count), g.Sum(c => c.Bytes)))
            .OrderByDescending(c => c.Bytes).ThenBy(c => c.Name, StringComparer.Ordinal);
}
