using Holdfast.Analyses;
using Holdfast.Model;

namespace Holdfast.Commands;

/// <summary>The answer of <c>retainers</c>. Sizes are bytes.</summary>
/// <param name="Constructor">What was asked for.</param>
/// <param name="Instances">How many objects it is.</param>
/// <param name="ShallowSize">Bytes of the objects themselves.</param>
/// <param name="Patterns">Who points at them, most edges first.</param>
/// <param name="PatternCount">Patterns in all.</param>
/// <param name="WithoutRetainer">Objects none of the patterns leads to.</param>
/// <param name="WeakEdgesLeftOut">Weak edges that were not counted.</param>
/// <param name="NoiseEdgesLeftOut">Edges of V8's own bookkeeping that were not counted.</param>
public sealed record RetainersRecord(
    string Constructor, int Instances, long ShallowSize, IReadOnlyList<RetainerPatternRecord> Patterns, int PatternCount,
    int WithoutRetainer, long WeakEdgesLeftOut, long NoiseEdgesLeftOut);

/// <summary>One way objects are pointed at.</summary>
/// <param name="Count">Edges.</param>
/// <param name="Retainer">What points: a class, a function's name and (), V8's own name.</param>
/// <param name="RetainerType">Its node type.</param>
/// <param name="RetainerClass">Its class in the class table.</param>
/// <param name="Edge">The edge's name; <c>[]</c> for numbered ones, <c>*</c> for many names folded into one.</param>
/// <param name="EdgeType">The edge's type.</param>
/// <param name="EdgeNames">Different names behind <c>*</c>, else null.</param>
/// <param name="Instances">Objects they lead to, each counted once.</param>
/// <param name="ShallowSize">Bytes of those objects.</param>
/// <param name="Id">A retainer's object id, as an example.</param>
public sealed record RetainerPatternRecord(
    int Count, string Retainer, string RetainerType, string RetainerClass, string Edge, string EdgeType, int? EdgeNames,
    int Instances, long ShallowSize, ulong Id)
{
    public static RetainerPatternRecord From(RetainerPattern p, HeapGraph graph) => new(
        p.Count, p.Retainer, p.RetainerType, p.RetainerClass, p.Edge, p.EdgeType, p.EdgeNames > 1 ? p.EdgeNames : null,
        p.Instances, p.ShallowSize, graph.Ids[(int)p.Example]);
}
