namespace Holdfast.Model;

/// <summary>An event of a profile and how much of it there was, kept or not.</summary>
/// <param name="Name">As the recorder calls it: <c>page-faults</c>.</param>
/// <param name="Samples">Stacks of it.</param>
/// <param name="Weight">What they stand for.</param>
/// <param name="IsKept">Whether its stacks are in the profile.</param>
public sealed record ProfileEvent(string Name, long Samples, long Weight, bool IsKept);

/// <summary>What a stack profile is of.</summary>
/// <param name="Source">What it was read from: "perf script", "folded" …</param>
/// <param name="Event">What a weight counts, in the recorder's words.</param>
/// <param name="Unit">The same for people: "page faults", "bytes", "samples".</param>
/// <param name="IsBytes">Whether weights are bytes.</param>
/// <param name="Events">All events that were met.</param>
/// <param name="Seconds">From the first sample to the last, or null where they have no times.</param>
public sealed record ProfileFacts(
    string Source, string Event, string Unit, bool IsBytes, IReadOnlyList<ProfileEvent> Events, double? Seconds);
