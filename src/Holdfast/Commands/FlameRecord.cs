namespace Holdfast.Commands;

/// <summary>The answer of <c>flame</c>. Weights are in <paramref name="Unit"/>.</summary>
/// <param name="Source">What was read: "perf script", "folded", "heapprofile" …</param>
/// <param name="Event">What was counted, in the recorder's words.</param>
/// <param name="Unit">What a weight is.</param>
/// <param name="Total">All weights.</param>
/// <param name="Samples">Samples, or objects.</param>
/// <param name="Seconds">From the first sample to the last, where samples have times.</param>
/// <param name="Events">All events met in the input.</param>
/// <param name="Kinds">Weights by what the stacks are.</param>
/// <param name="Code">The program's own functions, by what they and what they called in Node and V8 did.</param>
/// <param name="Top">Frames that stacks end with.</param>
/// <param name="Nodes">The tree, callers before callees; small ones are left out.</param>
/// <param name="NodeCount">Nodes of the whole tree.</param>
public sealed record FlameRecord(
    string Source, string Event, string Unit, long Total, long Samples, double? Seconds, IReadOnlyList<FlameEventRecord> Events,
    IReadOnlyList<FlameKindRecord> Kinds, IReadOnlyList<FlameFrameRecord> Code, IReadOnlyList<FlameFrameRecord> Top,
    IReadOnlyList<FlameNodeRecord> Nodes, int NodeCount);

/// <summary>An event of a recording.</summary>
public sealed record FlameEventRecord(string Name, long Samples, long Weight, bool Counted);

/// <summary>What stacks of a kind weigh.</summary>
public sealed record FlameKindRecord(string Kind, long Weight);

/// <summary>A function: what stacks that end with it weigh, those it is in, and those in which it is the innermost code of the program's own.</summary>
public sealed record FlameFrameRecord(string Name, string Kind, string? File, int? Line, int? Column, long Self, long Total, long Caused);

/// <summary>A node of the tree; the parent is a place in the same list, -1 for a root.</summary>
public sealed record FlameNodeRecord(int Parent, string Name, string Kind, long Self, long Total);
