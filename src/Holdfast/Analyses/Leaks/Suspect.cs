namespace Holdfast.Analyses.Leaks;

/// <summary>How something grows over the intervals between snapshots.</summary>
public enum GrowthTrend
{
    /// <summary>There is one interval only.</summary>
    Once,

    /// <summary>About as much in every interval.</summary>
    Steady,

    /// <summary>More in each interval than in the one before.</summary>
    Rising,

    /// <summary>Less than half in the last interval of what it was in the first: a leak under less load, or a cache that fills.</summary>
    Slowing,
}

/// <summary>What keeps a suspect's objects.</summary>
/// <param name="NodeId">Object id of the container, or of what the variable or property holds.</param>
/// <param name="Name">As a developer would say it: <c>Keyv._eventListeners (Map)</c>.</param>
/// <param name="Edge">The property's or variable's name.</param>
/// <param name="Owner">What has the property: a class, a file for a variable.</param>
/// <param name="Sizes">Entries of the container in each snapshot, or null where it is none that can be counted.</param>
public sealed record Holder(ulong NodeId, string Name, string Edge, string Owner, IReadOnlyList<int>? Sizes);

/// <summary>A step of a suspect's retaining path; of repeated rounds the last one's.</summary>
public sealed record SuspectStep(string EdgeType, string Edge, string NodeType, string Node, ulong Id, SourceLocation? Location, int Repeat);

/// <summary>Objects of one kind that stay behind together with a suspect's.</summary>
/// <param name="Name">Their constructor, or a function's name.</param>
/// <param name="Count">New ones still there.</param>
/// <param name="Bytes">Their bytes, with those of strings, arrays and the like that one of them keeps alone.</param>
public sealed record SuspectClass(string Name, int Count, long Bytes);

/// <summary>What a recogniser of objects says.</summary>
public sealed record SuspectNote(string Kind, string Text);

/// <summary>A leak candidate: objects of a constructor that accumulate at one holder.</summary>
/// <param name="Rank">Its place, from 1.</param>
/// <param name="Constructor">What grows.</param>
/// <param name="Label">The same as it is counted: a function with <c>()</c>.</param>
/// <param name="Kind">The recogniser that knows the holder: <c>event_listeners</c>, <c>map</c> …</param>
/// <param name="Counts">Objects with this constructor in each snapshot, anywhere.</param>
/// <param name="Born">Of those at this holder, how many each interval left behind.</param>
/// <param name="Trend">How that goes on.</param>
/// <param name="RetainedGrowth">Bytes, new since the first snapshot, that only these objects keep alive.</param>
/// <param name="ReachedGrowth">Bytes, new since the first snapshot, found below them, also where other suspects keep them too.</param>
/// <param name="Holder">What keeps them.</param>
/// <param name="Path">From the root to one of them.</param>
/// <param name="HolderStep">The place in the path of the step that leads to the holder.</param>
/// <param name="Location">Where the constructor, or the function that keeps it, stands.</param>
/// <param name="AllocatedBy">Functions on the stack when the example was allocated, innermost first, where that was tracked.</param>
/// <param name="Classes">What else stays behind with each, most bytes first.</param>
/// <param name="AlsoHeldBy">What else holds most of the objects that name it, or null.</param>
/// <param name="Explanation">Two sentences in plain words.</param>
/// <param name="Notes">What else is known of objects of this kind, and what to do about them.</param>
public sealed record Suspect(
    int Rank, string Constructor, string Label, string Kind, IReadOnlyList<int> Counts, IReadOnlyList<int> Born, GrowthTrend Trend,
    long RetainedGrowth, long ReachedGrowth, Holder Holder, IReadOnlyList<SuspectStep> Path, int HolderStep, SourceLocation? Location,
    IReadOnlyList<AllocationFrame> AllocatedBy, IReadOnlyList<SuspectClass> Classes, string? AlsoHeldBy, string Explanation,
    IReadOnlyList<SuspectNote> Notes)
{
    /// <summary>Objects left behind at the holder, on average an interval.</summary>
    public double GrowthPerInterval => Born.Count == 0 ? 0 : Math.Round((double)Born.Sum() / Born.Count, 1);
}
