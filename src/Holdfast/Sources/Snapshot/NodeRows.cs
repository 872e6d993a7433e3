using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Sources.Snapshot;

/// <summary>Writes the rows of <c>nodes</c> into the columns of a graph.</summary>
internal sealed class NodeRows : IRowSink
{
    private readonly NodeTable _nodes;
    private readonly byte[] _types;
    private readonly int _type;
    private readonly int _name;
    private readonly int _id;
    private readonly int _size;
    private readonly int _edgeCount;
    private readonly int _traceNode;
    private readonly int _detachedness;

    public NodeRows(SnapshotHeader header, HeapGraphBuilder builder)
    {
        _nodes = builder.Nodes;
        FieldCount = header.NodeFields.Count;
        DeclaredRows = header.NodeCount;
        _types = SnapshotHeader.MapTypes(header.NodeTypeNames, builder.NodeTypeNames);
        _type = header.Require(header.NodeFields, "type", "node_fields");
        _name = header.Require(header.NodeFields, "name", "node_fields");
        _id = header.Require(header.NodeFields, "id", "node_fields");
        _size = header.Require(header.NodeFields, "self_size", "node_fields");
        _edgeCount = header.Require(header.NodeFields, "edge_count", "node_fields");
        _traceNode = SnapshotHeader.Find(header.NodeFields, "trace_node_id");
        _detachedness = SnapshotHeader.Find(header.NodeFields, "detachedness");
    }

    public int FieldCount { get; }

    public long DeclaredRows { get; }

    public void Resize(long rows) => _nodes.Resize(rows);

    public void Write(long firstRow, ReadOnlySpan<ulong> values)
    {
        int rows = values.Length / FieldCount;
        int first = (int)firstRow;
        Span<NodeType> types = _nodes.Types.Span.Slice(first, rows);
        Span<int> names = _nodes.Names.Span.Slice(first, rows);
        Span<uint> ids = _nodes.Ids.Low.Span.Slice(first, rows);
        Span<uint> sizes = _nodes.SelfSizes.Low.Span.Slice(first, rows);
        Span<int> edgeCounts = _nodes.EdgeCounts.Span.Slice(first, rows);
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<ulong> row = values.Slice(i * FieldCount, FieldCount);
            ulong type = row[_type], name = row[_name], id = row[_id], size = row[_size], edgeCount = row[_edgeCount];
            if (type >= (ulong)_types.Length) throw new RowException(firstRow + i, $"node type {type}", $"0 to {_types.Length - 1}");
            if ((name | edgeCount) > int.MaxValue) throw new RowException(firstRow + i, $"name {name}, edge_count {edgeCount}", "numbers below 2^31");
            types[i] = (NodeType)_types[type];
            names[i] = (int)name;
            edgeCounts[i] = (int)edgeCount;
            ids[i] = (uint)id;
            sizes[i] = (uint)size;
            if ((id | size) > uint.MaxValue) WriteWide(first + i, id, size);
        }

        if (_traceNode >= 0) WriteTraceNodes(first, values);
        if (_detachedness >= 0) WriteDetachedness(first, values);
    }

    private void WriteWide(int node, ulong id, ulong size)
    {
        _nodes.Ids[node] = id;
        _nodes.SelfSizes[node] = size;
    }

    private void WriteTraceNodes(int first, ReadOnlySpan<ulong> values)
    {
        Column<uint>? column = _nodes.TraceNodes;
        for (int i = 0, at = _traceNode; at < values.Length; i++, at += FieldCount)
        {
            ulong value = values[at];
            if (value == 0) continue;
            if (value > uint.MaxValue) throw new RowException(first + i, $"trace_node_id {value}", "a number below 2^32");
            column ??= _nodes.EnsureTraceNodes();
            column[first + i] = (uint)value;
        }
    }

    private void WriteDetachedness(int first, ReadOnlySpan<ulong> values)
    {
        Column<byte>? column = _nodes.Detachedness;
        for (int i = 0, at = _detachedness; at < values.Length; i++, at += FieldCount)
        {
            ulong value = values[at];
            if (value == 0) continue;
            column ??= _nodes.EnsureDetachedness();

            // Two bits, as DevTools keeps it.
            column[first + i] = (byte)(value & 3);
        }
    }
}
