using System.Runtime.InteropServices;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>How much of a dominator tree to give.</summary>
/// <param name="Depth">Levels below the start.</param>
/// <param name="Limit">Most rows below one node.</param>
/// <param name="LeastSize">Bytes a row must retain at least.</param>
public sealed record DominatorOptions(int Depth, int Limit, long LeastSize);

/// <summary>A row of a dominator tree: one object, or all small ones of a class below one object.</summary>
/// <param name="Parent">Place of its parent in the list, -1 for those right below the start.</param>
/// <param name="Node">The object, or the first of several.</param>
/// <param name="Objects">How many objects the row stands for.</param>
/// <param name="ShallowSize">Bytes of the objects themselves.</param>
/// <param name="RetainedSize">Bytes they retain.</param>
/// <param name="Dominated">Nodes below them in the tree.</param>
/// <param name="LeftOut">Nodes right below that have no row.</param>
/// <param name="LeftOutSize">Bytes those retain.</param>
public sealed record DominatorBranch(
    int Parent, NodeIndex Node, int Objects, long ShallowSize, long RetainedSize, int Dominated, int LeftOut, long LeftOutSize)
{
    /// <summary>Whether it stands for the small objects of a class.</summary>
    public bool IsGroup { get; init; }
}

/// <summary>
/// The upper part of the dominator tree below one node: objects that retain much, each with what it dominates; of the
/// rest, classes that retain much together.
/// </summary>
/// <param name="Start">The node.</param>
/// <param name="Dominated">Nodes below it.</param>
/// <param name="Children">Nodes right below it.</param>
/// <param name="Branches">The rows, parents before children, the biggest of one parent first.</param>
/// <param name="LeftOut">Nodes right below the start that have no row.</param>
/// <param name="LeftOutSize">Bytes those retain.</param>
public sealed record DominatorBranches(
    NodeIndex Start, int Dominated, int Children, IReadOnlyList<DominatorBranch> Branches, int LeftOut, long LeftOutSize)
{
    public static DominatorBranches Run(Heap heap, NodeIndex start, DominatorOptions options, Work work)
    {
        _ = heap.Retained;
        _ = heap.Classes;
        work.Report("listing dominators");
        using var tree = new Descent(heap, options, work);
        return tree.Run(start);
    }

    /// <summary>The dominators of a node from its own up to the root.</summary>
    public static IReadOnlyList<NodeIndex> ChainOf(Heap heap, NodeIndex node)
    {
        var chain = new List<NodeIndex>();
        while (node != heap.Graph.Root)
        {
            node = heap.Dominators.Dominators[(int)node];
            chain.Add(node);
        }

        return chain;
    }

    private sealed class Descent : IDisposable
    {
        private readonly Heap _heap;
        private readonly DominatorOptions _options;
        private readonly Work _work;
        private readonly Column<int> _firstChildren;
        private readonly Column<NodeIndex> _children;
        private readonly Column<int> _subtrees;
        private readonly List<DominatorBranch> _rows = [];

        public Descent(Heap heap, DominatorOptions options, Work work)
        {
            _heap = heap;
            _options = options;
            _work = work;
            _firstChildren = new Column<int>(heap.Graph.NodeCount + 1L);
            _children = new Column<NodeIndex>(heap.Graph.NodeCount);
            _subtrees = new Column<int>(heap.Graph.NodeCount);
            GroupByDominator();
            CountSubtrees();
        }

        public DominatorBranches Run(NodeIndex start)
        {
            var waiting = new Stack<(DominatorBranch Row, int Depth)>();
            (int left, long leftSize) = Push(waiting, start, -1, 1);
            while (waiting.TryPop(out (DominatorBranch Row, int Depth) next))
            {
                int place = _rows.Count;
                _rows.Add(next.Row);
                if (next.Row.IsGroup) continue;
                (int below, long belowSize) = Push(waiting, next.Row.Node, place, next.Depth + 1);
                _rows[place] = next.Row with { LeftOut = below, LeftOutSize = belowSize };
            }

            return new DominatorBranches(start, _subtrees[(int)start] - 1, ChildrenOf(start).Length, _rows, left, leftSize);
        }

        public void Dispose()
        {
            _firstChildren.Dispose();
            _children.Dispose();
            _subtrees.Dispose();
        }

        private void GroupByDominator()
        {
            ReadOnlySpan<NodeIndex> dominators = _heap.Dominators.Dominators;
            Span<int> next = _firstChildren.Span;
            int root = (int)_heap.Graph.Root;
            for (int node = 0; node < dominators.Length; node++)
            {
                if (node != root) next[(int)dominators[node] + 1]++;
            }

            for (int i = 1; i < next.Length; i++) next[i] += next[i - 1];
            Span<NodeIndex> children = _children.Span;
            for (int node = 0; node < dominators.Length; node++)
            {
                _work.ThrowIfCancelled(node);
                if (node != root) children[next[(int)dominators[node]]++] = (NodeIndex)node;
            }

            for (int i = next.Length - 1; i > 0; i--) next[i] = next[i - 1];
            next[0] = 0;
        }

        private void CountSubtrees()
        {
            ReadOnlySpan<NodeIndex> order = _heap.Dominators.Order;
            ReadOnlySpan<NodeIndex> dominators = _heap.Dominators.Dominators;
            Span<int> subtrees = _subtrees.Span;
            subtrees.Fill(1);
            for (int i = order.Length - 1; i > 0; i--) subtrees[(int)dominators[(int)order[i]]] += subtrees[(int)order[i]];
        }

        private ReadOnlySpan<NodeIndex> ChildrenOf(NodeIndex node) =>
            _children.Span[_firstChildren[(int)node].._firstChildren[(int)node + 1]];

        /// <summary>Puts the rows below a node on the stack, the biggest on top, and says what has no row.</summary>
        private (int LeftOut, long LeftOutSize) Push(Stack<(DominatorBranch Row, int Depth)> waiting, NodeIndex node, int parent, int depth)
        {
            ReadOnlySpan<NodeIndex> children = ChildrenOf(node);
            List<DominatorBranch> rows = depth > _options.Depth ? [] : ChooseRows(children, parent);
            int left = children.Length;
            long size = _heap.Retained[node] - _heap.Shallow[node];
            for (int i = rows.Count - 1; i >= 0; i--)
            {
                waiting.Push((rows[i], depth));
                left -= rows[i].Objects;
                size -= rows[i].RetainedSize;
            }

            return (left, size);
        }

        private List<DominatorBranch> ChooseRows(ReadOnlySpan<NodeIndex> children, int parent)
        {
            var best = new TopNodes(_options.Limit);
            foreach (NodeIndex child in children)
            {
                long retained = _heap.Retained[child];
                if (retained >= _options.LeastSize) best.Add(child, retained);
            }

            List<DominatorBranch> rows = [.. best.Descending().Select(n => Row(n, parent))];
            rows.AddRange(GroupRest(children, [.. rows.Select(r => r.Node)], parent));
            return [.. rows.OrderByDescending(r => r.RetainedSize).ThenBy(r => r.Node).Take(_options.Limit)];
        }

        /// <summary>The nodes that have no row of their own by class, where those of a class are several and retain enough.</summary>
        private IEnumerable<DominatorBranch> GroupRest(ReadOnlySpan<NodeIndex> children, HashSet<NodeIndex> known, int parent)
        {
            var sums = new Dictionary<int, (NodeIndex First, int Objects, long Shallow, long Retained, int Dominated)>();
            foreach (NodeIndex child in children)
            {
                if (known.Contains(child)) continue;
                ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, _heap.Classes.Span[(int)child], out bool exists);
                if (!exists) sum.First = child;
                sum.Objects++;
                sum.Shallow += _heap.Shallow[child];
                sum.Retained += _heap.Retained[child];
                sum.Dominated += _subtrees[(int)child] - 1;
            }

            return sums.Values
                .Where(s => s.Objects > 1 && s.Retained >= Math.Max(1, _options.LeastSize))
                .Select(s => new DominatorBranch(parent, s.First, s.Objects, s.Shallow, s.Retained, s.Dominated, 0, 0) { IsGroup = true });
        }

        private DominatorBranch Row(NodeIndex node, int parent) => new(
            parent, node, 1, _heap.Shallow[node], _heap.Retained[node], _subtrees[(int)node] - 1, 0, 0);
    }
}
