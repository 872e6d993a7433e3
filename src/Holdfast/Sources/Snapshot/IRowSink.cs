namespace Holdfast.Sources.Snapshot;

/// <summary>Takes the rows of a section of numbers, from several threads at once, each row once.</summary>
internal interface IRowSink
{
    /// <summary>Numbers in a row.</summary>
    int FieldCount { get; }

    /// <summary>Rows the header announces, or -1.</summary>
    long DeclaredRows { get; }

    /// <summary>Makes room; never called while rows are written.</summary>
    void Resize(long rows);

    /// <summary>Writes whole rows.</summary>
    /// <param name="firstRow">Where they belong.</param>
    /// <param name="values">Numbers, <see cref="FieldCount"/> a row.</param>
    /// <exception cref="RowException">A number is not what its field can be.</exception>
    void Write(long firstRow, ReadOnlySpan<ulong> values);
}

/// <summary>A row with a number that its field cannot hold.</summary>
internal sealed class RowException(long row, string found, string expected) : Exception
{
    public long Row { get; } = row;

    public string Found { get; } = found;

    public string Expected { get; } = expected;
}
