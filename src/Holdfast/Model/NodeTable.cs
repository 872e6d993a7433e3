using Holdfast.Common;

namespace Holdfast.Model;

/// <summary>
/// The node columns of a graph being built; a reader fills them by row from several threads at once.
/// </summary>
public sealed class NodeTable : IDisposable
{
    private readonly Lock _adding = new();

    public Column<NodeType> Types { get; } = new(0);

    /// <summary>String indexes.</summary>
    public Column<int> Names { get; } = new(0);

    public WideColumn Ids { get; } = new(0);

    /// <summary>Bytes of the object itself, as its producer counts them.</summary>
    public WideColumn SelfSizes { get; } = new(0);

    /// <summary>Number of outgoing edges; one value more than there are nodes, for the sum.</summary>
    public Column<int> EdgeCounts { get; } = new(0);

    /// <summary>Allocation trace node of each node, where allocation was tracked.</summary>
    public Column<uint>? TraceNodes { get; private set; }

    /// <summary>DOM state (0 unknown, 1 attached, 2 detached), where some node has one.</summary>
    public Column<byte>? Detachedness { get; private set; }

    public int Length => Types.Length;

    public void Resize(long length)
    {
        if (length > Limits.MaxNodes)
            throw new InputException($"{length} nodes are more than a graph can hold ({Limits.MaxNodes}, limit MaxNodes)");
        Types.Resize(length);
        Names.Resize(length);
        Ids.Resize(length);
        SelfSizes.Resize(length);
        EdgeCounts.Resize(length + 1);
        TraceNodes?.Resize(length);
        Detachedness?.Resize(length);
    }

    /// <summary>The column, made when first asked for: most snapshots hold nothing but zeroes here.</summary>
    public Column<uint> EnsureTraceNodes()
    {
        lock (_adding) return TraceNodes ??= new Column<uint>(Length);
    }

    /// <inheritdoc cref="EnsureTraceNodes"/>
    public Column<byte> EnsureDetachedness()
    {
        lock (_adding) return Detachedness ??= new Column<byte>(Length);
    }

    public void Dispose()
    {
        Types.Dispose();
        Names.Dispose();
        Ids.Dispose();
        SelfSizes.Dispose();
        EdgeCounts.Dispose();
        TraceNodes?.Dispose();
        Detachedness?.Dispose();
    }
}
