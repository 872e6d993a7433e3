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
        ReadOnlySpan<NodeIndex> order = tree.Order;
        ReadOnlySpan<NodeIndex> dominators = tree.Dominators;
        Column<long> column = Column<long>.Uninitialized(order.Length);
        Span<long> sizes = column.Span;
        ReadOnlySpan<uint> low = shallow.Column.Low.Span;
        for (int i = 0; i < sizes.Length; i++) sizes[i] = shallow.Column.IsWide ? shallow[(NodeIndex)i] : low[i];
        for (int i = order.Length - 1; i > 0; i--)
        {
            work.ThrowIfCancelled(i);
            int node = (int)order[i];
            sizes[(int)dominators[node]] += sizes[node];
        }

        return new RetainedSizes(column);
    }

    public void Dispose() => _sizes.Dispose();
}
