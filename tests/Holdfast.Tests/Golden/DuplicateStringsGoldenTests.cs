using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Sources;

namespace Holdfast.Tests.Golden;

/// <summary>The duplicated strings that retain most are those of DevTools, with its figures.</summary>
public sealed class DuplicateStringsGoldenTests
{
    private const int ValueLength = 120;

    private readonly record struct Row(string Value, long Count, long ShallowSize, long RetainedSize);

    [Theory]
    [MemberData(nameof(GoldenFiles.With), "dupstrings.tsv", MemberType = typeof(GoldenFiles), DisableDiscoveryEnumeration = true)]
    public void Duplicated_strings_are_those_of_DevTools(string origin, string name)
    {
        using var heap = new Heap(
            SourceDetector.Load(GoldenFiles.Snapshot(origin, name), () => throw new InvalidOperationException("not standard input"), Work.Unwatched),
            Work.Unwatched);
        Row[] expected = [.. GoldenFiles.ReadRows(origin, name, "dupstrings.tsv").Select(r => new Row(r.First(), r.Number("count"), r.Number("self"), r.Number("retained")))];
        List<Row> actual = [.. DuplicateStrings.Run(heap, Work.Unwatched).Groups
            .Select(g => new Row(GoldenRow.Comparable(heap.Names[g.First], ValueLength), g.Count, g.ShallowSize, g.RetainedSize))];

        // The table ends after so many rows; of those that retain as much as the last, it has some.
        long least = expected.Min(r => r.RetainedSize);
        var differences = new Differences($"duplicated strings of {name}");
        differences.Compare(name, $"strings that retain more than {least}", expected.Count(r => r.RetainedSize > least), actual.Count(r => r.RetainedSize > least));
        foreach (Row row in expected)
        {
            bool has = actual.Remove(row);
            differences.Compare(row.Value, "row", row, has ? row : actual.FirstOrDefault(r => r.Value == row.Value));
        }

        differences.AssertNone();
    }
}
