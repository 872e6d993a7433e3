using Holdfast.Common;

namespace Holdfast.Sources.Snapshot;

/// <summary>Keeps the rows of a small section as they are: locations, trace functions, samples.</summary>
internal sealed class TableRows(int fieldCount) : IRowSink
{
    private ulong[] _values = [];

    public int FieldCount => fieldCount;

    public long DeclaredRows => -1;

    public int Count => _values.Length / fieldCount;

    /// <summary>Row <paramref name="row"/>, one value a field.</summary>
    public ReadOnlySpan<ulong> this[int row] => _values.AsSpan(row * fieldCount, fieldCount);

    public void Resize(long rows)
    {
        if (rows * fieldCount > Array.MaxLength) throw new InputException($"{rows} rows are more than this table can hold");
        Array.Resize(ref _values, (int)rows * fieldCount);
    }

    public void Write(long firstRow, ReadOnlySpan<ulong> values) => values.CopyTo(_values.AsSpan((int)firstRow * fieldCount));
}
