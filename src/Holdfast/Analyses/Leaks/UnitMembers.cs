using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>
/// How many objects of a suspect's kind its holder really has. The shortest ways find some of them elsewhere (the newest in
/// a timer that is still running); here all count that what holds the others holds too.
/// </summary>
internal static class UnitMembers
{
    /// <returns>Objects with the units' label that the nodes which lead to the units' nodes point at, by age.</returns>
    public static int[] Count(Heap heap, GrowthTree tree, Frontier frontier, ObjectAges ages, int ageCount, IReadOnlyCollection<GrowingUnit> units)
    {
        HeapGraph graph = heap.Graph;
        var labels = tree.Merge.NodeLabels;
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
        foreach (NodeIndex parent in parents)
        {
            for (int edge = graph.FirstEdges[(int)parent], end = graph.FirstEdges[(int)parent + 1]; edge < end; edge++)
            {
                NodeIndex target = graph.EdgeTargets[edge];
                if (graph.EdgeTypes[edge] == EdgeType.Weak || labels.Of(target) != label || ages[target] == ObjectAges.Unknown) continue;
                if (seen.Add(target)) counts[ages[target]]++;
            }
        }

        return counts;
    }
}
