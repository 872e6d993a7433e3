using Holdfast.Common;

namespace Holdfast.Model;

/// <summary>The edge columns of a graph being built, grouped by source node in node order. 9 bytes an edge.</summary>
public sealed class EdgeTable : IDisposable
{
    public Column<EdgeType> Types { get; } = new(0);

    /// <summary>String index, or the number itself for element and hidden edges.</summary>
    public Column<uint> Names { get; } = new(0);

    public Column<NodeIndex> Targets { get; } = new(0);

    public int Length => Types.Length;

    public void Resize(long length)
    {
        if (length > Limits.MaxEdges)
            throw new InputException($"{length} edges are more than a graph can hold ({Limits.MaxEdges}, limit MaxEdges)");
        Types.Resize(length);
        Names.Resize(length);
        Targets.Resize(length);
    }

    public void Dispose()
    {
        Types.Dispose();
        Names.Dispose();
        Targets.Dispose();
    }
}
