using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Sources;

namespace Holdfast.Tests.Golden;

/// <summary>Every figure of DevTools' comparison of two snapshots equals ours.</summary>
public sealed class DiffGoldenTests
{
    [Theory]
    [MemberData(nameof(GoldenFiles.With), "diff.tsv", MemberType = typeof(GoldenFiles), DisableDiscoveryEnumeration = true)]
    public void The_comparison_is_that_of_DevTools(string origin, string name)
    {
        // s10-T0-T2 compares s10-T0 with s10-T2.
        string before = name[..name.LastIndexOf('-')];
        string after = before[..(before.LastIndexOf('-') + 1)] + name[(name.LastIndexOf('-') + 1)..];
        string[] paths = [GoldenFiles.Snapshot(origin, before), GoldenFiles.Snapshot(origin, after)];

        SnapshotDiff diff = SnapshotDiff.Run(2, place => Open(paths[place]), Work.Unwatched);

        Dictionary<string, ClassDiffRow> rows = diff.Classes.Where(r => !r.Change.IsNone).ToDictionary(r => GoldenRow.Comparable(r.Key.ToString()));
        var differences = new Differences($"comparison {name}");
        foreach (GoldenRow expected in GoldenFiles.ReadRows(origin, name, "diff.tsv"))
        {
            string key = expected.Text("classKey");
            if (!rows.Remove(key, out ClassDiffRow? actual))
            {
                differences.Add($"{key}: only DevTools has it");
                continue;
            }

            ClassChange change = actual.Change;
            differences.Compare(key, "name", expected.Text("name"), GoldenRow.Comparable(actual.Key.Name));
            differences.Compare(key, "added", expected.Number("addedCount"), change.AddedCount);
            differences.Compare(key, "removed", expected.Number("removedCount"), change.RemovedCount);
            differences.Compare(key, "delta", expected.Number("countDelta"), change.AddedCount - (long)change.RemovedCount);
            differences.Compare(key, "added size", expected.Number("addedSize"), change.AddedSize);
            differences.Compare(key, "removed size", expected.Number("removedSize"), change.RemovedSize);
            differences.Compare(key, "size delta", expected.Number("sizeDelta"), change.AddedSize - change.RemovedSize);
        }

        foreach (string key in rows.Keys) differences.Add($"{key}: only Holdfast has it");
        differences.AssertNone();
    }

    private static Heap Open(string path) => new(
        SourceDetector.Load(path, () => throw new InvalidOperationException("not standard input"), Work.Unwatched), Work.Unwatched);
}
