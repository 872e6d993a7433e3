using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Commands;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Commands;

/// <summary>What <c>verify</c> says of fixes that work, do not work, make it worse, or bring something new.</summary>
public sealed class VerifyCommandTests
{
    private const int Round = 30;

    [Fact]
    public void A_holder_that_grows_no_more_is_fixed()
    {
        (JsonNode json, bool found) = Verify(Leaking("Session", Round), Leaking("Session", 0));
        Assert.Equal(("fixed", false), ((string)json["verdict"]!, found));
        JsonNode suspect = Assert.Single(json["suspects"]!.AsArray())!;
        Assert.Equal(("fixed", "Session", "global.all (Map)"), ((string)suspect["status"]!, (string)suspect["constructor"]!, (string)suspect["holder"]!["name"]!));
        Assert.Equal((30, 0), ((double)suspect["growth_per_interval_before"]!, (double)suspect["growth_per_interval_after"]!));
        Assert.Empty(json["new_suspects"]!.AsArray());
    }

    [Fact]
    public void A_holder_that_still_grows_is_not_fixed_though_ids_and_constructors_differ()
    {
        (JsonNode json, bool found) = Verify(Leaking("Session", Round), Leaking("SessionV2", Round, firstId: 100_001));
        Assert.Equal(("not_fixed", true), ((string)json["verdict"]!, found));
        JsonNode suspect = Assert.Single(json["suspects"]!.AsArray())!;
        Assert.Equal(("not_fixed", "SessionV2"), ((string)suspect["status"]!, (string)suspect["after"]!["constructor"]!));
        Assert.Equal([30, 60, 90], suspect["sizes_after"]!.AsArray().Select(n => (int)n!));
    }

    [Fact]
    public void A_holder_that_grows_faster_is_worse()
    {
        (JsonNode json, bool found) = Verify(Leaking("Session", Round), Leaking("Session", 2 * Round));
        Assert.Equal(("worse", true), ((string)json["verdict"]!, found));
    }

    [Fact]
    public void What_grows_only_after_the_fix_is_told_and_is_no_fix()
    {
        (JsonNode json, bool found) = Verify(Leaking("Session", Round), Leaking("Session", Round, holder: "retries"));
        Assert.Equal(("not_fixed", true), ((string)json["verdict"]!, found));
        JsonNode fresh = Assert.Single(json["new_suspects"]!.AsArray())!;
        Assert.Equal("global.retries (Map)", (string)fresh["holder"]!["name"]!);
    }

    [Fact]
    public void Where_there_was_no_leak_nothing_is_verified()
    {
        (JsonNode json, bool found) = Verify(Leaking("Session", 0), Leaking("Session", 0));
        Assert.Equal(("inconclusive", true), ((string)json["verdict"]!, found));
    }

    [Fact]
    public void Snapshots_that_do_not_fit_together_verify_nothing()
    {
        Func<HeapGraph>[] leaky = Leaking("Session", Round), clean = Leaking("Session", 0);
        (JsonNode json, bool found) = Verify(leaky, [clean[0], clean[0], clean[0]]);
        Assert.Equal(("inconclusive", true), ((string)json["verdict"]!, found));
        Assert.Contains("of the snapshots after", (string)json["reason"]!, StringComparison.Ordinal);
        Assert.Equal("inconclusive", (string)Verify([leaky[0], leaky[0]], clean).Json["verdict"]!);
    }

    [Fact]
    public void Strings_that_grow_elsewhere_do_not_keep_a_suspect_of_strings_from_being_fixed()
    {
        Func<HeapGraph>[] before = Strings("log"), after = Strings("other");
        (JsonNode json, bool found) = Verify(before, after);
        JsonNode suspect = json["suspects"]!.AsArray().Single(s => ((string)s!["holder"]!["name"]!).Contains("log", StringComparison.Ordinal))!;
        Assert.Equal(("fixed", true), ((string)suspect["status"]!, found));

        static Func<HeapGraph>[] Strings(string holder)
        {
            var heap = new LiveHeap();
            int array = heap.Global(holder, "Array");
            return heap.Rounds(3, round =>
            {
                for (int i = 0; i < Round; i++)
                    heap.Link(array, EdgeType.Element, (round * Round + i).ToString(System.Globalization.CultureInfo.InvariantCulture), heap.Add(NodeType.String, $"line {round} {i}", 64));
            });
        }
    }

    [Fact]
    public void Slopes_of_the_heap_and_of_what_should_not_be_kept_are_told()
    {
        JsonNode json = Verify(Leaking("Timeout", Round), Leaking("Timeout", 0)).Json;
        Assert.True((double)json["total_slope_before"]! > (double)json["total_slope_after"]!);
        JsonNode timers = json["resources"]!.AsArray().Single(r => (string)r!["name"]! == "timers")!;
        Assert.Equal([30, 60, 90], timers["before"]!.AsArray().Select(n => (int)n!));
        Assert.Equal([0, 0, 0], timers["after"]!.AsArray().Select(n => (int)n!));
    }

    [Fact]
    public void A_series_of_one_snapshot_is_refused_with_an_example()
    {
        ProcessAnswer answer = HoldfastProcess.Run("verify", "--before", "a.heapsnapshot", "--after", "b.heapsnapshot", "c.heapsnapshot");
        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("--before A B C --after A B C", answer.Error, StringComparison.Ordinal);
    }

    private static Func<HeapGraph>[] Leaking(string name, int perRound, ulong firstId = 1, string holder = "all")
    {
        var heap = new LiveHeap(firstId);
        int table = heap.Table(heap.Global(holder, "Map"));
        return heap.Rounds(3, round =>
        {
            for (int i = 0; i < perRound; i++) heap.Put(table, round * perRound + i, name);
            heap.Property(1, "now", heap.Object("Round"));
        });
    }

    private static (JsonNode Json, bool Found) Verify(Func<HeapGraph>[] before, Func<HeapGraph>[] after)
    {
        using var folder = new TemporaryFolder();
        var command = new VerifyCommand();
        var given = new Dictionary<string, IReadOnlyList<string>>
        {
            ["before"] = [.. before.Select((open, i) => folder.Write($"before{i}.heapsnapshot", Snapshots.Write(open())))],
            ["after"] = [.. after.Select((open, i) => folder.Write($"after{i}.heapsnapshot", Snapshots.Write(open())))],
        };
        using var context = new CommandContext(Work.Unwatched, () => Stream.Null);
        CommandResult result = command.Run(new Arguments(command.Parameters, given), context);
        return (JsonSerializer.SerializeToNode(result.Record, command.RecordType)!, result.Found);
    }
}
