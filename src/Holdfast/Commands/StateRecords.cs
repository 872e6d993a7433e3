using Holdfast.Model.Debugging;

namespace Holdfast.Commands;

/// <summary>The answer of <c>handles</c> and <c>requests</c>.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Kinds">How many of each kind, the most frequent first.</param>
/// <param name="Handles">The first of them.</param>
public sealed record HandlesRecord(int Count, IReadOnlyList<KindCount> Kinds, IReadOnlyList<ActiveHandle> Handles);

/// <summary>How many there are of a kind.</summary>
public sealed record KindCount(string Kind, int Count);

/// <summary>The answer of <c>modules</c>.</summary>
/// <param name="Count">How many there are.</param>
/// <param name="Modules">The first of them, by name.</param>
public sealed record ModulesRecord(int Count, IReadOnlyList<LoadedModule> Modules);

/// <summary>The answer of <c>workqueue</c>.</summary>
/// <param name="Count">How many wait.</param>
/// <param name="Pending">The first of them, in the order they will be called, queue by queue.</param>
public sealed record WorkQueueRecord(int Count, IReadOnlyList<PendingWork> Pending);
