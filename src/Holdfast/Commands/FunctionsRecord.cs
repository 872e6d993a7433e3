using Holdfast.Model.Debugging;

namespace Holdfast.Commands;

/// <summary>The answer of <c>functions</c>.</summary>
/// <param name="Count">Functions of the source that fit.</param>
/// <param name="Closures">Function objects made from them.</param>
/// <param name="Functions">The first of them, those with most closures first.</param>
public sealed record FunctionsRecord(int Count, long Closures, IReadOnlyList<FoundFunction> Functions);
