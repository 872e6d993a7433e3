using System.Diagnostics;
using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.Snapshot;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.Snapshot;

/// <summary>Work that is cancelled stops where it is, and soon.</summary>
public sealed class CancellationTests
{
    /// <summary>Far above the 200 ms that a user is promised: other tests run at the same time.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData("unknown", "\"")]
    [InlineData("nodes", "1,")]
    [InlineData("edges", "0,0,0,")]
    [InlineData("strings", "\"x\",")]
    [InlineData("locations", "0,")]
    [InlineData("unknown", "1 ,[],")]
    [InlineData("trace_tree", "1,0,0,0,[],")]
    public void Reading_stops_in_every_section(string section, string repeated)
    {
        foreach (int threads in new[] { 1, 2 })
        {
            using var cancellation = new CancellationTokenSource();
            string head = SnapshotText.Small().Without(section).ToString();
            string start = section == "nodes" ? "{" + head[1..head.IndexOf(",\"edges\"", StringComparison.Ordinal)] : head[..^1];
            using GeneratedStream endless = new GeneratedStream().Add(start + $",\"{section}\":" + (repeated == "\"" ? "\"" : "["))
                .AddRepeated(repeated == "\"" ? "text " : repeated, 1L << 50);
            Stopwatch since = new();
            cancellation.Token.Register(since.Start);
            cancellation.CancelAfter(150);
            Assert.ThrowsAny<OperationCanceledException>(() => SnapshotReader.Read(endless, Snapshots.Name, -1, new Work(threads: threads, cancellation: cancellation.Token)));
            Assert.True(since.Elapsed < Soon, $"stopped after {since.Elapsed}");
        }
    }

    [Fact]
    public void Every_step_that_derives_something_looks_at_the_cancellation()
    {
        using HeapGraph graph = DeepGraphs.Chain(200_000);
        var stopped = new Work(cancellation: new CancellationToken(canceled: true));
        Action<Heap>[] steps =
        [
            h => _ = h.Distances, h => _ = h.Shallow, h => _ = h.Dominators, h => _ = h.Retainers, h => _ = h.Classes,
            h => _ = h.WeakMaps, h => _ = h.Retained,
        ];
        foreach (Action<Heap> step in steps)
        {
            // The heap is not disposed: it would dispose the graph that the next one uses.
            var heap = new Heap(graph, stopped);
            Assert.ThrowsAny<OperationCanceledException>(() => step(heap));
        }

        Assert.ThrowsAny<OperationCanceledException>(() => SnapshotWriter.Write(graph, Stream.Null, stopped));
    }
}
