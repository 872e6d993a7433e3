using Holdfast.Model.Debugging;

namespace Holdfast.Commands;

/// <summary>The answer of <c>refs</c>.</summary>
/// <param name="Count">How many there are, without V8's own unless asked for.</param>
/// <param name="Internal">How many of V8's own there are.</param>
/// <param name="References">The first of them, in the order of their addresses.</param>
public sealed record RefsRecord(int Count, int Internal, IReadOnlyList<FoundReference> References);
