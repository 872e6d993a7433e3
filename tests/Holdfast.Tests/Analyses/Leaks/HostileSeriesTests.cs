using CsCheck;
using Holdfast.Analyses.Leaks;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses.Leaks;

/// <summary>Series no process makes: they must end, and not crash.</summary>
public sealed class HostileSeriesTests
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(60);

    [Fact]
    public void Any_graphs_give_a_verdict() =>
        HeapShape.Any.Array[1, 4].Sample(
            shapes =>
            {
                LeakReport report = LiveHeap.FindLeaks([.. shapes.Select(shape => (Func<HeapGraph>)shape.Build)]);
                Assert.Equal(shapes.Length, report.Points.Count);
                Assert.NotEmpty(report.Reason);
            },
            iter: 500);

    [Fact]
    public void Roots_without_anything_are_the_same_snapshot_and_no_leak()
    {
        Func<HeapGraph> empty = () => new HeapBuilder().Build();
        Assert.Equal(Verdict.Inconclusive, LiveHeap.FindLeaks([empty]).Verdict);
        Assert.NotEqual(Verdict.Leak, LiveHeap.FindLeaks([empty, empty]).Verdict);
        Assert.NotEqual(Verdict.Leak, LiveHeap.FindLeaks([empty, empty, empty]).Verdict);
    }

    [Fact]
    public void Objects_that_point_at_themselves_and_at_each_other_are_counted_once()
    {
        var heap = new LiveHeap();
        int first = heap.Global("first", "Knot");
        int last = first;
        Suspect suspect = Assert.Single(LiveHeap.FindLeaks(heap.Rounds(3, _ =>
        {
            for (int i = 0; i < 20; i++)
            {
                int knot = heap.Object("Knot", 100);
                heap.Property(knot, "self", knot).Property(knot, "first", first).Property(knot, "back", last).Property(last, "next", knot);
                heap.Property(last, "root", LiveHeap.Root);
                last = knot;
            }
        })).Suspects);
        Assert.Equal("Knot", suspect.Constructor);
        Assert.Equal([20, 20], suspect.Born);
        Assert.Equal(40 * 100, suspect.RetainedGrowth);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_list_of_a_million_links_is_one_suspect(bool newestFirst)
    {
        const int Round = 340_000;
        Func<HeapGraph>[] series = [.. Enumerable.Range(1, 3).Select(rounds => (Func<HeapGraph>)(() => DeepGraphs.List(rounds * Round, newestFirst)))];
        LeakReport report = await Task.Run(() => LiveHeap.FindLeaks(series), TestContext.Current.CancellationToken).WaitAsync(Generous, TestContext.Current.CancellationToken);
        Suspect suspect = Assert.Single(report.Suspects);
        Assert.Equal((Verdict.Leak, "Link", "Holder.head"), (report.Verdict, suspect.Constructor, suspect.Holder.Name));
        Assert.Equal([Round, Round], suspect.Born);
        Assert.Equal(2L * Round * 16, suspect.RetainedGrowth);
        Assert.InRange(suspect.Path.Count, 2, 10);
    }

    [Fact]
    public async Task A_list_through_two_kinds_of_objects_of_a_million_steps_is_one_suspect()
    {
        const int Round = 170_000;
        Func<HeapGraph>[] series = [.. Enumerable.Range(1, 3).Select(rounds => (Func<HeapGraph>)(() => DeepGraphs.List(rounds * Round, newestFirst: false, through: "Box")))];
        LeakReport report = await Task.Run(() => LiveHeap.FindLeaks(series), TestContext.Current.CancellationToken).WaitAsync(Generous, TestContext.Current.CancellationToken);
        Suspect suspect = Assert.Single(report.Suspects);
        Assert.Equal(Verdict.Leak, report.Verdict);
        Assert.Equal([Round, Round], suspect.Born);
        Assert.Equal(2L * Round * 32, suspect.RetainedGrowth);
    }
}
