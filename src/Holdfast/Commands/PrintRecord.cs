using Holdfast.Model.Debugging;

namespace Holdfast.Commands;

/// <summary>The answer of <c>print</c>.</summary>
/// <param name="Value">The value and its parts.</param>
public sealed record PrintRecord(Value Value);
