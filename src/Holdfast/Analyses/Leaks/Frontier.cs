namespace Holdfast.Analyses.Leaks;

/// <summary>
/// Where objects accumulate: going down the merged ways, the first units that grow in every interval. What grows below
/// one of them is part of it.
/// </summary>
internal sealed class Frontier
{
    /// <summary>Deepest growing unit wanted below one that grows by few but large objects.</summary>
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
    /// <param name="canGrow">Whether objects of the unit are the program's.</param>
    public static Frontier Run(GrowthTree tree, Predicate<GrowthUnit> canGrow)
    {
        var frontier = new Frontier(tree);
        bool[] repeats = [.. tree.Units.Select(u => u.Born > 0 && canGrow(u) && GrowthRules.Repeats(u.Counts, u.Bytes))];
        frontier.SkipFewAboveMany(repeats);
        for (int i = 0; i < repeats.Length; i++)
        {
            int parent = tree.Units[i].Parent;
            frontier._above[i] = parent >= 0 ? frontier._above[parent] : -1;
            if (frontier._above[i] >= 0 || !repeats[i]) continue;
            frontier._above[i] = i;
            frontier.Units.Add(i);
        }

        return frontier;
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
            bool few = IsFew(_tree.Units[i]);
            if (few && hasMany[i]) repeats[i] = false;
            if (_tree.Units[i].Parent >= 0) hasMany[_tree.Units[i].Parent] |= hasMany[i] || (repeats[i] && !few);
        }
    }

    private static bool IsFew(GrowthUnit unit)
    {
        for (int age = 1; age < unit.Counts.Length; age++)
        {
            if (unit.Counts[age] < GrowthRules.LeastBorn) return true;
        }

        return false;
    }
}
