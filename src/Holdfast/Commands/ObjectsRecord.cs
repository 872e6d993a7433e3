using Holdfast.Model.Debugging;

namespace Holdfast.Commands;

/// <summary>The answer of <c>objects</c>. Sizes are bytes.</summary>
/// <param name="Count">Objects, without prototypes of classes.</param>
/// <param name="ShallowSize">Bytes of the objects themselves.</param>
/// <param name="Constructors">By constructor, those with most bytes first.</param>
/// <param name="Shapes">With <c>--shapes</c>: by constructor and properties, the most frequent first; else null.</param>
public sealed record ObjectsRecord(long Count, long ShallowSize, IReadOnlyList<ObjectClass> Constructors, IReadOnlyList<ObjectShape>? Shapes);
