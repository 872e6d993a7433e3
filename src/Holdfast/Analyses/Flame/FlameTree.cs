using Holdfast.Common;

namespace Holdfast.Analyses.Flame;

/// <summary>
/// Stacks merged into a tree, in columns: nodes in the order a walk comes to them, callers before callees, those of one caller by
/// the bytes of their labels. 28 bytes a node, 36 in a comparison.
/// </summary>
public sealed class FlameTree
{
    internal FlameTree(ByteTable labels, IReadOnlyList<FlameLabel> kinds, int[] parents, int[] nodeLabels, int[] depths, long[] self, long[] totals, long[]? before)
    {
        (Labels, LabelFacts) = (labels, kinds);
        (Parents, NodeLabels, Depths, Self, Totals, Before) = (parents, nodeLabels, depths, self, totals, before);
        for (int i = 0; i < parents.Length; i++)
        {
            if (parents[i] < 0) Total = Saturating.Add(Total, totals[i]);
            Depth = Math.Max(Depth, depths[i] + 1);
        }
    }

    /// <summary>Texts of labels, each once.</summary>
    public ByteTable Labels { get; }

    /// <summary>By label.</summary>
    public IReadOnlyList<FlameLabel> LabelFacts { get; }

    public int Count => Parents.Length;

    /// <summary>By node: its caller's place, which is before it, or -1.</summary>
    public int[] Parents { get; }

    /// <summary>By node: its label.</summary>
    public int[] NodeLabels { get; }

    /// <summary>By node: 0 for a root.</summary>
    public int[] Depths { get; }

    /// <summary>By node: what was seen exactly here.</summary>
    public long[] Self { get; }

    /// <summary>By node: the same with all below it.</summary>
    public long[] Totals { get; }

    /// <summary>By node, in a comparison: the total before, brought to the same scale; else null.</summary>
    public long[]? Before { get; }

    /// <summary>All roots' totals.</summary>
    public long Total { get; }

    /// <summary>Levels.</summary>
    public int Depth { get; }
}
