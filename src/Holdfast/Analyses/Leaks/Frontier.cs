using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>A unit at which objects accumulate.</summary>
/// <param name="Number">The unit's number, or -1 for a backing store that grows by itself.</param>
/// <param name="Label">Label of its nodes.</param>
/// <param name="Counts">Nodes by age that are not below another such unit; of old ones only those that lead to new ones.</param>
/// <param name="Bytes">Bytes at and below the new ones, by the age of these.</param>
/// <param name="Example">The first new node.</param>
internal sealed record GrowingUnit(int Number, long Label, int[] Counts, long[] Bytes, NodeIndex Example)
{
    /// <summary>Whether it counts only together with others at the same holder: the other end of a list.</summary>
    public bool IsOtherEnd { get; init; }

    /// <summary>Nodes that are new since the first snapshot.</summary>
    public int Born => Counts.Sum() - Counts[0];
}

/// <summary>
/// Where objects accumulate: going down the merged ways, the first units that grow in every interval. What is new below a
/// new node of one is part of it; what is below an old one, or older than what leads to it, is looked at by itself. 4 bytes a node.
/// </summary>
internal sealed class Frontier : IDisposable
{
    private const int None = -1;

    /// <summary>Least share of a class's new objects on one side.</summary>
    private const double GoodPart = 0.1;

    private readonly HeapGraph _graph;
    private readonly GrowthTree _tree;
    private readonly ObjectAges _ages;
    private readonly int _ageCount;
    private readonly ProgramNodes _program;
    private readonly Column<int> _covers;

    private Frontier(HeapGraph graph, GrowthTree tree, ObjectAges ages, int ageCount, ProgramNodes program)
    {
        _graph = graph;
        _tree = tree;
        _ages = ages;
        _ageCount = ageCount;
        _program = program;
        _covers = Column<int>.Filled(graph.NodeCount, None);
    }

    /// <summary>The units, in the order of the tree.</summary>
    public List<GrowingUnit> Units { get; private set; } = [];

    /// <summary>The number of the unit that a new node accumulates at or below of, or -1.</summary>
    public int Of(NodeIndex node) => _covers[(int)node];

    /// <param name="graph">The heap.</param>
    /// <param name="tree">The merged ways.</param>
    /// <param name="ages">Ages of the nodes.</param>
    /// <param name="ageCount">How many ages there are.</param>
    /// <param name="program">Which nodes can accumulate.</param>
    /// <param name="ranks">What nodes' labels say.</param>
    /// <param name="work">Cancellation.</param>
    public static Frontier Run(HeapGraph graph, GrowthTree tree, ObjectAges ages, int ageCount, ProgramNodes program, NameRanks ranks, Work work)
    {
        var frontier = new Frontier(graph, tree, ages, ageCount, program);
        List<GrowingUnit> open = frontier.Walk([], [], work);
        HashSet<int> split = SplitClasses(open.Except(frontier.Units).GroupBy(u => u.Label), ranks);
        split.UnionWith(SplitClasses(open.GroupBy(u => (tree.Units[u.Number].Parent, u.Label)), ranks));
        HashSet<int> ends = frontier.OtherEnds(open, ranks);
        if (split.Count + ends.Count > 0) frontier.Walk(split, ends, work);
        return frontier;
    }

    public void Dispose() => _covers.Dispose();

    /// <summary>Goes down all units. What grows ends up in <see cref="Units"/>, and all that is not covered in the result.</summary>
    /// <param name="wanted">Units that count even where they do not repeat by themselves.</param>
    /// <param name="ends">Units that count if one at the same holder does.</param>
    /// <param name="work">Cancellation.</param>
    private List<GrowingUnit> Walk(HashSet<int> wanted, HashSet<int> ends, Work work)
    {
        Units = [];
        var open = new List<GrowingUnit>();
        bool[] leadsToMany = FindWaysToMany();
        for (int i = 0; i < _tree.Units.Count; i++)
        {
            work.ThrowIfCancelled();
            GrowingUnit unit = Count(i);
            if (unit.Example == NodeIndex.None) continue;
            open.Add(unit);
            bool grows = GrowthRules.Repeats(unit.Counts, unit.Bytes) && !(GrowthRules.IsFew(unit.Counts) && leadsToMany[i]) && !CameTogether(i);
            if (!grows && !wanted.Contains(i) && !ends.Contains(i)) continue;
            Units.Add(unit with { IsOtherEnd = !grows && !wanted.Contains(i) });
            foreach (NodeIndex node in _tree.NodesOf(i))
            {
                if (_covers[(int)node] == None && _ages[node] > 0) _covers[(int)node] = i;
            }
        }

        return open;
    }

    /// <summary>
    /// Whether the new objects of a unit all came with one or two new ones that hold them, in each interval others: such as what
    /// belongs to a module that was loaded then. If more of those came, these would be where objects accumulate.
    /// </summary>
    private bool CameTogether(int unit)
    {
        var parents = new HashSet<NodeIndex>[_ageCount];
        foreach (NodeIndex node in _tree.NodesOf(unit))
        {
            int age = _ages[node];
            if (age == 0 || _covers[(int)node] != None) continue;
            NodeIndex parent = _tree.Search.Parent(node);
            for (int steps = 0; steps < StepFolding.MaxPeriod && (_graph.NodeTypes[(int)parent] is NodeType.Array or NodeType.Hidden) && !_tree.Search.IsRoot(parent); steps++)
                parent = _tree.Search.Parent(parent);
            if (_ages[parent] != age || _tree.UnitOf(parent) == unit) return false;
            (parents[age] ??= []).Add(parent);
            if (parents[age].Count >= GrowthRules.Few) return false;
        }

        return true;
    }

    /// <summary>Marks which of a unit's nodes are covered from above, and counts the others.</summary>
    private GrowingUnit Count(int unit)
    {
        var counts = new int[_ageCount];
        var bytes = new long[_ageCount];
        NodeIndex example = NodeIndex.None;
        foreach (NodeIndex node in _tree.NodesOf(unit))
        {
            int cover = CoverFromAbove(node, unit);
            _covers[(int)node] = cover;
            int age = _ages[node];
            if (cover != None) continue;
            counts[age]++;
            if (age == 0 || !_program.CanAccumulate(node)) continue;
            bytes[age] += _tree.BytesBelow(node);
            if (example == NodeIndex.None) example = node;
        }

        return new GrowingUnit(unit, _tree.Units[unit].Label, counts, bytes, example);
    }

    /// <summary>
    /// The unit that the nearest node above covers, unless this one is older. A link of the same list is as that link is: this
    /// unit has covered nothing yet when it is asked.
    /// </summary>
    private int CoverFromAbove(NodeIndex node, int unit)
    {
        NodeIndex above = node;
        for (int steps = 0; steps <= StepFolding.MaxPeriod; steps++)
        {
            above = _tree.Search.Parent(above);
            int at = _tree.UnitOf(above);
            if (at == unit || at < 0) return at < 0 ? None : _covers[(int)above];
            if (at < unit) return _ages[node] >= _ages[above] ? _covers[(int)above] : None;
        }

        return None;
    }

    /// <summary>
    /// A place where each interval leaves one or two large objects is where objects accumulate only if no place below it
    /// leaves many: else it is on the way there, such as a list that is replaced now and then.
    /// </summary>
    private bool[] FindWaysToMany()
    {
        var leads = new bool[_tree.Units.Count];
        var counts = new int[_ageCount];
        for (int i = leads.Length - 1; i >= 0; i--)
        {
            GrowthUnit unit = _tree.Units[i];
            if (unit.Parent < 0 || unit.IsPassedBy) continue;
            Array.Clear(counts);
            foreach (NodeIndex node in _tree.NodesOf(i))
            {
                if (_program.CanAccumulate(node)) counts[_ages[node]]++;
            }

            leads[unit.Parent] |= leads[i] || GrowthRules.RepeatsMany(counts);
        }

        return leads;
    }

    /// <summary>
    /// A ring or a list with two ends is entered at both: its old links are found from one and the new ones from the other, so
    /// that only one side repeats by itself.
    /// </summary>
    private HashSet<int> OtherEnds(List<GrowingUnit> open, NameRanks ranks)
    {
        var repeating = Units.Select(u => (_tree.Units[u.Number].Parent, u.Label)).ToHashSet();
        return
        [
            .. open.Except(Units).Where(u => ranks[u.Example] == NameRank.Class && repeating.Contains((_tree.Units[u.Number].Parent, u.Label)))
                .Select(u => u.Number),
        ];
    }

    /// <summary>
    /// Objects of one class may be found from several sides, the old ones from one and the new ones from another: a Map and a
    /// list that both hold them, the two ends of a list. What repeats all together counts on each side that has a good part of it.
    /// </summary>
    private static HashSet<int> SplitClasses<TKey>(IEnumerable<IGrouping<TKey, GrowingUnit>> groups, NameRanks ranks)
    {
        var split = new HashSet<int>();
        foreach (IGrouping<TKey, GrowingUnit> group in groups)
        {
            if (group.Count() < 2 || ranks[group.First().Example] != NameRank.Class) continue;
            var counts = new int[group.First().Counts.Length];
            foreach (GrowingUnit unit in group)
            {
                for (int age = 0; age < counts.Length; age++) counts[age] += unit.Counts[age];
            }

            if (!GrowthRules.RepeatsMany(counts)) continue;
            int born = counts.Sum() - counts[0];
            split.UnionWith(group.Where(u => u.Born >= GoodPart * born).Select(u => u.Number));
        }

        return split;
    }
}
