using Holdfast.Analyses;

namespace Holdfast.Commands;

/// <summary>The answer of <c>diff</c>. Sizes are bytes; lists have one value a snapshot.</summary>
/// <param name="Snapshots">What was compared, in order.</param>
/// <param name="Classes">Classes that changed.</param>
/// <param name="ClassCount">How many changed in all.</param>
/// <param name="KeptShare">Share of the first snapshot's objects that are still in the last.</param>
public sealed record DiffRecord(
    IReadOnlyList<SnapshotRecord> Snapshots, IReadOnlyList<ClassDiffRecord> Classes, int ClassCount, double KeptShare);

/// <summary>A snapshot that was compared.</summary>
public sealed record SnapshotRecord(string Path, int NodeCount, long TotalSize);

/// <summary>How a class changed; added and removed are objects, by id, from the first to the last snapshot.</summary>
public sealed record ClassDiffRecord(
    string Name,
    IReadOnlyList<int> Counts,
    IReadOnlyList<long> ShallowSizes,
    IReadOnlyList<long> RetainedSizes,
    int AddedCount,
    int RemovedCount,
    int CountDelta,
    long AddedSize,
    long RemovedSize,
    long SizeDelta,
    string ClassKey,
    LocationRecord? Location)
{
    public static ClassDiffRecord From(ClassDiffRow row) => new(
        row.Key.Name, row.Counts, row.ShallowSizes, row.RetainedSizes,
        row.Change.AddedCount, row.Change.RemovedCount, row.Change.AddedCount - row.Change.RemovedCount,
        row.Change.AddedSize, row.Change.RemovedSize, row.Change.AddedSize - row.Change.RemovedSize,
        row.Key.ToString(), LocationRecord.From(row.Key.Location));
}
