using System.Runtime.InteropServices;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>Objects of one label that are new below one unit of the frontier.</summary>
/// <param name="Label">Number of the label.</param>
/// <param name="Rank">What the label says.</param>
/// <param name="Example">The first of them.</param>
internal record struct UnitContent(long Label, NameRank Rank, NodeIndex Example)
{
    /// <summary>How many there are.</summary>
    public int Count { get; set; }

    /// <summary>Their bytes, with those of what says less and is kept by one of them alone.</summary>
    public long Bytes { get; set; }
}

/// <summary>What is new below each unit of the frontier, by label, and so what to call it.</summary>
internal sealed class UnitContents
{
    private readonly Dictionary<int, Dictionary<long, UnitContent>> _contents = [];

    /// <summary>Labels that a unit leaves behind at least half as often as its own objects say what it is about.</summary>
    private const double LeastShare = 0.5;

    /// <summary>Everything below a unit that says something, most bytes first.</summary>
    public List<UnitContent> Of(int unit) =>
        _contents.TryGetValue(unit, out Dictionary<long, UnitContent>? contents)
            ? [.. contents.Values.OrderByDescending(c => c.Bytes).ThenBy(c => c.Label)]
            : [];

    public static UnitContents Run(Heap heap, ObjectAges ages, GrowthTree tree, Frontier frontier, NameRanks ranks, Work work)
    {
        var result = new UnitContents();
        using Column<int> owners = Column<int>.Filled(heap.Graph.NodeCount, -1);
        ReadOnlySpan<NodeIndex> order = heap.Dominators.Order;
        ReadOnlySpan<int> parents = heap.Dominators.Parents;
        int context = heap.Graph.Strings.Find("system / NativeContext"u8);
        for (int i = 1; i < order.Length; i++)
        {
            work.ThrowIfCancelled(i);
            NodeIndex node = order[i];
            int unit = frontier.Of(node);
            if (unit < 0 || ages[node] == 0) continue;
            NodeIndex dominator = order[parents[i]];
            int above = frontier.Of(dominator) == unit ? owners[(int)dominator] : -1;

            // Every vm context comes with the classes of the language: they are parts of it.
            bool isContext = heap.Graph.NodeNames[(int)node] == context && heap.Graph.NodeTypes[(int)node] == NodeType.Hidden;
            bool isOfContext = above >= 0 && heap.Graph.NodeNames[above] == context;
            bool speaks = isContext || (!isOfContext && (ranks[node] == NameRank.Class || above < 0 || ranks[node] > ranks[(NodeIndex)above]));
            int owner = speaks ? (int)node : above;
            owners[(int)node] = owner;
            result.Add(unit, tree.Merge.NodeLabels.Of((NodeIndex)owner), ranks[(NodeIndex)owner], (NodeIndex)owner, heap.Shallow[node], speaks);
        }

        return result;
    }

    /// <summary>What a unit's objects are to be called: those that accumulate, or, where these say little, what hangs on them.</summary>
    public UnitContent Choose(GrowingUnit unit)
    {
        List<UnitContent> contents = Of(unit.Number);
        int born = unit.Born;
        UnitContent own = contents.FirstOrDefault(c => c.Label == unit.Label, new UnitContent(unit.Label, NameRank.Plumbing, unit.Example));
        if (own.Rank == NameRank.Class) return own;
        foreach (NameRank rank in (ReadOnlySpan<NameRank>)[NameRank.Class, NameRank.Kind, NameRank.Shapeless])
        {
            if (own.Rank == rank) return own;
            UnitContent? best = contents.Where(c => c.Rank == rank && c.Count >= LeastShare * born).Cast<UnitContent?>().FirstOrDefault();
            if (best is { } found) return found;
        }

        return own;
    }

    private void Add(int unit, long label, NameRank rank, NodeIndex example, long bytes, bool counts)
    {
        ref Dictionary<long, UnitContent>? contents = ref CollectionsMarshal.GetValueRefOrAddDefault(_contents, unit, out _);
        ref UnitContent content = ref CollectionsMarshal.GetValueRefOrAddDefault(contents ??= [], label, out bool known);
        if (!known) content = new UnitContent(label, rank, example);
        content.Bytes += bytes;
        if (counts) content.Count++;
    }
}
