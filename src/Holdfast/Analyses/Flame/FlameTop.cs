using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Flame;

/// <summary>A label and what stacks with it weigh.</summary>
/// <param name="Label">In the tree's labels.</param>
/// <param name="Self">Of stacks that end with it.</param>
/// <param name="Total">Of stacks it is in, each once.</param>
/// <param name="Caused">Of stacks in which it is the innermost code of the program's own: what it, and what it called in Node and V8, did.</param>
public readonly record struct FlameTopRow(int Label, long Self, long Total, long Caused);

/// <summary>What each label weighs, and each kind of stack.</summary>
/// <param name="Rows">All labels, the heaviest self first.</param>
/// <param name="Kinds">Weights by what stacks are, the heaviest first: a stack with a frame of the collector is the collector's, else JavaScript's where it has any.</param>
public sealed record FlameTop(IReadOnlyList<FlameTopRow> Rows, IReadOnlyList<(FrameKind Kind, long Weight)> Kinds)
{
    private static readonly FrameKind[] Precedence =
        [FrameKind.Collector, FrameKind.JavaScript, FrameKind.Builtin, FrameKind.Native, FrameKind.Kernel, FrameKind.Heap, FrameKind.Unknown, FrameKind.Process];

    /// <param name="tree">A tree with the outermost frames as its roots.</param>
    /// <param name="work">Progress and cancellation.</param>
    public static FlameTop Run(FlameTree tree, Work work)
    {
        int labels = tree.Labels.Count;
        long[] self = new long[labels], total = new long[labels], caused = new long[labels], kinds = new long[16];
        int[] open = new int[labels], own = new int[tree.Count], masks = new int[tree.Count];
        var path = new Stack<int>();
        for (int i = 0; i < tree.Count; i++)
        {
            work.ThrowIfCancelled(i);
            int label = tree.NodeLabels[i], parent = tree.Parents[i];
            while (path.TryPeek(out int top) && top != parent) open[tree.NodeLabels[path.Pop()]]--;
            if (open[label]++ == 0) total[label] = Saturating.Add(total[label], tree.Totals[i]);
            path.Push(i);
            FlameLabel facts = tree.LabelFacts[label];
            own[i] = facts.IsOwn ? label : parent < 0 ? -1 : own[parent];
            masks[i] = (parent < 0 ? 0 : masks[parent]) | 1 << (int)facts.Kind;
            if (tree.Self[i] == 0) continue;
            self[label] = Saturating.Add(self[label], tree.Self[i]);
            if (own[i] >= 0) caused[own[i]] = Saturating.Add(caused[own[i]], tree.Self[i]);
            int kind = (int)KindOf(masks[i]);
            kinds[kind] = Saturating.Add(kinds[kind], tree.Self[i]);
        }

        FlameTopRow[] rows = [.. Enumerable.Range(0, labels).Select(l => new FlameTopRow(l, self[l], total[l], caused[l])).Where(r => r.Total > 0)];
        Array.Sort(rows, (a, b) => b.Self != a.Self ? b.Self.CompareTo(a.Self) : b.Total != a.Total ? b.Total.CompareTo(a.Total) : tree.Labels[a.Label].SequenceCompareTo(tree.Labels[b.Label]));
        return new FlameTop(rows, [.. Precedence.Select(k => (Kind: k, Weight: kinds[(int)k])).Where(k => k.Weight > 0).OrderByDescending(k => k.Weight)]);
    }

    private static FrameKind KindOf(int mask)
    {
        foreach (FrameKind kind in Precedence)
        {
            if ((mask & 1 << (int)kind) != 0) return kind;
        }

        return FrameKind.Unknown;
    }
}
