using Holdfast.Model.Debugging;

namespace Holdfast.Commands;

/// <summary>The answer of <c>instances</c>.</summary>
/// <param name="Constructor">What was asked for.</param>
/// <param name="Count">All instances.</param>
/// <param name="Instances">Those of this page, in the order of their addresses.</param>
public sealed record InstancesRecord(string Constructor, long Count, IReadOnlyList<Value> Instances);
