using System.Globalization;
using Holdfast.Analyses.Leaks;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses.Leaks;

/// <summary>What accumulates and what does not, on processes of a few lines.</summary>
public sealed class LeakSearchTests
{
    private const int Round = 30;

    [Fact]
    public void Objects_that_stay_in_a_Map_are_a_leak_with_exact_numbers()
    {
        var heap = new LiveHeap();
        int table = heap.Table(heap.Global("sessions", "Map"));
        Suspect suspect = Single(LiveHeap.FindLeaks(heap.Rounds(4, round => Fill(heap, table, round, "Session", size: 100))));
        Assert.Equal(("Session", "map", "global.sessions (Map)"), (suspect.Constructor, suspect.Kind, suspect.Holder.Name));
        Assert.Equal([30, 60, 90, 120], suspect.Counts);
        Assert.Equal([30, 30, 30], suspect.Born);
        Assert.Equal((30, GrowthTrend.Steady), (suspect.GrowthPerInterval, suspect.Trend));
        Assert.Equal((9000L, 9000L), (suspect.RetainedGrowth, suspect.ReachedGrowth));
        Assert.Equal(["global", "Map", "(object properties)", "Session"], suspect.Path.Select(s => s.Node));
        Assert.Equal(("sessions", "global"), (suspect.Holder.Edge, suspect.Holder.Owner));
        Assert.Contains("About 30 more Session stay behind in every interval, held in global.sessions (Map). ", suspect.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_below_a_leaked_object_is_told_with_it_and_counted_once()
    {
        var heap = new LiveHeap();
        int table = heap.Table(heap.Global("sessions", "Map"));
        LeakReport report = LiveHeap.FindLeaks(heap.Rounds(3, round =>
        {
            for (int i = 0; i < Round; i++)
            {
                int session = heap.Put(table, round * Round + i, "Session", 100);
                heap.Property(session, "cart", heap.Object("Cart", 1000));
            }
        }));
        Suspect suspect = Single(report);
        Assert.Equal("Session", suspect.Constructor);
        Assert.Equal([("Cart", 60, 60_000L), ("Session", 60, 6000L)], suspect.Classes.Select(c => (c.Name, c.Count, c.Bytes)));
        Assert.Equal(66_000, suspect.RetainedGrowth);
    }

    [Fact]
    public void A_bounded_cache_that_churns_is_no_suspect()
    {
        var heap = new LiveHeap();
        int table = heap.Table(heap.Global("cache", "Map"));
        LeakReport report = LiveHeap.FindLeaks(heap.Rounds(4, round =>
        {
            for (int i = 0; i < 40; i++) heap.Put(table, (round * 40 + i) % 100, "Page");
        }));
        Assert.Equal(Verdict.NoLeak, report.Verdict);
        Assert.Empty(report.Suspects);
    }

    [Fact]
    public void A_cache_that_has_filled_up_is_no_suspect()
    {
        var heap = new LiveHeap();
        int table = heap.Table(heap.Global("cache", "Map"));
        LeakReport report = LiveHeap.FindLeaks(heap.Rounds(4, round =>
        {
            for (int i = 0; i < 40; i++) heap.Put(table, Math.Min(round * 40 + i, 79), "Page");
        }));
        Assert.Equal((Verdict.NoLeak, 0), (report.Verdict, report.Suspects.Count));
    }

    [Fact]
    public void Objects_that_are_weakly_held_are_no_suspect()
    {
        var heap = new LiveHeap();
        int pinned = heap.Table(heap.Global("all", "Map")), cells = heap.Global("cells", "Cells");
        Func<HeapGraph>[] rounds = heap.Rounds(3, round =>
        {
            for (int i = 0; i < Round; i++) heap.Link(cells, EdgeType.Weak, $"{round}.{i}", heap.Put(pinned, i, "Page"));
        });
        Assert.Equal(Verdict.NoLeak, LiveHeap.FindLeaks(rounds).Verdict);
    }

    [Fact]
    public void A_chain_whose_newest_link_comes_first_is_one_suspect_at_its_head()
    {
        var heap = new LiveHeap();
        int list = heap.Global("recent", "RecentList");
        int head = 0;
        Suspect suspect = Single(LiveHeap.FindLeaks(heap.Rounds(3, _ =>
        {
            for (int i = 0; i < Round; i++)
            {
                int link = heap.Object("Entry", 50);
                if (head != 0) heap.Property(link, "next", head);
                heap.Property(list, "head", head = link);
            }
        })));
        Assert.Equal(("Entry", "chain", "RecentList.head"), (suspect.Constructor, suspect.Kind, suspect.Holder.Name));
        Assert.Equal([30, 30], suspect.Born);
        Assert.Equal(60 * 50, suspect.RetainedGrowth);
    }

    [Fact]
    public void A_ring_that_is_entered_at_both_ends_is_one_suspect_with_all_its_links()
    {
        var heap = new LiveHeap();
        int ring = heap.Global("ring", "Ring");
        int newest = ring;
        heap.Property(ring, "_idlePrev", ring);
        Suspect suspect = Single(LiveHeap.FindLeaks(heap.Rounds(4, _ =>
        {
            for (int i = 0; i < Round; i++)
            {
                int link = heap.Object("Entry", 50);
                heap.Property(newest, "_idleNext", link).Property(link, "_idlePrev", newest).Property(link, "_idleNext", ring).Property(ring, "_idlePrev", link);
                newest = link;
            }
        })));
        Assert.Equal("Entry", suspect.Constructor);
        Assert.Equal([30, 30, 30], suspect.Born);
        Assert.Equal(90 * 50, suspect.RetainedGrowth);
    }

    [Fact]
    public void A_chain_of_closures_that_each_keep_the_last_value_is_counted_from_its_newest_on()
    {
        var heap = new LiveHeap();
        int holder = heap.Global("service", "Service");
        int thing = 0;
        Suspect suspect = Single(LiveHeap.FindLeaks(heap.Rounds(3, _ =>
        {
            for (int i = 0; i < Round; i++)
            {
                int next = heap.Object("Thing", 100), method = heap.Add(NodeType.Closure, "describe"), scope = heap.Object("system / Context");
                heap.Property(next, "describe", method).Internal(method, "context", scope);
                if (thing != 0) heap.Link(scope, EdgeType.Context, "before", thing);
                heap.Property(holder, "thing", thing = next);
            }
        })));
        Assert.Equal("Thing", suspect.Constructor);
        Assert.Equal([30, 30], suspect.Born);
    }

    [Fact]
    public void A_few_large_objects_each_interval_are_a_leak_and_a_few_small_ones_are_not()
    {
        Assert.Equal(Verdict.NoLeak, LiveHeap.FindLeaks(Few(2, 100)).Verdict);
        Suspect suspect = Single(LiveHeap.FindLeaks(Few(2, 200_000)));
        Assert.Equal(("Image", 800_000L), (suspect.Constructor, suspect.RetainedGrowth));
        Assert.Equal([2, 2], suspect.Born);

        static Func<HeapGraph>[] Few(int objects, long size)
        {
            var heap = new LiveHeap();
            int table = heap.Table(heap.Global("images", "Map"));
            return heap.Rounds(3, round =>
            {
                for (int i = 0; i < objects; i++) heap.Put(table, round * objects + i, "Image", size);
            });
        }
    }

    [Fact]
    public void Numbers_in_an_array_are_seen_by_its_backing_store()
    {
        var heap = new LiveHeap();
        int array = heap.Global("latencies", "Array");
        Suspect suspect = Single(LiveHeap.FindLeaks(heap.Rounds(3, round =>
        {
            int store = heap.Add(NodeType.Array, "(object elements)", 8000 * (round + 1));
            heap.Internal(array, "elements", store);
        })));
        Assert.Equal(("numbers", "global.latencies (Array)", 16_000L), (suspect.Kind, suspect.Holder.Name, suspect.RetainedGrowth));
        Assert.Equal([1000, 1000], suspect.Born);
    }

    [Fact]
    public void What_grows_below_old_objects_is_found_where_it_grows()
    {
        var heap = new LiveHeap();
        int tenants = heap.Table(heap.Global("tenants", "Map"));
        int[] logs = [.. Enumerable.Range(0, 4).Select(i => heap.Table(Linked(heap, heap.Put(tenants, i, "Tenant"), "log", "Map")))];
        Suspect suspect = Single(LiveHeap.FindLeaks(heap.Rounds(3, round =>
        {
            foreach (int log in logs) Fill(heap, log, round, "Line");
        })));
        Assert.Equal(("Line", "map"), (suspect.Constructor, suspect.Kind));
        Assert.Contains("Tenant.log", suspect.Holder.Name, StringComparison.Ordinal);
        Assert.Equal([4 * Round, 4 * Round], suspect.Born);
    }

    [Fact]
    public void The_suspect_that_keeps_most_comes_first()
    {
        var heap = new LiveHeap();
        int small = heap.Table(heap.Global("small", "Map")), large = heap.Table(heap.Global("large", "Map"));
        LeakReport report = LiveHeap.FindLeaks(heap.Rounds(3, round =>
        {
            Fill(heap, small, round, "Small", size: 20);
            Fill(heap, large, round, "Large", size: 2000);
        }));
        Assert.Equal([("Large", 1), ("Small", 2)], report.Suspects.Select(s => (s.Constructor, s.Rank)));
    }

    [Fact]
    public void Growth_that_rises_or_slows_down_is_said()
    {
        Assert.Equal(GrowthTrend.Rising, Single(LiveHeap.FindLeaks(Growing(20, 40, 80))).Trend);
        Assert.Equal(GrowthTrend.Slowing, Single(LiveHeap.FindLeaks(Growing(80, 50, 30))).Trend);
        Assert.Equal(GrowthTrend.Steady, Single(LiveHeap.FindLeaks(Growing(30, 25, 30))).Trend);
        Assert.Empty(LiveHeap.FindLeaks(Growing(80, 40, 12)).Suspects);

        static Func<HeapGraph>[] Growing(params int[] born)
        {
            var heap = new LiveHeap();
            int table = heap.Table(heap.Global("all", "Map"));
            int next = 0;
            return heap.Rounds(born.Length + 1, round =>
            {
                for (int i = round == 0 ? 10 : born[round - 1]; i > 0; i--) heap.Put(table, next++, "Page", 64);
            });
        }
    }

    [Fact]
    public void Modules_of_Node_that_are_loaded_are_no_leak_but_what_accumulates_in_one_is()
    {
        Assert.Empty(LiveHeap.FindLeaks(Modules((heap, modules, _, round) => Fill(heap, modules, round, "BuiltinModule", 200))).Suspects);
        Suspect suspect = Single(LiveHeap.FindLeaks(Modules((heap, _, calls, round) => Fill(heap, calls, round, "Call", 200))));
        Assert.Equal(("Call", "MockTracker.calls (Map)"), (suspect.Constructor, suspect.Holder.Name));

        static Func<HeapGraph>[] Modules(Action<LiveHeap, int, int, int> load)
        {
            var heap = new LiveHeap();
            int loader = heap.Global("loader", "Object"), builtin = heap.Add(NodeType.Closure, "BuiltinModule"), map = heap.Object("Map");
            heap.Property(loader, "BuiltinModule", builtin).Property(builtin, "map", map);
            int modules = heap.Table(map), module = heap.Put(modules, 399, "BuiltinModule");
            int exports = heap.Object("Object"), tracker = heap.Object("MockTracker"), calls = heap.Object("Map");
            heap.Property(module, "exports", exports).Property(exports, "mock", tracker).Property(tracker, "calls", calls);
            int table = heap.Table(calls);
            return heap.Rounds(3, round => load(heap, modules, table, round));
        }
    }

    internal static void Fill(LiveHeap heap, int table, int round, string name, long size = 64)
    {
        for (int i = 0; i < Round; i++) heap.Put(table, round * Round + i, name, size);
    }

    private static int Linked(LiveHeap heap, int from, string property, string name)
    {
        int node = heap.Object(name);
        heap.Property(from, property, node);
        return node;
    }

    private static Suspect Single(LeakReport report)
    {
        Assert.True(report.Suspects.Count == 1, string.Create(CultureInfo.InvariantCulture,
            $"{report.Suspects.Count} suspects: {string.Join("; ", report.Suspects.Select(s => $"{s.Constructor} at {s.Holder.Name} {string.Join(",", s.Born)}"))}; {report.Reason}"));
        Assert.Equal(Verdict.Leak, report.Verdict);
        return report.Suspects[0];
    }
}
