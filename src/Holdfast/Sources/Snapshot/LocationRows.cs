using Holdfast.Model;

namespace Holdfast.Sources.Snapshot;

/// <summary>Writes the rows of <c>locations</c>; like <c>to_node</c>, <c>object_index</c> counts numbers, not nodes.</summary>
internal sealed class LocationRows : IRowSink
{
    private readonly HeapGraphBuilder _builder;
    private readonly int _node;
    private readonly int _script;
    private readonly int _line;
    private readonly int _column;
    private readonly ulong _nodeFields;

    public LocationRows(SnapshotHeader header, HeapGraphBuilder builder)
    {
        _builder = builder;
        FieldCount = header.LocationFields.Count;
        _node = header.Require(header.LocationFields, "object_index", "location_fields");
        _script = header.Require(header.LocationFields, "script_id", "location_fields");
        _line = header.Require(header.LocationFields, "line", "location_fields");
        _column = header.Require(header.LocationFields, "column", "location_fields");
        _nodeFields = (ulong)header.NodeFields.Count;
    }

    public int FieldCount { get; }

    public long DeclaredRows => -1;

    public void Resize(long rows) => _builder.Locations.Resize(rows);

    public void Write(long firstRow, ReadOnlySpan<ulong> values)
    {
        Span<LocationRow> rows = _builder.Locations.Span.Slice((int)firstRow, values.Length / FieldCount);
        for (int i = 0; i < rows.Length; i++)
        {
            ReadOnlySpan<ulong> row = values.Slice(i * FieldCount, FieldCount);
            ulong node = row[_node] / _nodeFields;
            if (row[_node] % _nodeFields != 0 || node > int.MaxValue)
                throw new RowException(firstRow + i, $"object_index {row[_node]}", $"a multiple of {_nodeFields} below 2^31 nodes");
            if ((row[_script] | row[_line] | row[_column]) > uint.MaxValue)
                throw new RowException(firstRow + i, $"script {row[_script]}, line {row[_line]}, column {row[_column]}", "numbers below 2^32");
            rows[i] = new LocationRow((NodeIndex)node, new Location((uint)row[_script], (uint)row[_line], (uint)row[_column]));
        }
    }
}
