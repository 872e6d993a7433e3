using Holdfast.Common;

namespace Holdfast.Analyses.Flame;

/// <summary>Makes a <see cref="FlameTree"/>, node by node in any order that has callers first.</summary>
internal sealed class FlameTreeBuilder
{
    private readonly List<FlameLabel> _facts = [];
    private readonly PairTable _nodes = new();
    private long[] _self = new long[256];
    private long[]? _before;

    public ByteTable Labels { get; } = new();

    public int AddLabel(ReadOnlySpan<byte> text, FlameLabel facts)
    {
        int label = Labels.Add(text);
        if (label == _facts.Count) _facts.Add(facts);
        return label;
    }

    public int LabelOf(int node) => _nodes.Seconds[node];

    /// <summary>The node with this label below another one (-1: none), which is added where it is new.</summary>
    public int AddNode(int parent, int label)
    {
        int node = _nodes.Add(parent, label);
        if (node >= _self.Length)
        {
            Array.Resize(ref _self, _self.Length * 2);
            if (_before is not null) Array.Resize(ref _before, _self.Length);
        }

        return node;
    }

    public void AddSelf(int node, long weight) => _self[node] = Saturating.Add(_self[node], weight);

    /// <summary>Counts what was before, in a comparison.</summary>
    public void AddBefore(int node, long weight)
    {
        _before ??= new long[_self.Length];
        _before[node] = Saturating.Add(_before[node], weight);
    }

    public FlameTree Build(Work work)
    {
        int count = _nodes.Count;
        _nodes.EndAdding();
        ReadOnlySpan<int> oldParents = _nodes.Firsts, oldLabels = _nodes.Seconds;
        int[] order = Walk(oldParents, oldLabels, work);
        int[] places = new int[count], parents = new int[count], labels = new int[count], depths = new int[count];
        long[] self = new long[count], totals = new long[count];
        long[]? before = _before is null ? null : new long[count];
        for (int i = 0; i < count; i++)
        {
            int old = order[i];
            places[old] = i;
            parents[i] = oldParents[old] < 0 ? -1 : places[oldParents[old]];
            depths[i] = parents[i] < 0 ? 0 : depths[parents[i]] + 1;
            labels[i] = oldLabels[old];
            self[i] = totals[i] = _self[old];
            if (before is not null) before[i] = _before![old];
        }

        for (int i = count - 1; i >= 0; i--)
        {
            if (parents[i] < 0) continue;
            totals[parents[i]] = Saturating.Add(totals[parents[i]], totals[i]);
            if (before is not null) before[parents[i]] = Saturating.Add(before[parents[i]], before[i]);
        }

        return new FlameTree(Labels, _facts, parents, labels, depths, self, totals, before);
    }

    /// <summary>Nodes in the tree's order: sorted by label for all callers at once, then walked.</summary>
    private int[] Walk(ReadOnlySpan<int> parents, ReadOnlySpan<int> labels, Work work)
    {
        int count = parents.Length;
        int[] byLabel = SortBy(labels, Ranks(), Labels.Count);
        work.ThrowIfCancelled();
        int[] starts = new int[count + 2];
        foreach (int parent in parents) starts[parent + 2]++;
        for (int i = 1; i < starts.Length; i++) starts[i] += starts[i - 1];
        int[] children = new int[count];
        foreach (int node in byLabel) children[starts[parents[node] + 1]++] = node;

        // Each has moved to where the next began.
        starts.AsSpan(0, count + 1).CopyTo(starts.AsSpan(1));
        starts[0] = 0;

        int[] order = byLabel;
        var waiting = new Stack<int>();
        for (int i = starts[1] - 1; i >= 0; i--) waiting.Push(children[i]);
        int place = 0;
        while (waiting.TryPop(out int node))
        {
            order[place++] = node;
            for (int i = starts[node + 2] - 1; i >= starts[node + 1]; i--) waiting.Push(children[i]);
        }

        return order;
    }

    private int[] Ranks()
    {
        int[] sorted = new int[Labels.Count];
        for (int i = 0; i < sorted.Length; i++) sorted[i] = i;
        Array.Sort(sorted, (a, b) => Labels[a].SequenceCompareTo(Labels[b]));
        int[] ranks = new int[sorted.Length];
        for (int i = 0; i < sorted.Length; i++) ranks[sorted[i]] = i;
        return ranks;
    }

    /// <summary>Places 0, 1, … sorted by the rank of their label.</summary>
    private static int[] SortBy(ReadOnlySpan<int> labels, int[] ranks, int labelCount)
    {
        int[] next = new int[labelCount + 1];
        foreach (int label in labels) next[ranks[label] + 1]++;
        for (int i = 1; i < next.Length; i++) next[i] += next[i - 1];
        int[] sorted = new int[labels.Length];
        for (int i = 0; i < labels.Length; i++) sorted[next[ranks[labels[i]]]++] = i;
        return sorted;
    }
}
