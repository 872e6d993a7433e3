using Holdfast.Analyses;
using Holdfast.Analyses.Derived;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses.Derived;

/// <summary>What is computed together, or on two threads, is what is computed alone.</summary>
public sealed class FastPathTests
{
    [Theory]
    [InlineData("leaky-t2.heapsnapshot.zst")]
    [InlineData("node18.heapsnapshot.gz")]
    public void Marks_taken_along_by_the_distances_are_those_of_a_walk_of_their_own(string sample)
    {
        using HeapGraph graph = Load(sample, Work.Unwatched);
        using WeakMapEdges weakMaps = WeakMapEdges.Run(graph, Work.Unwatched);
        using BitColumn alone = PageOwnership.Start(graph), along = PageOwnership.Start(graph);
        using Distances distances = Distances.Run(graph, weakMaps, along, Work.Unwatched);
        int started = alone.Count(), taken = along.Count();
        PageOwnership.Complete(graph, alone, Work.Unwatched);
        PageOwnership.Complete(graph, along, Work.Unwatched);
        Assert.True(taken > started, $"{taken} marks after the distances, {started} before");
        Assert.True(alone.Words.SequenceEqual(along.Words));
    }

    [Theory]
    [InlineData("leaky-t2.heapsnapshot.zst")]
    [InlineData("chrome156.heapsnapshot.zst")]
    public void One_thread_and_four_give_the_same_class_table(string sample)
    {
        Assert.Equal(Table(sample, 1), Table(sample, 4));
    }

    private static string[] Table(string sample, int threads)
    {
        var work = new Work(threads: threads);
        using var heap = new Heap(Load(sample, work), work);
        return [.. ClassTable.Run(heap, work).Select(row => row.ToString())];
    }

    private static HeapGraph Load(string sample, Work work) =>
        SourceDetector.Load(Path.Combine(RepositoryFiles.Samples, sample), () => throw new InvalidOperationException("not standard input"), work);
}
