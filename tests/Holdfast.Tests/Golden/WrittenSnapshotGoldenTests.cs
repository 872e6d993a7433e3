using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Golden;

/// <summary>Whole snapshots of every version of Node, written and read again.</summary>
public sealed class WrittenSnapshotGoldenTests
{
    [Theory]
    [MemberData(nameof(GoldenFiles.With), "stats.json", MemberType = typeof(GoldenFiles), DisableDiscoveryEnumeration = true)]
    public void A_snapshot_that_is_written_reads_back_as_the_same_graph(string origin, string name)
    {
        using HeapGraph graph = SourceDetector.Load(
            GoldenFiles.Snapshot(origin, name), () => throw new InvalidOperationException("not standard input"), Work.Unwatched);
        byte[] text = Snapshots.Write(graph);
        foreach (int threads in new[] { 1, 2, 4 })
        {
            using HeapGraph back = Snapshots.Read(text, threads);
            GraphAssert.Same(graph, back);
        }
    }
}
