using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Flame;

/// <summary>A label before and after, each stack with it counted once, also where it is there several times.</summary>
/// <param name="Label">In the tree's labels.</param>
/// <param name="Before">Brought to the scale of after.</param>
/// <param name="After">As it is.</param>
public readonly record struct FlameChange(int Label, long Before, long After)
{
    public long Delta => After - Before;
}

/// <summary>Two profiles compared, stack by stack.</summary>
/// <param name="Tree">As wide as the second; what is gone is in a root of its own, as wide as it was.</param>
/// <param name="GoneFrom">Where that root is in the tree; the number of nodes where nothing is gone.</param>
/// <param name="Changes">Every label, those that changed most first.</param>
/// <param name="Scale">What weights of the first were multiplied by.</param>
public sealed record FlameDiff(FlameTree Tree, int GoneFrom, IReadOnlyList<FlameChange> Changes, double Scale)
{
    /// <summary>The label of the root of what is gone: after all others in the order of bytes.</summary>
    private const string Gone = "\u007e(gone: as wide as it was)";

    public static FlameDiff Run(StackProfile before, StackProfile after, double scale, FlameOptions options, Work work)
    {
        var merged = new FlameTreeBuilder();
        FlameMerge.Add(merged, before, options, work, (node, weight) => merged.AddBefore(node, Scaled(weight, scale)));
        FlameMerge.Add(merged, after, options, work, merged.AddSelf);
        FlameTree both = merged.Build(work);
        (FlameTree tree, int goneFrom) = SetGoneApart(both, work);
        return new FlameDiff(tree, goneFrom, Compare(both), scale);
    }

    private static long Scaled(long weight, double scale)
    {
        double scaled = Math.Round(weight * scale);
        return scaled >= long.MaxValue ? long.MaxValue : (long)scaled;
    }

    private static (FlameTree Tree, int GoneFrom) SetGoneApart(FlameTree both, Work work)
    {
        long[] before = both.Before ?? new long[both.Count], beforeSelf = [.. before];
        for (int i = 0; i < both.Count; i++)
        {
            if (both.Parents[i] >= 0) beforeSelf[both.Parents[i]] -= before[i];
        }

        var builder = new FlameTreeBuilder();
        int[] kept = new int[both.Count], gone = new int[both.Count];
        int[] labels = [.. Enumerable.Range(0, both.Labels.Count).Select(l => builder.AddLabel(both.Labels[l], both.LabelFacts[l]))];
        int root = -1;
        for (int i = 0; i < both.Count; i++)
        {
            work.ThrowIfCancelled(i);
            int parent = both.Parents[i], label = labels[both.NodeLabels[i]];
            kept[i] = gone[i] = -1;
            if (both.Totals[i] > 0)
            {
                kept[i] = builder.AddNode(parent < 0 ? -1 : kept[parent], label);
                builder.AddSelf(kept[i], both.Self[i]);
                builder.AddBefore(kept[i], Math.Max(0, beforeSelf[i]));
            }
            else if (before[i] > 0)
            {
                if (root < 0) root = builder.AddNode(-1, builder.AddLabel(System.Text.Encoding.UTF8.GetBytes(Gone), new FlameLabel(FrameKind.Process, null, 0, 0, false)));
                gone[i] = builder.AddNode(parent < 0 ? root : AddPath(builder, both, parent, gone, labels, root), label);
                builder.AddSelf(gone[i], Math.Max(0, beforeSelf[i]));
                builder.AddBefore(gone[i], Math.Max(0, beforeSelf[i]));
            }
        }

        FlameTree tree = builder.Build(work);
        int from = tree.Count;
        int goneLabel = tree.Labels.Find(System.Text.Encoding.UTF8.GetBytes(Gone));
        for (int i = 0; i < tree.Count && goneLabel >= 0; i++)
        {
            if (tree.Parents[i] < 0 && tree.NodeLabels[i] == goneLabel) from = i;
        }

        return (tree, from);
    }

    /// <summary>The callers of something that is gone, in the part for what is gone.</summary>
    private static int AddPath(FlameTreeBuilder builder, FlameTree both, int node, int[] gone, int[] labels, int root)
    {
        var path = new Stack<int>();
        for (; node >= 0 && gone[node] < 0; node = both.Parents[node]) path.Push(node);
        int at = node < 0 ? root : gone[node];
        while (path.TryPop(out int next)) gone[next] = at = builder.AddNode(at, labels[both.NodeLabels[next]]);
        return at;
    }

    private static List<FlameChange> Compare(FlameTree tree)
    {
        long[] before = new long[tree.Labels.Count], after = new long[tree.Labels.Count];
        int[] open = new int[tree.Labels.Count];
        var path = new Stack<int>();
        for (int i = 0; i < tree.Count; i++)
        {
            int label = tree.NodeLabels[i];
            while (path.TryPeek(out int top) && top != tree.Parents[i]) open[tree.NodeLabels[path.Pop()]]--;
            path.Push(i);
            if (open[label]++ > 0) continue;
            after[label] = Saturating.Add(after[label], tree.Totals[i]);
            if (tree.Before is { } was) before[label] = Saturating.Add(before[label], was[i]);
        }

        List<FlameChange> changes = [.. Enumerable.Range(0, before.Length).Select(l => new FlameChange(l, before[l], after[l])).Where(c => c.Before > 0 || c.After > 0)];
        changes.Sort((a, b) => Math.Abs(b.Delta) != Math.Abs(a.Delta) ? Math.Abs(b.Delta).CompareTo(Math.Abs(a.Delta)) : tree.Labels[a.Label].SequenceCompareTo(tree.Labels[b.Label]));
        return changes;
    }
}
