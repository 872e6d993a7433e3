using Holdfast.Analyses.Leaks;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses.Leaks;

/// <summary>What is said of snapshots that do not fit together, or are too few.</summary>
public sealed class SeriesTests
{
    [Fact]
    public void Snapshots_in_order_are_no_cause_for_a_warning()
    {
        (LeakReport report, List<string> warnings) = Find(Leaky(3));
        Assert.Equal(Verdict.Leak, report.Verdict);
        Assert.StartsWith("there are more Session at global.sessions (Map) after every interval", report.Reason, StringComparison.Ordinal);
        Assert.Equal([0, 1, 2], report.Points.Select(p => p.Input));
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData(2, 0, 1)]
    [InlineData(2, 1, 0)]
    [InlineData(0, 2, 1)]
    public void Snapshots_in_the_wrong_order_are_put_in_order_and_that_is_said(int first, int second, int third)
    {
        Func<HeapGraph>[] all = Leaky(3);
        int[] order = [first, second, third];
        (LeakReport report, List<string> warnings) = Find([.. order.Select(i => all[i])]);
        Assert.Equal(Verdict.Leak, report.Verdict);
        Assert.Equal([30, 30], Assert.Single(report.Suspects).Born);
        Assert.Equal([30, 60, 90], report.Suspects[0].Counts);
        Assert.Equal([Array.IndexOf(order, 0), Array.IndexOf(order, 1), Array.IndexOf(order, 2)], report.Points.Select(p => p.Input));
        string warning = Assert.Single(warnings);
        Assert.Contains("another order", warning, StringComparison.Ordinal);
        Assert.Contains(string.Join(", ", report.Points.Select(p => $"snapshot {p.Input}")), warning, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_snapshot_twice_is_said_and_nothing_is_concluded()
    {
        Func<HeapGraph>[] all = Leaky(3);
        (LeakReport report, List<string> warnings) = Find([all[0], all[1], all[1]]);
        Assert.Equal(Verdict.Inconclusive, report.Verdict);
        Assert.Contains("the same", report.Reason, StringComparison.Ordinal);
        Assert.Contains("snapshot 1 and snapshot 2 hold the same objects", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_snapshot_first_and_last_is_said_too()
    {
        Func<HeapGraph>[] all = Leaky(3);
        (LeakReport report, List<string> warnings) = Find([all[0], all[1], all[0]]);
        Assert.Equal(Verdict.Inconclusive, report.Verdict);
        Assert.Contains(warnings, w => w.Contains("hold the same objects", StringComparison.Ordinal));
    }

    [Fact]
    public void Snapshots_of_different_processes_are_compared_by_number_and_that_is_said()
    {
        Func<HeapGraph>[] all = [Leaky(1)[0], Leaky(2, firstId: 100_001)[1], Leaky(3, firstId: 200_001)[2]];
        (LeakReport report, List<string> warnings) = Find(all);
        Assert.Equal(Verdict.Inconclusive, report.Verdict);
        Assert.Contains("different processes", report.Reason, StringComparison.Ordinal);
        Assert.Contains("different processes", Assert.Single(warnings), StringComparison.Ordinal);
        Suspect suspect = Assert.Single(report.Suspects);
        Assert.Equal(("Session", "global.sessions (Map)"), (suspect.Constructor, suspect.Holder.Name));
        Assert.Equal([30, 60, 90], suspect.Counts);
        Assert.Equal([30, 30], suspect.Born);
    }

    [Fact]
    public void Two_processes_that_use_the_same_ids_are_told_apart_by_what_these_are()
    {
        (LeakReport report, List<string> warnings) = Find([Leaky(1)[0], Leaky(2, name: "Order")[1]]);
        Assert.Equal(Verdict.Inconclusive, report.Verdict);
        Assert.Contains("different processes", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Snapshots_of_different_versions_of_Node_are_of_different_processes_and_both_is_said()
    {
        (LeakReport report, List<string> warnings) = Find([Leaky(1, version: "v22.3.0")[0], Leaky(2, version: "v24.1.0")[1]]);
        Assert.Equal(Verdict.Inconclusive, report.Verdict);
        Assert.Equal(["v22.3.0", "v24.1.0"], report.Points.Select(p => p.Version));
        Assert.Contains(warnings, w => w.Contains("different versions of Node: v22.3.0, v24.1.0", StringComparison.Ordinal));
        Assert.Contains(warnings, w => w.Contains("different processes", StringComparison.Ordinal));
    }

    [Fact]
    public void Two_snapshots_show_growth_and_judge_nothing()
    {
        (LeakReport report, _) = Find(Leaky(2));
        Assert.Equal(Verdict.Inconclusive, report.Verdict);
        Assert.Contains("take a third snapshot", report.Reason, StringComparison.Ordinal);
        Suspect suspect = Assert.Single(report.Suspects);
        Assert.Equal(GrowthTrend.Once, suspect.Trend);
        Assert.Equal([30], suspect.Born);
    }

    [Fact]
    public void Two_snapshots_between_which_nothing_stayed_are_no_leak()
    {
        var heap = new LiveHeap();
        int table = heap.Table(heap.Global("cache", "Map"));
        (LeakReport report, _) = Find(heap.Rounds(2, _ => LeakSearchTests.Fill(heap, table, 0, "Page")));
        Assert.Equal(Verdict.NoLeak, report.Verdict);
    }

    [Fact]
    public void One_snapshot_shows_what_accumulated_and_judges_nothing()
    {
        (LeakReport report, List<string> warnings) = Find([Leaky(1)[0]]);
        Assert.Equal(Verdict.Inconclusive, report.Verdict);
        Assert.Contains("one snapshot", report.Reason, StringComparison.Ordinal);
        Assert.Empty(warnings);
        Suspect suspect = Assert.Single(report.Suspects);
        Assert.Equal(("Session", "map", "global.sessions (Map)"), (suspect.Constructor, suspect.Kind, suspect.Holder.Name));
        Assert.Equal([30], suspect.Counts);
        Assert.Equal((0, 30 * 1000L), (suspect.Born.Count, suspect.RetainedGrowth));
    }

    [Fact]
    public void A_heap_that_grows_where_nothing_accumulates_is_inconclusive()
    {
        var heap = new LiveHeap();
        int code = heap.Add(NodeType.Code, "(bytecode)", 10_000);
        heap.Internal(LiveHeap.Root, "code", code);
        (LeakReport report, _) = Find(heap.Rounds(3, round => heap.Resize(code, 10_000 * (round + 1))));
        Assert.Equal(Verdict.Inconclusive, report.Verdict);
        Assert.Contains("the heap grows in every interval", report.Reason, StringComparison.Ordinal);
        Assert.Equal([10_000L, 20_000, 30_000], report.Points.Select(p => p.TotalSize));
    }

    private static (LeakReport Report, List<string> Warnings) Find(Func<HeapGraph>[] snapshots)
    {
        var warnings = new List<string>();
        return (LiveHeap.FindLeaks(snapshots, warnings), warnings);
    }

    private static Func<HeapGraph>[] Leaky(int rounds, ulong firstId = 1, string? version = null, string name = "Session")
    {
        var heap = new LiveHeap(firstId);
        int table = heap.Table(heap.Global("sessions", "Map"));
        if (version is not null) heap.Property(heap.Global("process", "process"), "version", heap.Add(NodeType.String, version));
        return heap.Rounds(rounds, round => LeakSearchTests.Fill(heap, table, round, name, size: 1000));
    }
}
