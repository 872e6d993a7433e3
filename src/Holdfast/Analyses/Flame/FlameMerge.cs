using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Flame;

/// <summary>Merges a profile's stacks into a tree.</summary>
public static class FlameMerge
{
    public static FlameTree Run(StackProfile profile, FlameOptions options, Work work)
    {
        var tree = new FlameTreeBuilder();
        Add(tree, profile, options, work, tree.AddSelf);
        return tree.Build(work);
    }

    /// <summary>Adds all stacks of a profile to a tree; what each has goes where <paramref name="count"/> puts it.</summary>
    internal static void Add(FlameTreeBuilder tree, StackProfile profile, FlameOptions options, Work work, Action<int, long> count)
    {
        var labels = new FrameLabels(profile, options, tree);
        if (options.Reverse) AddReversed(tree, profile, labels, work, count);
        else AddForward(tree, profile, labels, work, count);
    }

    private static void AddForward(FlameTreeBuilder tree, StackProfile profile, FrameLabels labels, Work work, Action<int, long> count)
    {
        ReadOnlySpan<int> parents = profile.Parents, frames = profile.StackFrames;
        ReadOnlySpan<long> weights = profile.Weights;
        int[] nodes = new int[profile.StackCount];
        for (int stack = 0; stack < nodes.Length; stack++)
        {
            work.ThrowIfCancelled(stack);
            int parent = parents[stack] < 0 ? -1 : nodes[parents[stack]];
            nodes[stack] = Below(tree, parent, frames[stack], labels);
            if (weights[stack] > 0) count(nodes[stack], weights[stack]);
        }
    }

    private static void AddReversed(FlameTreeBuilder tree, StackProfile profile, FrameLabels labels, Work work, Action<int, long> count)
    {
        ReadOnlySpan<int> parents = profile.Parents, frames = profile.StackFrames;
        ReadOnlySpan<long> weights = profile.Weights;
        for (int stack = 0; stack < profile.StackCount; stack++)
        {
            work.ThrowIfCancelled(stack);
            if (weights[stack] == 0) continue;
            int node = -1;
            for (int at = stack; at >= 0; at = parents[at]) node = Below(tree, node, frames[at], labels);
            count(node, weights[stack]);
        }
    }

    private static int Below(FlameTreeBuilder tree, int parent, int frame, FrameLabels labels)
    {
        int label = labels.Of(frame);
        return parent >= 0 && labels.Collapses(frame) && tree.LabelOf(parent) == label ? parent : tree.AddNode(parent, label);
    }
}
