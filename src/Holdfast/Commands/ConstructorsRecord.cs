using Holdfast.Model.Debugging;

namespace Holdfast.Commands;

/// <summary>The answer of <c>constructors</c>. Sizes are bytes.</summary>
/// <param name="Count">Constructors that fit.</param>
/// <param name="Constructors">The first of them, those with most objects first.</param>
public sealed record ConstructorsRecord(int Count, IReadOnlyList<FoundConstructor> Constructors);
