using System.Runtime.InteropServices;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>
/// Where objects of one kind are found below one place of the merged ways: all branches that lead from the same place
/// to nodes with the same label, and on along nodes with that label, so that a list that is entered from both ends is
/// one unit.
/// </summary>
/// <param name="Parent">The unit above, -1 for none.</param>
/// <param name="Label">Label of its nodes (<see cref="NodeLabels"/>).</param>
/// <param name="Counts">Nodes by age.</param>
/// <param name="Bytes">Shallow bytes of new nodes here and below, by age, without what is only passed by.</param>
internal sealed record GrowthUnit(int Parent, long Label, int[] Counts, long[] Bytes)
{
    /// <summary>The first new node here, or none.</summary>
    public NodeIndex Example { get; set; } = NodeIndex.None;

    /// <summary>
    /// Whether most nodes here are older than what leads to them: the way only passes by, as from a timer that was just
    /// set to the server it belongs to, and what is below does not stay because of what is above.
    /// </summary>
    public bool IsPassedBy => Older * 2 > Entered;

    /// <summary>Nodes that a node of another unit leads to, and how many of them are older than that one.</summary>
    public int Entered { get; set; }

    public int Older { get; set; }

    /// <summary>Nodes that are new since the first snapshot.</summary>
    public int Born => Counts.Sum() - Counts[0];
}

/// <summary>
/// The ways to the objects that are new since the first snapshot and still there, merged (<see cref="PathMerge"/>), with
/// how many nodes of each age are at each place. 4 bytes a node, and what merging takes.
/// </summary>
internal sealed class GrowthTree : IDisposable
{
    /// <summary>Fewer different names than elsewhere fold into one: few new keys of an object used as a map already count.</summary>
    private const int FoldedNames = 8;

    private readonly int[] _unitOfBranch;
    private readonly List<GrowthUnit> _units = [];

    private GrowthTree(PathMerge merge, PathSearch search, int ages)
    {
        Merge = merge;
        Search = search;
        Ages = ages;
        _unitOfBranch = new int[merge.Branches.Length];
    }

    public PathMerge Merge { get; }

    public PathSearch Search { get; }

    /// <summary>Different ages: 0 for what was there at first, and one an interval.</summary>
    public int Ages { get; }

    /// <summary>Units, each after the one above it.</summary>
    public IReadOnlyList<GrowthUnit> Units => _units;

    /// <summary>The unit of a node, or -1 where it is not on a way to a new object.</summary>
    public int UnitOf(NodeIndex node)
    {
        int branch = Merge.BranchOf(node);
        return branch == 0 ? -1 : _unitOfBranch[branch];
    }

    public static GrowthTree Run(Heap heap, ObjectAges ages, int ageCount, PathSearch search, Work work)
    {
        HeapGraph graph = heap.Graph;
        ReadOnlySpan<NodeIndex> order = search.Order[..search.ReachedWithoutNoise];
        var eligible = new ProgramNodes(graph);
        var bits = new BitColumn(graph.NodeCount);
        foreach (NodeIndex node in order)
        {
            if (ages[node] > 0 && eligible.Contains(node)) bits[(int)node] = true;
        }

        using var objects = new NodeSet(bits, "new objects");
        PathMerge merge = PathMerge.Run(heap, objects, search, order.Length, FoldedNames, work);
        var tree = new GrowthTree(merge, search, ageCount);
        tree.MakeUnits();
        tree.Count(heap, ages, eligible, order, work);
        return tree;
    }

    public void Dispose() => Merge.Dispose();

    private void MakeUnits()
    {
        var known = new Dictionary<(int Parent, long Label), int>();
        ReadOnlySpan<PathMerge.Branch> branches = Merge.Branches;
        _unitOfBranch[0] = -1;
        for (int i = 1; i < branches.Length; i++)
        {
            long label = Merge.StepOf(branches[i]).Node;
            int above = _unitOfBranch[branches[i].Parent];
            if (above >= 0 && _units[above].Label == label)
            {
                _unitOfBranch[i] = above;
                continue;
            }

            ref int unit = ref CollectionsMarshal.GetValueRefOrAddDefault(known, (above, label), out bool exists);
            if (!exists)
            {
                unit = _units.Count;
                _units.Add(new GrowthUnit(above, label, new int[Ages], new long[Ages]));
            }

            _unitOfBranch[i] = unit;
        }
    }

    private void Count(Heap heap, ObjectAges ages, ProgramNodes eligible, ReadOnlySpan<NodeIndex> order, Work work)
    {
        for (int i = 0; i < order.Length; i++)
        {
            work.ThrowIfCancelled(i);
            int unit = UnitOf(order[i]);
            if (unit < 0) continue;
            int age = ages[order[i]];
            GrowthUnit at = _units[unit];
            at.Counts[age]++;
            NodeIndex parent = Search.Parent(order[i]);
            if (UnitOf(parent) != unit)
            {
                at.Entered++;
                if (age < ages[parent]) at.Older++;
            }

            if (age == 0 || !eligible.Contains(order[i])) continue;
            at.Bytes[age] += heap.Shallow[order[i]];
            if (at.Example == NodeIndex.None) at.Example = order[i];
        }

        for (int i = _units.Count - 1; i >= 0; i--)
        {
            if (_units[i].Parent < 0 || _units[i].IsPassedBy) continue;
            for (int age = 1; age < Ages; age++) _units[_units[i].Parent].Bytes[age] += _units[i].Bytes[age];
        }
    }
}
