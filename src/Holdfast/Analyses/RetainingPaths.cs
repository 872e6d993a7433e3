using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>What to give of the retaining paths.</summary>
/// <param name="Limit">Most branches of the tree, not counting those that go on with all of their parent's objects.</param>
/// <param name="Depth">Most steps from the root.</param>
/// <param name="Samples">Single paths to give beside the tree.</param>
/// <param name="All">Whether V8's own bookkeeping counts like everything else.</param>
public sealed record PathOptions(int Limit, int Depth, int Samples, bool All);

/// <summary>A step of a path.</summary>
/// <param name="Edge">The edge's name; <c>[]</c> for numbered ones, <c>*</c> for many names folded into one.</param>
/// <param name="EdgeType">The edge's type.</param>
/// <param name="EdgeNames">Different names behind <paramref name="Edge"/>; 1 unless folded.</param>
/// <param name="Label">What the edge leads to: a class, a function's name and (), V8's own name.</param>
/// <param name="Node">The node, or of many the first that was found.</param>
/// <param name="Repeat">Rounds of the same steps that were folded into this one; 1 for none.</param>
public sealed record PathStep(string Edge, string EdgeType, int EdgeNames, string Label, NodeIndex Node, int Repeat);

/// <summary>A branch of the tree of retaining paths.</summary>
/// <param name="Parent">Place of its parent in the list, -1 for those the root holds.</param>
/// <param name="Step">The step that leads to it.</param>
/// <param name="Count">Objects whose path ends here or further on.</param>
/// <param name="ShallowSize">Bytes of those objects themselves.</param>
/// <param name="RetainedSize">Bytes those objects retain; one below another is not counted again.</param>
/// <param name="Own">Objects whose path ends here.</param>
/// <param name="OwnExample">The first of them.</param>
/// <param name="LeftOutBranches">Branches right below that the limits left out.</param>
/// <param name="LeftOutCount">Objects on those branches.</param>
/// <param name="LeftOutSize">Their bytes.</param>
public sealed record PathBranch(
    int Parent, PathStep Step, int Count, long ShallowSize, long RetainedSize, int Own, NodeIndex OwnExample,
    int LeftOutBranches, int LeftOutCount, long LeftOutSize);

/// <summary>One path, from below the root to an object.</summary>
public sealed record PathSample(NodeIndex Object, IReadOnlyList<PathStep> Steps);

/// <summary>
/// One shortest retaining path of each object, merged into a tree. See <see cref="PathSearch"/> for which path that is
/// and <see cref="PathMerge"/> for what is merged.
/// </summary>
/// <param name="Instances">The objects.</param>
/// <param name="ShallowSize">Their bytes.</param>
/// <param name="RetainedSize">Bytes they retain together.</param>
/// <param name="Reached">Objects in the tree.</param>
/// <param name="OnlyNoise">Objects held only through V8's own bookkeeping; they are in the tree if nothing else is, or all was asked for.</param>
/// <param name="Unreached">Objects that no path leads to: held weakly, or garbage not collected yet.</param>
/// <param name="Branches">The tree, parents before their children; those of one parent with most objects first.</param>
/// <param name="LeftOutBranches">Branches right below the root that the limits left out.</param>
/// <param name="LeftOutCount">Objects on those branches.</param>
/// <param name="LeftOutSize">Their bytes.</param>
/// <param name="AllBranches">Branches of the whole tree.</param>
/// <param name="Samples">Single paths.</param>
public sealed record RetainingPaths(
    int Instances, long ShallowSize, long RetainedSize, int Reached, int OnlyNoise, int Unreached,
    IReadOnlyList<PathBranch> Branches, int LeftOutBranches, int LeftOutCount, long LeftOutSize, int AllBranches,
    IReadOnlyList<PathSample> Samples)
{
    /// <summary>Most steps a tree is given with, whatever the options say: what reads it may go down by recursion.</summary>
    public const int MaxDepth = 400;

    public static RetainingPaths Run(Heap heap, NodeSet objects, PathOptions options, Work work)
    {
        // First, so that what it needs while it is computed is gone again.
        _ = heap.Retained;
        using V8Noise? noise = options.All ? null : V8Noise.Run(heap.Graph, work);
        using PathSearch search = PathSearch.Run(heap, noise, work);
        (int reached, int onlyNoise, long size) = CountReached(heap, objects, search);
        int nodes = options.All || reached == 0 ? search.Order.Length : search.ReachedWithoutNoise;
        using PathMerge merge = PathMerge.Run(heap, objects, search, nodes, PathMerge.FoldedNames, work);
        PathTotal[] totals = PathTotals.Run(heap, objects, search.Order[..nodes], merge, work);
        var tree = new Selection(heap, merge, totals, options.Limit, Math.Min(options.Depth, MaxDepth));
        IReadOnlyList<PathSample> samples = PathSamples.Run(heap, objects, search, nodes, merge, totals, options.Samples);
        PathTotal root = totals[0];
        (int branches, int count, long leftOut) = tree.LeftOutOfRoot;
        return new RetainingPaths(
            objects.Count, size, root.RetainedSize, root.Count, onlyNoise, objects.Count - reached - onlyNoise,
            tree.Branches, branches, count, leftOut, merge.Branches.Length - 1, samples);
    }

    private static (int Reached, int OnlyNoise, long ShallowSize) CountReached(Heap heap, NodeSet objects, PathSearch search)
    {
        int reached = 0, onlyNoise = 0;
        for (int i = 0; i < search.Order.Length; i++)
        {
            if (!objects.Contains(search.Order[i])) continue;
            if (i < search.ReachedWithoutNoise) reached++;
            else onlyNoise++;
        }

        long size = 0;
        foreach (NodeIndex node in objects) size += heap.Shallow[node];
        return (reached, onlyNoise, size);
    }

    /// <summary>
    /// The branches with most objects, each with all above it; of equals those found first. One that goes on with all of
    /// its parent's objects does not count against the limit, so that no path ends halfway.
    /// </summary>
    private sealed class Selection
    {
        private readonly Heap _heap;
        private readonly PathMerge _merge;
        private readonly PathTotal[] _totals;
        private readonly List<int>[] _children;
        private readonly List<PathBranch> _result = [];
        private readonly bool[] _shown;

        public Selection(Heap heap, PathMerge merge, PathTotal[] totals, int limit, int depth)
        {
            _heap = heap;
            _merge = merge;
            _totals = totals;
            ReadOnlySpan<PathMerge.Branch> branches = merge.Branches;
            _children = GroupChildren(branches);
            _shown = new bool[branches.Length];
            Choose(branches, limit, depth);
            LeftOutOfRoot = LeftOut(0);
            List();
        }

        public IReadOnlyList<PathBranch> Branches => _result;

        public (int Branches, int Count, long Size) LeftOutOfRoot { get; }

        private List<int>[] GroupChildren(ReadOnlySpan<PathMerge.Branch> branches)
        {
            var children = new List<int>[branches.Length];
            for (int i = 1; i < branches.Length; i++) (children[branches[i].Parent] ??= []).Add(i);
            foreach (List<int>? list in children)
                list?.Sort((a, b) => _totals[a].Count != _totals[b].Count ? _totals[b].Count.CompareTo(_totals[a].Count) : a.CompareTo(b));
            return children;
        }

        private void Choose(ReadOnlySpan<PathMerge.Branch> branches, int limit, int depth)
        {
            var waiting = new PriorityQueue<(int Branch, int Depth), (int, int)>();
            waiting.Enqueue((0, 0), (0, 0));
            int shown = 0;
            while (waiting.TryDequeue(out (int Branch, int Depth) next, out _))
            {
                int parent = branches[next.Branch].Parent;
                bool counts = parent >= 0 && _totals[next.Branch].Count != _totals[parent].Count;
                if (counts && shown == limit) continue;
                _shown[next.Branch] = true;
                if (counts) shown++;
                if (next.Depth >= depth || _children[next.Branch] is not { } children) continue;
                foreach (int child in children) waiting.Enqueue((child, next.Depth + 1), (-_totals[child].Count, child));
            }
        }

        private (int Branches, int Count, long Size) LeftOut(int branch)
        {
            (int Branches, int Count, long Size) left = default;
            foreach (int child in _children[branch] ?? [])
            {
                if (_shown[child]) continue;
                left.Branches++;
                left.Count += _totals[child].Count;
                left.Size += _totals[child].ShallowSize;
            }

            return left;
        }

        private void List()
        {
            var waiting = new Stack<(int Branch, int Parent)>();
            Push(0, -1);
            while (waiting.TryPop(out (int Branch, int Parent) next))
            {
                PathTotal total = _totals[next.Branch];
                (int branches, int count, long size) = LeftOut(next.Branch);
                _result.Add(new PathBranch(
                    next.Parent, Describe(_merge.Branches[next.Branch]), total.Count, total.ShallowSize, total.RetainedSize,
                    total.Own, total.OwnExample, branches, count, size));
                Push(next.Branch, _result.Count - 1);
            }

            void Push(int branch, int place)
            {
                List<int> children = _children[branch] ?? [];
                for (int i = children.Count - 1; i >= 0; i--)
                {
                    if (_shown[children[i]]) waiting.Push((children[i], place));
                }
            }
        }

        private PathStep Describe(PathMerge.Branch branch)
        {
            PathMerge.StepKey step = _merge.StepOf(branch);
            return new PathStep(
                _merge.EdgeLabels.Text(step.Edge), _heap.Graph.EdgeTypeNames[(int)step.EdgeType], Math.Max(1, branch.Names),
                _merge.NodeLabels.Text(branch.Example), branch.Example, branch.Repeat);
        }
    }
}
