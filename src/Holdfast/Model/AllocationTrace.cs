namespace Holdfast.Model;

/// <summary>A function that allocated, from <c>trace_function_infos</c>. Names are string indexes.</summary>
public readonly record struct TraceFunction(uint FunctionId, int Name, int ScriptName, uint ScriptId, uint Line, uint Column);

/// <summary>A node of the allocation trace tree; <paramref name="Parent"/> is a place in the same list, -1 for a root.</summary>
public readonly record struct TraceNode(uint Id, int Function, uint Count, ulong Size, int Parent);

/// <summary>A point of an allocation timeline: ids up to <paramref name="LastAssignedId"/> existed at this time.</summary>
public readonly record struct TimelineSample(ulong TimestampMicroseconds, ulong LastAssignedId);

/// <summary>What allocation tracking recorded: which function allocated what, and when. Empty without tracking.</summary>
public sealed record AllocationTrace(
    IReadOnlyList<TraceFunction> Functions,
    IReadOnlyList<TraceNode> Nodes,
    IReadOnlyList<TimelineSample> Samples)
{
    public static AllocationTrace Empty { get; } = new([], [], []);
}
