using Holdfast.Model;

namespace Holdfast.Sources.Snapshot;

/// <summary>
/// Writes the rows of <c>edges</c> into the columns of a graph. <c>to_node</c> counts numbers of the nodes array,
/// not nodes: it is a node's index times the number of node fields.
/// </summary>
internal sealed class EdgeRows : IRowSink
{
    private readonly EdgeTable _edges;
    private readonly byte[] _types;
    private readonly int _type;
    private readonly int _name;
    private readonly int _target;
    private readonly ulong _nodeFields;
    private readonly ulong _reciprocal;

    public EdgeRows(SnapshotHeader header, HeapGraphBuilder builder)
    {
        _edges = builder.Edges;
        FieldCount = header.EdgeFields.Count;
        DeclaredRows = header.EdgeCount;
        _types = SnapshotHeader.MapTypes(header.EdgeTypeNames, builder.EdgeTypeNames);
        _type = header.Require(header.EdgeFields, "type", "edge_fields");
        _name = header.Require(header.EdgeFields, "name_or_index", "edge_fields");
        _target = header.Require(header.EdgeFields, "to_node", "edge_fields");
        _nodeFields = (ulong)header.NodeFields.Count;
        _reciprocal = ulong.MaxValue / _nodeFields + 1;
    }

    public int FieldCount { get; }

    public long DeclaredRows { get; }

    public void Resize(long rows) => _edges.Resize(rows);

    public void Write(long firstRow, ReadOnlySpan<ulong> values)
    {
        int rows = values.Length / FieldCount;
        Span<EdgeType> types = _edges.Types.Span.Slice((int)firstRow, rows);
        Span<uint> names = _edges.Names.Span.Slice((int)firstRow, rows);
        Span<NodeIndex> targets = _edges.Targets.Span.Slice((int)firstRow, rows);
        byte[] typeMap = _types;
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<ulong> row = values.Slice(i * FieldCount, FieldCount);
            ulong type = row[_type], name = row[_name], to = row[_target];

            // Exact division by the field count: right for every number below 2^53, and checked.
            ulong target = _nodeFields == 1 ? to : Math.BigMul(to, _reciprocal, out _);
            if (type >= (ulong)typeMap.Length || name > uint.MaxValue || target > int.MaxValue || target * _nodeFields != to)
                throw Bad(firstRow + i, type, name, to);
            types[i] = (EdgeType)typeMap[type];
            names[i] = (uint)name;
            targets[i] = (NodeIndex)target;
        }
    }

    private RowException Bad(long row, ulong type, ulong name, ulong to) =>
        type >= (ulong)_types.Length ? new RowException(row, $"edge type {type}", $"0 to {_types.Length - 1}")
        : name > uint.MaxValue ? new RowException(row, $"name_or_index {name}", "a number below 2^32")
        : new RowException(row, $"to_node {to}", $"a multiple of {_nodeFields} below 2^31 nodes");
}
