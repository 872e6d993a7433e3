using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>
/// Where objects accumulate: going down the merged ways, the first units that grow in every interval. What grows below
/// one of them is part of it.
/// </summary>
internal sealed class Frontier
{
    /// <summary>Least share of a class's new objects on one side.</summary>
    private const double GoodPart = 0.1;

    private readonly GrowthTree _tree;
    private readonly int[] _above;

    private Frontier(GrowthTree tree)
    {
        _tree = tree;
        _above = new int[tree.Units.Count];
    }

    /// <summary>The units, in the order of the tree.</summary>
    public List<int> Units { get; } = [];

    /// <summary>The unit of the frontier that a unit is, or is below, or -1.</summary>
    public int Above(int unit) => unit < 0 ? -1 : _above[unit];

    /// <param name="tree">The merged ways.</param>
    /// <param name="nodes">Which nodes can accumulate.</param>
    /// <param name="ranks">What nodes' labels say.</param>
    public static Frontier Run(GrowthTree tree, ProgramNodes nodes, NameRanks ranks)
    {
        var frontier = new Frontier(tree);
        bool[] repeats = [.. tree.Units.Select(u => CanGrow(u) && GrowthRules.Repeats(u.Counts, u.Bytes))];
        frontier.SkipFewAboveMany(repeats);
        frontier.AddSplitClasses(repeats, ranks);
        for (int i = 0; i < repeats.Length; i++)
        {
            int parent = tree.Units[i].Parent;
            frontier._above[i] = parent >= 0 && !tree.Units[i].IsPassedBy ? frontier._above[parent] : -1;
            if (frontier._above[i] >= 0 || !repeats[i]) continue;
            frontier._above[i] = i;
            frontier.Units.Add(i);
        }

        return frontier;

        bool CanGrow(GrowthUnit unit) => unit.Example != NodeIndex.None && nodes.CanAccumulate(unit.Example);
    }

    /// <summary>
    /// A place where each interval leaves one or two large objects is where objects accumulate only if no place below it
    /// leaves many: else it is on the way there, such as a list that is replaced now and then.
    /// </summary>
    private void SkipFewAboveMany(bool[] repeats)
    {
        var hasMany = new bool[repeats.Length];
        for (int i = repeats.Length - 1; i >= 0; i--)
        {
            bool few = GrowthRules.IsFew(_tree.Units[i].Counts);
            if (few && hasMany[i]) repeats[i] = false;
            if (_tree.Units[i].Parent >= 0 && !_tree.Units[i].IsPassedBy) hasMany[_tree.Units[i].Parent] |= hasMany[i] || (repeats[i] && !few);
        }
    }

    /// <summary>
    /// Objects of one class may be found from several sides, the old ones from one and the new ones from another: a Map and a
    /// list that both hold them. What repeats all together counts on each side that has a good part of it.
    /// </summary>
    private void AddSplitClasses(bool[] repeats, NameRanks ranks)
    {
        foreach (IGrouping<long, int> label in Enumerable.Range(0, repeats.Length)
            .Where(i => _tree.Units[i].Example != NodeIndex.None && ranks[_tree.Units[i].Example] == NameRank.Class).GroupBy(i => _tree.Units[i].Label))
        {
            int[] parts = [.. label.Where(i => !repeats[i])];
            if (parts.Length < 2) continue;
            var counts = new int[_tree.Ages];
            foreach (int part in parts)
            {
                for (int age = 0; age < counts.Length; age++) counts[age] += _tree.Units[part].Counts[age];
            }

            if (!GrowthRules.RepeatsMany(counts)) continue;
            int born = counts.Sum() - counts[0];
            foreach (int part in parts) repeats[part] = _tree.Units[part].Born >= GoodPart * born;
        }
    }
}
