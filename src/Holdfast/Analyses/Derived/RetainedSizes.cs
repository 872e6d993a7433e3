using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>Bytes that would be freed with a node: its own and those of all it dominates. 8 bytes a node.</summary>
public sealed class RetainedSizes : IDisposable
{
    private readonly Column<long> _sizes;

    private RetainedSizes(Column<long> sizes) => _sizes = sizes;

    /// <summary>Bytes, one value a node.</summary>
    public ReadOnlySpan<long> Span => _sizes.Span;

    public long this[NodeIndex node] => _sizes[(int)node];

    public static RetainedSizes Run(DominatorTree tree, ShallowSizes shallow, Work work)
    {
        work.Report("adding retained sizes");
        Unchecked<NodeIndex> order = tree.Order;
        Unchecked<int> parents = tree.Parents;
        int count = tree.Order.Length;
        using Column<long> placeColumn = Column<long>.Uninitialized(count);
        Unchecked<long> byPlace = placeColumn.Span;
        for (int place = 0; place < count; place++) byPlace[place] = shallow[order[place]];
        for (int place = count - 1; place > 0; place--)
        {
            work.ThrowIfCancelled(place);
            byPlace[parents[place]] += byPlace[place];
        }

        Column<long> column = Column<long>.Uninitialized(count);
        Unchecked<long> sizes = column.Span;
        for (int place = 0; place < count; place++) sizes[(int)order[place]] = byPlace[place];
        return new RetainedSizes(column);
    }

    public void Dispose() => _sizes.Dispose();
}
