using Holdfast.Analyses;

namespace Holdfast.Commands;

/// <summary>The answer of <c>paths</c>. Sizes are bytes.</summary>
/// <param name="Constructor">What was asked for.</param>
/// <param name="Instances">How many objects it is.</param>
/// <param name="ShallowSize">Bytes of the objects themselves.</param>
/// <param name="RetainedSize">Bytes the objects in the tree retain together.</param>
/// <param name="Reached">Objects in the tree.</param>
/// <param name="OnlyV8">Objects held only through V8's own bookkeeping.</param>
/// <param name="Unreached">Objects no path leads to: held weakly, or garbage not collected yet.</param>
/// <param name="Tree">What the root holds, most objects first.</param>
/// <param name="LeftOut">Branches right below the root that were left out, or null.</param>
/// <param name="BranchCount">Branches of the whole tree.</param>
/// <param name="Samples">Single paths, where asked for.</param>
public sealed record PathsRecord(
    string Constructor, int Instances, long ShallowSize, long RetainedSize, int Reached, int OnlyV8, int Unreached,
    IReadOnlyList<PathBranchRecord> Tree, LeftOutRecord? LeftOut, int BranchCount, IReadOnlyList<PathSampleRecord> Samples);

/// <summary>A branch of the tree.</summary>
/// <param name="Edge">The edge that leads to it; <c>[]</c> for numbered ones, <c>*</c> for many names folded into one.</param>
/// <param name="EdgeType">Its type.</param>
/// <param name="EdgeNames">Different names behind <c>*</c>, else null.</param>
/// <param name="Node">What it leads to: a class, a function's name and (), V8's own name.</param>
/// <param name="NodeType">Its node type.</param>
/// <param name="Id">Object id of the first node found here.</param>
/// <param name="Location">Where that node's function or constructor stands, if known.</param>
/// <param name="Count">Objects whose path ends here or further on.</param>
/// <param name="ShallowSize">Their bytes.</param>
/// <param name="RetainedSize">Bytes they retain; an object below another is not counted again.</param>
/// <param name="Repeat">Rounds of the same step, or steps, that were folded into this one; 1 for none.</param>
/// <param name="Own">Objects whose path ends here.</param>
/// <param name="OwnId">Object id of the first of them, or null.</param>
/// <param name="LeftOut">Branches below that were left out, or null.</param>
/// <param name="Children">Branches below, most objects first.</param>
public sealed record PathBranchRecord(
    string Edge, string EdgeType, int? EdgeNames, string Node, string NodeType, ulong Id, LocationRecord? Location,
    int Count, long ShallowSize, long RetainedSize, int Repeat, int Own, ulong? OwnId, LeftOutRecord? LeftOut,
    IReadOnlyList<PathBranchRecord> Children);

/// <summary>What limits left out of one place of a tree.</summary>
/// <param name="Branches">How many branches.</param>
/// <param name="Count">Objects on them.</param>
/// <param name="ShallowSize">Bytes of those.</param>
public sealed record LeftOutRecord(int Branches, int Count, long ShallowSize)
{
    public static LeftOutRecord? Of(int branches, int count, long size) => branches == 0 ? null : new LeftOutRecord(branches, count, size);
}

/// <summary>One path.</summary>
/// <param name="Id">The object it leads to.</param>
/// <param name="Path">Steps from below the root to the object.</param>
/// <param name="StepsLeftOut">Steps next to the root that a limit left out.</param>
public sealed record PathSampleRecord(ulong Id, IReadOnlyList<PathStepRecord> Path, int StepsLeftOut);

/// <summary>A step of a path. Of repeated rounds, the id is the last one's.</summary>
public sealed record PathStepRecord(
    string EdgeType, string Edge, string NodeType, string Node, ulong Id, LocationRecord? Location, int Repeat)
{
    public static PathStepRecord From(PathStep step, Heap heap, SourceLocations locations) => new(
        step.EdgeType, step.Edge, heap.Graph.NodeTypeName(step.Node), step.Label, heap.Graph.Ids[(int)step.Node],
        LocationRecord.From(locations.Find(step.Node)), step.Repeat);
}
