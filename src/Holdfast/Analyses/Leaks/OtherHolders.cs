using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>
/// Who else holds what a suspect is named by: a second search of ways, with the links cut by which the suspects' holders keep
/// their objects. What is still reached would stay if only the first holder let go. 12 bytes a node while it runs.
/// </summary>
internal static class OtherHolders
{
    /// <summary>Share of a suspect's objects that another way must reach to be told.</summary>
    private const double LeastShare = 0.5;

    /// <param name="heap">The heap.</param>
    /// <param name="tree">The ways that were found first.</param>
    /// <param name="frontier">Where objects accumulate.</param>
    /// <param name="ages">Ages of the nodes.</param>
    /// <param name="groups">The suspects.</param>
    /// <param name="noise">What holds nothing for long.</param>
    /// <param name="locations">Places in the code.</param>
    /// <param name="work">Progress and cancellation.</param>
    /// <returns>By suspect, what its other holder is called, or null where there is none.</returns>
    public static string?[] Find(
        Heap heap, GrowthTree tree, Frontier frontier, ObjectAges ages, List<SuspectGroup> groups, V8Noise noise, SourceLocations locations, Work work)
    {
        var names = new string?[groups.Count];
        var groupOf = new Dictionary<int, int>();
        for (int i = 0; i < groups.Count; i++)
        {
            foreach (HeldUnit unit in groups[i].Units) groupOf[unit.Unit.Number] = i;
        }

        using var sources = new BitColumn(heap.Graph.NodeCount);
        using var targets = new BitColumn(heap.Graph.NodeCount);
        var totals = new int[groups.Count];
        foreach (NodeIndex node in tree.Search.Order)
        {
            int group = GroupOf(node);
            if (group < 0) continue;
            if (IsNamed(node, group)) totals[group]++;
            if (tree.UnitOf(node) != frontier.Of(node)) continue;
            sources[(int)tree.Search.Parent(node)] = true;
            targets[(int)node] = true;
        }

        using PathSearch other = PathSearch.Run(heap, noise, work, new CutLinks(sources, targets));
        var counts = new int[groups.Count];
        var examples = new NodeIndex[groups.Count];
        foreach (NodeIndex node in other.Order[..other.ReachedWithoutNoise])
        {
            int group = GroupOf(node);
            if (group < 0 || !IsNamed(node, group)) continue;
            if (counts[group]++ == 0) examples[group] = node;
        }

        using var none = new NodeSet(new BitColumn(heap.Graph.NodeCount), "");
        using PathMerge merge = PathMerge.Run(heap, none, other, 0, PathMerge.FoldedNames, work);
        var holders = new UnitHolders(heap, other, merge, locations, work);
        for (int i = 0; i < names.Length; i++)
        {
            if (totals[i] == 0 || counts[i] < LeastShare * totals[i]) continue;
            int group = i;
            HeldUnit main = groups[i].Main;
            HeldUnit held = holders.Find(main.Unit, main.Content with { Example = examples[i] }, n => GroupOf(n) == group);
            if (held.Holder.Name != main.Holder.Name) names[i] = held.Holder.Name;
        }

        return names;

        int GroupOf(NodeIndex node) => ages[node] > 0 && groupOf.TryGetValue(frontier.Of(node), out int group) ? group : -1;

        bool IsNamed(NodeIndex node, int group) => tree.Merge.NodeLabels.Of(node) == groups[group].Main.Content.Label;
    }
}
