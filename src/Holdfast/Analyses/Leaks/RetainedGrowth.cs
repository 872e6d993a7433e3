using Holdfast.Analyses.Derived;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>
/// What each of several sets of objects keeps alive alone: of all that no way from the root reaches once the objects of
/// all sets are taken away, the part that only one set leads to. Each byte counts for one set or, where several lead to
/// it, for none. 2 bytes a node.
/// </summary>
internal sealed class RetainedGrowth
{
    private const short NotSeen = 0;
    private const short Reached = short.MaxValue;
    private const short Several = short.MaxValue - 1;

    private readonly HeapGraph _graph;
    private readonly WeakMapEdges _weakMaps;
    private readonly V8Noise _noise;
    private readonly Work _work;
    private readonly Column<short> _marks;
    private readonly Stack<NodeIndex> _waiting = new();

    private RetainedGrowth(Heap heap, V8Noise noise, Column<short> marks, Work work)
    {
        _graph = heap.Graph;
        _weakMaps = heap.WeakMaps;
        _noise = noise;
        _marks = marks;
        _work = work;
    }

    /// <summary>Most sets.</summary>
    public const int MaxSets = Several - 1;

    /// <param name="heap">The heap.</param>
    /// <param name="noise">What keeps nothing alive for long.</param>
    /// <param name="setOf">The set of each object that is in one, from 0, else -1; one value a node.</param>
    /// <param name="sets">How many sets there are, at most <see cref="MaxSets"/>.</param>
    /// <param name="counts">Whether a node's bytes count.</param>
    /// <param name="work">Progress and cancellation.</param>
    /// <returns>Bytes by set.</returns>
    public static long[] Run(Heap heap, V8Noise noise, Column<short> setOf, int sets, Predicate<NodeIndex> counts, Work work)
    {
        work.Report("measuring what suspects keep");
        using var marks = new Column<short>(heap.Graph.NodeCount);
        var flood = new RetainedGrowth(heap, noise, marks, work);
        flood.Spread(heap.Graph.Root, Reached, setOf);
        for (int node = 0; node < marks.Length; node++)
        {
            work.ThrowIfCancelled(node);
            if (setOf[node] >= 0) flood.Spread((NodeIndex)node, (short)(setOf[node] + 1), setOf);
        }

        var bytes = new long[sets];
        for (int node = 0; node < marks.Length; node++)
        {
            int set = setOf[node] >= 0 ? setOf[node] : marks[node] - 1;
            if (set >= 0 && set < sets && counts((NodeIndex)node)) bytes[set] += heap.Shallow[(NodeIndex)node];
        }

        return bytes;
    }

    /// <summary>Marks what a node leads to without passing objects of a set; of what has another set's mark, that several lead to it.</summary>
    private void Spread(NodeIndex start, short mark, Column<short> setOf)
    {
        Unchecked<short> marks = _marks.Span;
        Unchecked<short> sets = setOf.Span;
        Unchecked<int> firstEdges = _graph.FirstEdges;
        Unchecked<EdgeType> types = _graph.EdgeTypes;
        Unchecked<NodeIndex> targets = _graph.EdgeTargets;
        if (mark == Reached) marks[(int)start] = Reached;
        NodeIndex node = start;
        int steps = 0;
        do
        {
            _work.ThrowIfCancelled(++steps);
            if (_noise.Contains(node)) continue;
            short own = node == start ? mark : marks[(int)node];
            for (int edge = firstEdges[(int)node], end = firstEdges[(int)node + 1]; edge < end; edge++)
            {
                NodeIndex target = targets[edge];
                short known = marks[(int)target];
                if (known == own || known is Reached or Several || types[edge] == EdgeType.Weak || sets[(int)target] >= 0) continue;
                if (types[edge] == EdgeType.Internal && _weakMaps.IsFromTable(_graph, node, edge)) continue;
                marks[(int)target] = known == NotSeen ? own : Several;
                _waiting.Push(target);
            }
        }
        while (_waiting.TryPop(out node));
    }
}
