namespace Holdfast.Model.Watching;

/// <summary>What a figure of a running process is.</summary>
public enum MeasureKind
{
    /// <summary>Bytes of a heap: they rise until the garbage is collected, and only what stays then counts.</summary>
    CollectedBytes,

    /// <summary>Other bytes.</summary>
    Bytes,

    /// <summary>A number of things.</summary>
    Count,
}

/// <summary>One figure at one time.</summary>
/// <param name="Name">What it is: <c>heap_used</c>, <c>rss</c>; of metrics that were asked for by name, that name.</param>
/// <param name="Thread">Whose it is: <c>main</c>, a worker's name; null where it is the process's.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Value">Bytes, or a number of things.</param>
public readonly record struct Measure(string Name, string? Thread, MeasureKind Kind, double Value);

/// <summary>What a figure must not reach.</summary>
/// <param name="Name">What sets it: <c>cgroup</c>, <c>v8</c>, <c>machine</c>.</param>
/// <param name="Measure">The figure's name.</param>
/// <param name="Thread">Whose figure it is, or null for the process's.</param>
/// <param name="Bytes">What it may be at most.</param>
public readonly record struct MemoryLimit(string Name, string Measure, string? Thread, double Bytes);

/// <summary>All figures of one time.</summary>
/// <param name="At">When.</param>
/// <param name="Measures">The figures.</param>
/// <param name="Limits">What they must not reach.</param>
public sealed record Reading(DateTimeOffset At, IReadOnlyList<Measure> Measures, IReadOnlyList<MemoryLimit> Limits);
