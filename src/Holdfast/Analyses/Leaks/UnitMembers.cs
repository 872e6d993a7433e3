using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>
/// How many objects of a suspect's kind its holder really has. The shortest ways find some of them elsewhere (the newest in
/// a timer that is still running); here all count that what holds the others holds too.
/// </summary>
internal static class UnitMembers
{
    /// <returns>
    /// Objects with the main unit's label that the nodes which lead to units of this label point at, by age; of a class also
    /// those below the suspect's other units, such as timers that each have a list of their own.
    /// </returns>
    public static int[] Count(Heap heap, GrowthTree tree, Frontier frontier, ObjectAges ages, int ageCount, SuspectGroup group)
    {
        HeapGraph graph = heap.Graph;
        var labels = tree.Merge.NodeLabels;
        IReadOnlyCollection<GrowingUnit> units = group.SameAsMain();
        var parents = new HashSet<NodeIndex>();
        foreach (GrowingUnit unit in units)
        {
            foreach (NodeIndex node in tree.NodesOf(unit.Number))
            {
                if (frontier.Of(node) == unit.Number && ages[node] > 0) parents.Add(tree.Search.Parent(node));
            }
        }

        var counts = new int[ageCount];
        var seen = new HashSet<NodeIndex>();
        long label = units.First().Label;
        foreach (NodeIndex head in units.SelectMany(u => Heads(tree, frontier, ages, u)))
        {
            if (seen.Add(head)) counts[ages[head]]++;
        }

        foreach (NodeIndex parent in parents)
        {
            for (int edge = graph.FirstEdges[(int)parent], end = graph.FirstEdges[(int)parent + 1]; edge < end; edge++)
            {
                NodeIndex target = graph.EdgeTargets[edge];
                if (graph.EdgeTypes[edge] == EdgeType.Weak || labels.Of(target) != label || ages[target] == ObjectAges.Unknown) continue;
                if (seen.Add(target)) counts[ages[target]]++;
            }
        }

        if (group.Main.Content.Rank != NameRank.Class || group.Main.Content.Label != label) return counts;
        var others = group.Units.Select(u => u.Unit).Except(units).Select(u => u.Number).ToHashSet();
        for (int unit = 0; others.Count > 0 && unit < tree.Units.Count; unit++)
        {
            if (tree.Units[unit].Label != label) continue;
            foreach (NodeIndex node in tree.NodesOf(unit))
            {
                if (others.Contains(frontier.Of(node)) && ages[node] is > 0 and not ObjectAges.Unknown && seen.Add(node)) counts[ages[node]]++;
            }
        }

        return counts;
    }

    /// <summary>
    /// The newest links of a list whose links are several steps apart, where the newest come first: a variable leads to them
    /// and not the link before, so that they are another kind of step.
    /// </summary>
    public static HashSet<NodeIndex> Heads(GrowthTree tree, Frontier frontier, ObjectAges ages, GrowingUnit unit)
    {
        var heads = new HashSet<NodeIndex>();
        if (unit.Number < 0) return heads;
        foreach (NodeIndex node in tree.NodesOf(unit.Number))
        {
            NodeIndex? above = LinkAbove(tree, node);
            while (above is { } link && tree.UnitOf(link) != unit.Number && frontier.Of(link) < 0 && ages[link] > 0 && heads.Add(link)) above = LinkAbove(tree, link);
        }

        return heads;
    }

    private static NodeIndex? LinkAbove(GrowthTree tree, NodeIndex node)
    {
        long label = tree.Merge.NodeLabels.Of(node);
        for (int steps = 0; steps < StepFolding.MaxPeriod && !tree.Search.IsRoot(node); steps++)
        {
            node = tree.Search.Parent(node);
            if (tree.Merge.NodeLabels.Of(node) == label) return node;
        }

        return null;
    }
}
