namespace Holdfast.Commands;

/// <summary>JSON of <c>triage</c>; sizes in bytes.</summary>
/// <param name="Target">As it was named.</param>
/// <param name="Seconds">Between two looks; null where there was one.</param>
/// <param name="Verdict"><c>js_heap</c>, <c>external_buffers</c>, <c>native</c>, <c>fragmentation</c>, <c>other_memory</c>, <c>not_growing</c>.</param>
/// <param name="Reason">Why, and what it means.</param>
/// <param name="NextCommand">What to type next.</param>
/// <param name="Rss">Resident memory; of a core what the file has.</param>
/// <param name="RssGrowth">How much more than at the first look.</param>
/// <param name="Causes">What resident memory is, all of it.</param>
/// <param name="Parts">Where it is, by addresses.</param>
/// <param name="Heaps">V8's heaps by thread.</param>
/// <param name="ThreadCount">All threads.</param>
/// <param name="OpenFileCount">Null where that is not known.</param>
/// <param name="Swap">What was moved out.</param>
/// <param name="Container">The control group with the tightest limit, or null.</param>
/// <param name="Machine">The machine's memory; null of a core.</param>
public sealed record TriageRecord(
    string Target, double? Seconds, string Verdict, string Reason, string NextCommand, long Rss, long? RssGrowth, IReadOnlyList<TriageCauseRecord> Causes,
    IReadOnlyList<TriagePartRecord> Parts, IReadOnlyList<TriageHeapRecord> Heaps, int ThreadCount, int? OpenFileCount, long Swap, TriageContainerRecord? Container, TriageMachineRecord? Machine);

/// <summary>Something resident memory is.</summary>
/// <param name="Name">As a verdict.</param>
/// <param name="Bytes">How much.</param>
/// <param name="Growth">How much more than at the first look.</param>
public sealed record TriageCauseRecord(string Name, long Bytes, long? Growth);

/// <summary>Memory of one kind.</summary>
/// <param name="Kind"><c>v8_heap</c>, <c>malloc_main</c>, <c>malloc_arenas</c>, <c>malloc_large</c>, <c>stacks</c>, <c>code</c>, <c>mapped_files</c>, <c>shared</c>, <c>other</c>.</param>
/// <param name="Count">Ranges, arenas, blocks.</param>
/// <param name="Virtual">Addresses.</param>
/// <param name="Resident">What is in memory.</param>
/// <param name="Free">What of that is free inside; null where it cannot be told.</param>
/// <param name="Growth">How much more is resident than at the first look.</param>
public sealed record TriagePartRecord(string Kind, int Count, long Virtual, long Resident, long? Free, long? Growth);

/// <summary>V8's heap of a thread.</summary>
/// <param name="Thread">Whose.</param>
/// <param name="Size">Pages in use.</param>
/// <param name="Resident">What is in memory, pages kept for later too.</param>
/// <param name="Free">What of that has no object.</param>
/// <param name="External">What its objects hold outside; null where it is not known.</param>
/// <param name="ArrayBuffers">What of that are array buffers.</param>
/// <param name="Spaces">By space.</param>
public sealed record TriageHeapRecord(string Thread, long Size, long Resident, long Free, long? External, long? ArrayBuffers, IReadOnlyList<TriageSpaceRecord> Spaces);

/// <summary>A space of a heap.</summary>
public sealed record TriageSpaceRecord(string Name, long Size, long Resident, long Allocated);

/// <summary>A control group.</summary>
/// <param name="Version">1 or 2.</param>
/// <param name="Path">Its folder.</param>
/// <param name="Limit">Above this the kernel ends a process of it.</param>
/// <param name="Usage">What it uses, with files.</param>
/// <param name="Unreclaimable">Without files that can be let go.</param>
public sealed record TriageContainerRecord(int Version, string Path, long Limit, long? Usage, long? Unreclaimable);

/// <summary>The machine's memory.</summary>
public sealed record TriageMachineRecord(long Total, long Available);
