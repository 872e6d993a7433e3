namespace Holdfast.Reports;

/// <summary>What a cell's value is, which decides how a view shows it.</summary>
public enum CellKind
{
    /// <summary>Words.</summary>
    Text,

    /// <summary>A name from the heap (a constructor, an edge, a path): may be cut in the middle to fit.</summary>
    Name,

    /// <summary>A number of bytes.</summary>
    Bytes,

    /// <summary>A change in bytes, with its sign.</summary>
    BytesChange,

    /// <summary>A number of things.</summary>
    Count,

    /// <summary>A change in a number of things, with its sign.</summary>
    CountChange,

    /// <summary>An object id, shown as <c>@id</c>.</summary>
    NodeId,

    /// <summary>A share, in thousandths.</summary>
    Share,

    /// <summary>Nothing.</summary>
    Empty,
}

/// <summary>A typed value that no view has formatted yet.</summary>
public readonly record struct Cell(CellKind Kind, string Words, long Number)
{
    public static Cell Empty { get; } = new(CellKind.Empty, "", 0);

    public static Cell Text(string words) => new(CellKind.Text, words, 0);

    public static Cell Name(string name) => new(CellKind.Name, name, 0);

    public static Cell Bytes(long bytes) => new(CellKind.Bytes, "", bytes);

    public static Cell BytesChange(long bytes) => new(CellKind.BytesChange, "", bytes);

    public static Cell Count(long count) => new(CellKind.Count, "", count);

    public static Cell CountChange(long count) => new(CellKind.CountChange, "", count);

    public static Cell NodeId(ulong id) => new(CellKind.NodeId, "", (long)id);

    /// <summary>A part of a whole; nothing where the whole is nothing.</summary>
    public static Cell Share(long part, long whole) => whole == 0 ? Empty : new(CellKind.Share, "", (long)Math.Round(1000.0 * part / whole));
}
