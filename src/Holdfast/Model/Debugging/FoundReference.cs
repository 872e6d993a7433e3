namespace Holdfast.Model.Debugging;

/// <summary>A place that refers to what was looked for.</summary>
/// <param name="From">Address of the object it is in.</param>
/// <param name="Owner">That object on one line.</param>
/// <param name="Kind"><c>property</c>, <c>element</c>, <c>entry</c>, <c>variable</c> (of a closure), or <c>internal</c> (a slot, or an object of V8's own).</param>
/// <param name="Name">The property, the index, the variable, the slot.</param>
/// <param name="Value">What is there, on one line.</param>
public sealed record FoundReference(ulong From, string Owner, string Kind, string Name, string Value)
{
    /// <summary>Whether it keeps nothing alive.</summary>
    public bool IsWeak { get; init; }

    /// <summary>Address of what is there; null for a small integer.</summary>
    public ulong? Target { get; init; }

    /// <summary>Where it was asked for: what refers to the object this is in.</summary>
    public IReadOnlyList<FoundReference>? Referrers { get; init; }
}
