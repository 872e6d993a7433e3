using Holdfast.Common;

namespace Holdfast.Reports;

/// <summary>What a frame of a drawing is, which decides its colour.</summary>
public enum FlameCategory : byte
{
    Unknown,
    JavaScript,
    Builtin,
    Native,
    Collector,
    Kernel,
    Process,
    Heap,
}

/// <summary>How frames are coloured.</summary>
public enum FlamePalette
{
    /// <summary>Greens and blues: memory.</summary>
    Memory,

    /// <summary>Reds and yellows: processor time.</summary>
    Hot,

    /// <summary>By what frames are.</summary>
    Kind,
}

/// <summary>What is known of a name in a drawing.</summary>
public readonly record struct FlameName(FlameCategory Category, string? File, int Line, int Column);

/// <summary>
/// A flame graph for views to draw: nodes in the order of a walk, callers before callees. Columns are shared with the tree they come from.
/// </summary>
/// <param name="Title">A heading.</param>
/// <param name="Subtitle">What it is of, or null.</param>
/// <param name="Unit">What weights count: "page faults".</param>
/// <param name="IsBytes">Whether weights are bytes.</param>
/// <param name="Names">Names, each once.</param>
/// <param name="NameFacts">By name.</param>
/// <param name="Parents">By node: the caller's place, or -1.</param>
/// <param name="NodeNames">By node: its name.</param>
/// <param name="Depths">By node: 0 for a root.</param>
/// <param name="Self">By node: what was seen exactly here.</param>
/// <param name="Totals">By node: with all below it.</param>
/// <param name="Before">By node, in a comparison: the total before; else null.</param>
/// <param name="Total">All roots' totals.</param>
public sealed record FlameGraph(
    string Title, string? Subtitle, string Unit, bool IsBytes, ByteTable Names, IReadOnlyList<FlameName> NameFacts,
    int[] Parents, int[] NodeNames, int[] Depths, long[] Self, long[] Totals, long[]? Before, long Total)
{
    public int Count => Parents.Length;

    public FlamePalette Palette { get; init; }

    /// <summary>Whether folded text writes functions of JavaScript as <c>JS:name</c>, so that they are known again.</summary>
    public bool NamesScripts { get; init; }

    /// <summary>Whether callers are above.</summary>
    public bool IsInverted { get; init; }

    /// <summary>Frames narrower than this many of 1,200 pixels are not drawn; what leads to them is.</summary>
    public double LeastWidth { get; init; } = 0.1;

    /// <summary>Pixels of a drawing's width.</summary>
    public int Width { get; init; } = 1200;
}
