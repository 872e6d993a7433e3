using Holdfast.Analyses;
using Holdfast.Model.Debugging;

namespace Holdfast.Commands;

/// <summary>The answer of <c>inspect</c>. Sizes are bytes.</summary>
/// <param name="Id">Object id.</param>
/// <param name="Class">Its class in the class table.</param>
/// <param name="Type">Its node type.</param>
/// <param name="Name">Its name; of a string its text, cut unless all of it was asked for.</param>
/// <param name="ShallowSize">Bytes of the object itself.</param>
/// <param name="RetainedSize">Bytes freed with it.</param>
/// <param name="Distance">Steps from the program's roots; 100,000,000 and more from V8's own; -5 where no path leads to it.</param>
/// <param name="Dominator">The last object on all paths to it; null for the root.</param>
/// <param name="Location">Where the function, or the object's constructor, stands; null where unknown.</param>
/// <param name="Detachedness">Of DOM nodes: <c>attached</c> or <c>detached</c>; else null.</param>
/// <param name="Edges">What it points at, by edge type.</param>
/// <param name="Retainers">What points at it, nearest to the roots first.</param>
/// <param name="RetainerCount">Edges that lead to it.</param>
/// <param name="AllocatedBy">Functions on the stack when it was allocated, innermost first; null without allocation tracking.</param>
public sealed record InspectRecord(
    ulong Id, string Class, string Type, string Name, long ShallowSize, long RetainedSize, int Distance, NodeRecord? Dominator,
    LocationRecord? Location, string? Detachedness, IReadOnlyList<EdgeGroupRecord> Edges, IReadOnlyList<LinkRecord> Retainers,
    int RetainerCount, IReadOnlyList<FrameRecord>? AllocatedBy)
{
    /// <summary>Of core dumps: what it consists of; else null.</summary>
    public Value? Value { get; init; }
}

/// <summary>The edges of one type.</summary>
/// <param name="EdgeType">The type.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Links">The first of them.</param>
public sealed record EdgeGroupRecord(string EdgeType, int Count, IReadOnlyList<LinkRecord> Links);

/// <summary>An edge, and the object at its other end.</summary>
public sealed record LinkRecord(
    string Edge, string EdgeType, ulong Id, string Node, string NodeType, int Distance, long ShallowSize, long RetainedSize);

/// <summary>A function on a stack. Line and column count from 1; 0 is unknown.</summary>
public sealed record FrameRecord(string Function, string Script, long Line, long Column)
{
    public static FrameRecord From(AllocationFrame frame) => new(frame.Function, frame.Script, frame.Line, frame.Column);
}
