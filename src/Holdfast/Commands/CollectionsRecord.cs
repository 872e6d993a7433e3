using Holdfast.Analyses;
using Holdfast.Analyses.Leaks;

namespace Holdfast.Commands;

/// <summary>The answer of <c>collections</c>. Sizes are bytes; lists have one value a snapshot.</summary>
/// <param name="Snapshots">What was looked at, in order.</param>
/// <param name="Containers">Those that grew most, of one snapshot the largest.</param>
/// <param name="ContainerCount">How many there are in all, those with fewer than 3 entries left out.</param>
/// <param name="Asymmetries">Containers that do not follow what is live, and counters that drift apart.</param>
/// <param name="HasNumberValues">Whether values of numbers are in the snapshots, so that counters could be looked at.</param>
public sealed record CollectionsRecord(
    IReadOnlyList<SeriesSnapshotRecord> Snapshots, IReadOnlyList<CollectionRecord> Containers, int ContainerCount,
    IReadOnlyList<AsymmetryRecord> Asymmetries, bool HasNumberValues)
{
    public static CollectionsRecord From(CollectionReport report, IReadOnlyList<string> paths) => new(
        SeriesSnapshotRecord.From(report.Points, paths), [.. report.Rows.Select(CollectionRecord.From)], report.Count,
        [.. report.Asymmetries.Select(a => new AsymmetryRecord(a.Kind, a.Id, a.Name, a.Values, a.Live, a.Explanation))], report.HasNumbers);
}

/// <summary>A container.</summary>
/// <param name="Id">Its object id.</param>
/// <param name="Kind">map, set, weak_map, array, dictionary or listeners.</param>
/// <param name="Name">By owner and property.</param>
/// <param name="Owner">What has the property, or the file of the variable.</param>
/// <param name="Edge">The property or variable.</param>
/// <param name="Sizes">Entries; 0 where it was not there yet, or had fewer than 3.</param>
/// <param name="Growth">Entries more from the first snapshot to the last.</param>
/// <param name="StoreSizes">Bytes of its backing store.</param>
/// <param name="RetainedSize">What it keeps in the last snapshot.</param>
public sealed record CollectionRecord(
    ulong Id, string Kind, string Name, string Owner, string Edge, IReadOnlyList<int> Sizes, int Growth, IReadOnlyList<long> StoreSizes, long RetainedSize)
{
    public static CollectionRecord From(CollectionRow row) =>
        new(row.Id, NameOf(row.Kind), row.Name, row.Owner, row.Edge, row.Sizes, row.Growth, row.StoreBytes, row.RetainedSize);

    private static string NameOf(ContainerKind kind) => kind == ContainerKind.WeakMap ? "weak_map" : kind.ToString().ToLowerInvariant();
}

/// <summary>What does not fit together.</summary>
/// <param name="Kind">live or counters.</param>
/// <param name="Id">The container, or the object with the counters.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Values">Entries, or how far the counters are apart.</param>
/// <param name="Live">Objects alive, or the higher counter.</param>
/// <param name="Explanation">A sentence.</param>
public sealed record AsymmetryRecord(string Kind, ulong Id, string Name, IReadOnlyList<double> Values, IReadOnlyList<double> Live, string Explanation);
