namespace Holdfast.Sources.CoreDump.Debugging.Values;

/// <summary>How much of a value is read.</summary>
/// <param name="Depth">Levels of objects that are taken apart: 0 gives one line, 1 the object's own parts.</param>
/// <param name="Items">Parts of each group.</param>
/// <param name="Characters">Characters of each string, but of its one-line text.</param>
internal sealed record ValueOptions(int Depth = 1, int Items = 50, int Characters = 200)
{
    /// <summary>Also the map and what its fields are.</summary>
    public bool WithMap { get; init; }

    /// <summary>Also the source text of functions.</summary>
    public bool WithSource { get; init; }
}
