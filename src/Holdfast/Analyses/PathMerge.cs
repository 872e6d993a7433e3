using System.Runtime.InteropServices;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>
/// Merges the ways of a <see cref="PathSearch"/> to some objects into one tree: steps by the same kind of edge to the
/// same kind of node become one. A step that repeats the one before, or a few steps that repeat those before them,
/// stay on the same branch, so that a list of a million links is one branch. Linear in the nodes on the ways.
/// </summary>
internal sealed class PathMerge : IDisposable
{
    /// <summary>Different names of one object's edges to one kind of node from which on they fold into <c>*</c>.</summary>
    public const int FoldedNames = 32;

    private readonly HeapGraph _graph;
    private readonly NodeSet _objects;
    private readonly PathSearch _search;
    private readonly int _mostNames;
    private readonly Work _work;
    private readonly Dictionary<StepKey, int> _stepNumbers = [];
    private readonly List<StepKey> _steps = [];
    private readonly Dictionary<(int Branch, int Step), int> _children = [];
    private readonly Dictionary<(NodeIndex Parent, long Node), int> _namesOfParents = [];
    private readonly HashSet<(int Branch, int Label)> _foldedNames = [];
    private readonly List<Branch> _branches = [];
    private readonly Column<int> _branchOfNode;

    /// <summary>A node of the merged tree; one comes after its parent.</summary>
    /// <param name="Parent">Its parent's place in the list, -1 for the root.</param>
    /// <param name="Step">Number of the step that leads to it, -1 for the root.</param>
    /// <param name="Example">The first node that is here.</param>
    public record struct Branch(int Parent, int Step, NodeIndex Example)
    {
        /// <summary>Most rounds of steps that were folded into this one.</summary>
        public int Repeat { get; set; } = 1;

        /// <summary>Different names of the edges that were folded into <c>*</c>.</summary>
        public int Names { get; set; }
    }

    /// <summary>A kind of step.</summary>
    public readonly record struct StepKey(long Node, int Edge, EdgeType EdgeType);

    private PathMerge(Heap heap, NodeSet objects, PathSearch search, int mostNames, Work work)
    {
        _graph = heap.Graph;
        _objects = objects;
        _search = search;
        _mostNames = mostNames;
        _work = work;
        EdgeLabels = new EdgeLabels(_graph, heap.WeakMaps);
        NodeLabels = new NodeLabels(heap);
        _branchOfNode = new Column<int>(_graph.NodeCount);
    }

    public EdgeLabels EdgeLabels { get; }

    public NodeLabels NodeLabels { get; }

    public ReadOnlySpan<Branch> Branches => CollectionsMarshal.AsSpan(_branches);

    /// <summary>The branch of a node that is on one of the ways; 0, the root's, of every other.</summary>
    public int BranchOf(NodeIndex node) => _branchOfNode[(int)node];

    /// <summary>The kind of step that leads to a branch which is not the root.</summary>
    public StepKey StepOf(in Branch branch) => _steps[branch.Step];

    /// <param name="heap">The heap.</param>
    /// <param name="objects">Whose ways.</param>
    /// <param name="search">The ways.</param>
    /// <param name="reached">How many of the search's nodes count as reached.</param>
    /// <param name="mostNames">More different names than this of one object's edges to one kind of node fold into <c>*</c>.</param>
    /// <param name="work">Progress and cancellation.</param>
    public static PathMerge Run(Heap heap, NodeSet objects, PathSearch search, int reached, int mostNames, Work work)
    {
        work.Report("merging retaining paths");
        var merge = new PathMerge(heap, objects, search, mostNames, work);
        ReadOnlySpan<NodeIndex> order = search.Order[..reached];
        using BitColumn onWay = merge.MarkWays(order);
        merge.CountNames(order, onWay);
        merge.Place(order, onWay);
        return merge;
    }

    public void Dispose() => _branchOfNode.Dispose();

    /// <summary>Label of the edges of a kind of step.</summary>
    public int StepLabel(int number) => _steps[number].Edge;

    /// <summary>Number of the kind of the step that leads to a node.</summary>
    public int StepNumber(NodeIndex node)
    {
        var key = new StepKey(NodeLabels.Of(node), EdgeLabel(node), _graph.EdgeTypes[(int)_search.ParentEdge(node)]);
        if (_stepNumbers.TryGetValue(key, out int number)) return number;
        number = _steps.Count;
        _stepNumbers.Add(key, number);
        _steps.Add(key);
        return number;
    }

    private BitColumn MarkWays(ReadOnlySpan<NodeIndex> order)
    {
        var onWay = new BitColumn(_graph.NodeCount);
        onWay[(int)_graph.Root] = true;
        for (int i = 0; i < order.Length; i++)
        {
            _work.ThrowIfCancelled(i);
            if (!_objects.Contains(order[i])) continue;
            for (NodeIndex node = order[i]; !onWay[(int)node]; node = _search.Parent(node)) onWay[(int)node] = true;
        }

        return onWay;
    }

    /// <summary>Counts, where one object has many edges on the ways, those to each kind of node.</summary>
    private void CountNames(ReadOnlySpan<NodeIndex> order, BitColumn onWay)
    {
        using var counts = new Column<int>(_graph.NodeCount);
        for (int i = 1; i < order.Length; i++)
        {
            if (onWay[(int)order[i]]) counts[(int)_search.Parent(order[i])]++;
        }

        for (int i = 1; i < order.Length; i++)
        {
            _work.ThrowIfCancelled(i);
            if (!onWay[(int)order[i]]) continue;
            NodeIndex parent = _search.Parent(order[i]);
            if (counts[(int)parent] <= _mostNames || !CanFold(order[i])) continue;
            CollectionsMarshal.GetValueRefOrAddDefault(_namesOfParents, (parent, NodeLabels.Of(order[i])), out _)++;
        }
    }

    private int OwnLabel(NodeIndex node) => EdgeLabels.Of(_search.Parent(node), (int)_search.ParentEdge(node));

    /// <summary>Names of properties may be data; those of variables are the program's own, however many there are.</summary>
    private bool CanFold(NodeIndex node) =>
        _graph.EdgeTypes[(int)_search.ParentEdge(node)] is not (EdgeType.Context or EdgeType.Hidden) && EdgeLabels.IsOwn(OwnLabel(node));

    private int EdgeLabel(NodeIndex node)
    {
        int label = OwnLabel(node);
        bool folds = _namesOfParents.Count > 0 && CanFold(node)
            && _namesOfParents.TryGetValue((_search.Parent(node), NodeLabels.Of(node)), out int names) && names > _mostNames;
        return folds ? EdgeLabels.Any : label;
    }

    private void Place(ReadOnlySpan<NodeIndex> order, BitColumn onWay)
    {
        using var roundsOfNode = new Column<int>(_graph.NodeCount);
        _branches.Add(new Branch(-1, -1, _graph.Root));
        for (int i = 1; i < order.Length; i++)
        {
            _work.ThrowIfCancelled(i);
            if (onWay[(int)order[i]]) _branchOfNode[(int)order[i]] = PlaceNode(order[i], roundsOfNode);
        }
    }

    private int PlaceNode(NodeIndex node, Column<int> roundsOfNode)
    {
        NodeIndex parent = _search.Parent(node);
        int above = _branchOfNode[(int)parent];
        int step = StepNumber(node);
        int period = FindPeriod(above, step, out int branch);
        int rounds = 1;
        if (period > 0)
        {
            NodeIndex before = node;
            for (int i = 0; i < period; i++) before = _search.Parent(before);
            rounds = Math.Max(1, roundsOfNode[(int)before]) + 1;
        }
        else
        {
            ref int child = ref CollectionsMarshal.GetValueRefOrAddDefault(_children, (above, step), out bool known);
            if (!known)
            {
                child = _branches.Count;
                _branches.Add(new Branch(above, step, node));
            }

            branch = child;
        }

        roundsOfNode[(int)node] = rounds;
        ref Branch at = ref CollectionsMarshal.AsSpan(_branches)[branch];
        at.Repeat = Math.Max(at.Repeat, rounds);
        if (_steps[step].Edge == EdgeLabels.Any && _foldedNames.Add((branch, OwnLabel(node)))) at.Names++;
        return branch;
    }

    /// <summary>
    /// How many steps back the way to a branch came by this step already, with all steps in between made twice; then
    /// <paramref name="branch"/> is where. One step back is enough for a list. 0 where nothing repeats.
    /// </summary>
    private int FindPeriod(int above, int step, out int branch)
    {
        ReadOnlySpan<Branch> branches = Branches;
        branch = above;
        for (int period = 1; period <= StepFolding.MaxPeriod && branches[branch].Parent >= 0; period++)
        {
            if (branches[branch].Step == step && IsRound(branches, above, branch, period - 1)) return period;
            branch = branches[branch].Parent;
        }

        return 0;
    }

    /// <summary>Whether this many steps up from one branch are the same as those up from just above another.</summary>
    private static bool IsRound(ReadOnlySpan<Branch> branches, int from, int earlier, int steps)
    {
        for (int i = 0; i < steps; i++)
        {
            earlier = branches[earlier].Parent;
            if (earlier < 0 || branches[from].Step != branches[earlier].Step) return false;
            from = branches[from].Parent;
        }

        return true;
    }
}
