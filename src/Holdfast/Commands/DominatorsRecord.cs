namespace Holdfast.Commands;

/// <summary>The answer of <c>dominators</c>. Sizes are bytes.</summary>
/// <param name="TotalSize">What the root retains, and the producer's extra native bytes.</param>
/// <param name="Start">The object asked for, or the root.</param>
/// <param name="Dominated">Nodes below it in the tree.</param>
/// <param name="ChildCount">Nodes right below it.</param>
/// <param name="Chain">Its dominators, from its own up to the root; empty for the root.</param>
/// <param name="Tree">The biggest of what it dominates.</param>
/// <param name="LeftOut">Nodes right below the start that have no row.</param>
/// <param name="LeftOutSize">Bytes those retain.</param>
public sealed record DominatorsRecord(
    long TotalSize, NodeRecord Start, int Dominated, int ChildCount, IReadOnlyList<NodeRecord> Chain,
    IReadOnlyList<DominatorBranchRecord> Tree, int LeftOut, long LeftOutSize);

/// <summary>A row of the tree.</summary>
/// <param name="Id">Object id; of a group, the first object's.</param>
/// <param name="Name">The object's name, or the class of a group.</param>
/// <param name="Type">Its node type.</param>
/// <param name="Group">Whether it stands for the small objects of one class.</param>
/// <param name="Objects">How many objects.</param>
/// <param name="ShallowSize">Bytes of the objects themselves.</param>
/// <param name="RetainedSize">Bytes they retain.</param>
/// <param name="Dominated">Nodes below them in the tree.</param>
/// <param name="LeftOut">Nodes right below that have no row.</param>
/// <param name="LeftOutSize">Bytes those retain.</param>
/// <param name="Children">Rows right below.</param>
public sealed record DominatorBranchRecord(
    ulong Id, string Name, string Type, bool Group, int Objects, long ShallowSize, long RetainedSize, int Dominated,
    int LeftOut, long LeftOutSize, IReadOnlyList<DominatorBranchRecord> Children);
