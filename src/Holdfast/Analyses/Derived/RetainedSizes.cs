using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>Bytes that would be freed with a node: its own and those of all it dominates. 8 bytes a node.</summary>
public sealed class RetainedSizes : IDisposable
{
    /// <summary>Nodes looked ahead for their sizes.</summary>
    private const int Ahead = 16;

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
        Column<long> column = Column<long>.Uninitialized(count);
        Unchecked<long> sizes = column.Span;
        for (int node = 0; node < count; node++) sizes[node] = shallow[(NodeIndex)node];
        for (int place = count - 1; place > 0; place--)
        {
            work.ThrowIfCancelled(place);
            sizes.Prefetch((int)order[Math.Max(0, place - Ahead)]);
            sizes[(int)order[parents[place]]] += sizes[(int)order[place]];
        }

        return new RetainedSizes(column);
    }

    public void Dispose() => _sizes.Dispose();
}
