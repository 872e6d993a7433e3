using System.Numerics;
using Holdfast.Common;

namespace Holdfast.Model;

/// <summary>Where a function, or the constructor of an object, stands in its script. Line and column count from 0.</summary>
public readonly record struct Location(uint ScriptId, uint Line, uint Column);

/// <summary>
/// Locations by node, for the few nodes that have one: a bit per node with ranks, and 12 bytes a location.
/// </summary>
public sealed class LocationTable : IDisposable
{
    private readonly BitColumn _has;
    private readonly Column<int> _ranks;
    private readonly Column<Location> _locations;

    /// <param name="nodeCount">Nodes in the graph.</param>
    /// <param name="rows">Pairs in the order of the file; a later row for the same node replaces an earlier one.</param>
    internal LocationTable(int nodeCount, ReadOnlySpan<LocationRow> rows)
    {
        _has = new BitColumn(nodeCount);
        foreach (LocationRow row in rows) _has[(int)row.Node] = true;

        Span<ulong> words = _has.Words;
        _ranks = new Column<int>(words.Length);
        int count = 0;
        for (int i = 0; i < words.Length; i++)
        {
            _ranks[i] = count;
            count += BitOperations.PopCount(words[i]);
        }

        _locations = new Column<Location>(count);
        foreach (LocationRow row in rows) _locations[Rank((int)row.Node)] = row.Location;
    }

    public int Count => _locations.Length;

    public bool TryGet(NodeIndex node, out Location location)
    {
        bool has = _has[(int)node];
        location = has ? _locations[Rank((int)node)] : default;
        return has;
    }

    public void Dispose()
    {
        _has.Dispose();
        _ranks.Dispose();
        _locations.Dispose();
    }

    private int Rank(int node) =>
        _ranks[node >> 6] + BitOperations.PopCount(_has.Words[node >> 6] & ((1UL << (node & 63)) - 1));
}

/// <summary>One entry of the <c>locations</c> section.</summary>
public readonly record struct LocationRow(NodeIndex Node, Location Location);
