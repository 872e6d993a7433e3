using System.Runtime.InteropServices;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>
/// Where objects of one kind are found below one place of the merged ways: all branches that lead from the same place by the
/// same edge to nodes with the same label, and on along nodes with that label, so that a list is one unit. A unit has a higher
/// number than the one above it.
/// </summary>
/// <param name="Parent">The unit above, -1 for none.</param>
/// <param name="Label">Label of its nodes (<see cref="NodeLabels"/>).</param>
internal sealed record GrowthUnit(int Parent, long Label)
{
    /// <summary>Nodes that a node of another unit leads to, and how many of them are older than that one.</summary>
    public int Entered { get; set; }

    public int Older { get; set; }

    /// <summary>
    /// Whether most nodes here are older than what leads to them: the way only passes by, as from a timer that was just
    /// set to the server it belongs to, and what is below does not stay because of what is above.
    /// </summary>
    public bool IsPassedBy => Older * 2 > Entered;
}

/// <summary>
/// The ways to the objects that are new since the first snapshot and still there, merged (<see cref="PathMerge"/>) and made
/// units of. 8 bytes a node and 4 a node on the ways, beside what merging takes.
/// </summary>
internal sealed class GrowthTree : IDisposable
{
    /// <summary>Fewer different names than elsewhere fold into one: few new keys of an object used as a map already count.</summary>
    private const int FoldedNames = 8;

    private readonly ObjectAges _ages;
    private readonly int[] _unitOfBranch;
    private readonly List<GrowthUnit> _units = [];
    private readonly Column<long> _bytes;
    private Column<NodeIndex> _nodes = new(0);
    private int[] _firstNodes = [];

    private GrowthTree(PathMerge merge, PathSearch search, ObjectAges ages, int nodeCount)
    {
        Merge = merge;
        Search = search;
        _ages = ages;
        _unitOfBranch = new int[merge.Branches.Length];
        _bytes = new Column<long>(nodeCount);
    }

    public PathMerge Merge { get; }

    public PathSearch Search { get; }

    /// <summary>Units, each after the one above it.</summary>
    public IReadOnlyList<GrowthUnit> Units => _units;

    /// <summary>The nodes of a unit, those nearer to the root first.</summary>
    public ReadOnlySpan<NodeIndex> NodesOf(int unit) => _nodes.Span[_firstNodes[unit].._firstNodes[unit + 1]];

    /// <summary>The unit of a node, or -1 where it is not on a way to a new object.</summary>
    public int UnitOf(NodeIndex node)
    {
        int branch = Merge.BranchOf(node);
        return branch == 0 ? -1 : _unitOfBranch[branch];
    }

    /// <summary>
    /// Shallow bytes of what is new at a node and below it, without what the ways only pass by because it is older than what
    /// leads there, and without the next links of a list that the node is in.
    /// </summary>
    public long BytesBelow(NodeIndex node) => _bytes[(int)node];

    public static GrowthTree Run(Heap heap, ObjectAges ages, PathSearch search, ProgramNodes program, Work work)
    {
        HeapGraph graph = heap.Graph;
        ReadOnlySpan<NodeIndex> order = search.Order[..search.ReachedWithoutNoise];
        BitColumn bits = FindNew(graph, ages, search, program, order);
        using var objects = new NodeSet(bits, "new objects");
        PathMerge merge = PathMerge.Run(heap, objects, search, order.Length, FoldedNames, work);
        var tree = new GrowthTree(merge, search, ages, graph.NodeCount);
        tree.MakeUnits();
        tree.GroupNodes(order);
        tree.AddBytes(heap, objects, order);
        return tree;
    }

    public void Dispose()
    {
        Merge.Dispose();
        _bytes.Dispose();
        _nodes.Dispose();
    }

    /// <summary>
    /// The program's new nodes: not code and shapes, nor the strings and arrays that are reached through them (sources of scripts,
    /// names of properties).
    /// </summary>
    private static BitColumn FindNew(HeapGraph graph, ObjectAges ages, PathSearch search, ProgramNodes program, ReadOnlySpan<NodeIndex> order)
    {
        var found = new BitColumn(graph.NodeCount);
        using var partsOfCode = new BitColumn(graph.NodeCount);
        for (int i = 1; i < order.Length; i++)
        {
            NodeIndex node = order[i];
            bool isValue = graph.NodeTypes[(int)node] is not (NodeType.Object or NodeType.Closure or NodeType.Native or NodeType.Synthetic);
            if (program.IsCompilers(node) || (isValue && partsOfCode[(int)search.Parent(node)])) partsOfCode[(int)node] = true;
            else if (ages[node] > 0 && program.Contains(node)) found[(int)node] = true;
        }

        return found;
    }

    private void MakeUnits()
    {
        var known = new Dictionary<(int Parent, int Edge, long Label), int>();
        ReadOnlySpan<PathMerge.Branch> branches = Merge.Branches;
        _unitOfBranch[0] = -1;
        for (int i = 1; i < branches.Length; i++)
        {
            PathMerge.StepKey step = Merge.StepOf(branches[i]);
            long label = step.Node;
            int above = _unitOfBranch[branches[i].Parent];
            if (above >= 0 && _units[above].Label == label)
            {
                _unitOfBranch[i] = above;
                continue;
            }

            ref int unit = ref CollectionsMarshal.GetValueRefOrAddDefault(known, (above, step.Edge, label), out bool exists);
            if (!exists)
            {
                unit = _units.Count;
                _units.Add(new GrowthUnit(above, label));
            }

            _unitOfBranch[i] = unit;
        }
    }

    private void GroupNodes(ReadOnlySpan<NodeIndex> order)
    {
        _firstNodes = new int[_units.Count + 1];
        foreach (NodeIndex node in order)
        {
            if (UnitOf(node) is >= 0 and var unit) _firstNodes[unit + 1]++;
        }

        for (int i = 1; i < _firstNodes.Length; i++) _firstNodes[i] += _firstNodes[i - 1];
        _nodes = Column<NodeIndex>.Uninitialized(_firstNodes[^1]);
        int[] next = [.. _firstNodes];
        foreach (NodeIndex node in order)
        {
            if (UnitOf(node) is not (>= 0 and var unit)) continue;
            _nodes[next[unit]++] = node;
            NodeIndex parent = Search.Parent(node);
            if (UnitOf(parent) == unit) continue;
            _units[unit].Entered++;
            if (_ages[node] < _ages[parent]) _units[unit].Older++;
        }
    }

    private void AddBytes(Heap heap, NodeSet objects, ReadOnlySpan<NodeIndex> order)
    {
        for (int i = order.Length - 1; i > 0; i--)
        {
            NodeIndex node = order[i];
            int unit = UnitOf(node);
            if (unit < 0) continue;
            if (objects.Contains(node)) _bytes[(int)node] += heap.Shallow[node];
            NodeIndex parent = Search.Parent(node);

            // The next link of a list is of the same unit, or, where several steps repeat, of one further up.
            if (unit > UnitOf(parent) && _ages[node] >= _ages[parent]) _bytes[(int)parent] += _bytes[(int)node];
        }
    }
}
