using System.Globalization;
using System.Text.Json.Nodes;
using Holdfast.Analyses.Leaks;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Commands;

/// <summary>What <c>collections</c> says of containers, of what is live, and of counters.</summary>
public sealed class CollectionsCommandTests
{
    [Fact]
    public void Containers_come_by_growth_with_their_sizes_in_every_snapshot()
    {
        JsonNode json = Run(Peers(live: 10), "--limit", "1").Json;
        JsonNode row = Assert.Single(json["containers"]!.AsArray())!;
        Assert.Equal(("map", "global.scores (Map)", "scores", "global"), ((string)row["kind"]!, (string)row["name"]!, (string)row["edge"]!, (string)row["owner"]!));
        Assert.Equal([40, 80, 120], row["sizes"]!.AsArray().Select(n => (int)n!));
        Assert.Equal(80, (int)row["growth"]!);
        Assert.Equal(2, (int)json["container_count"]!);
    }

    [Fact]
    public void A_container_that_follows_churn_instead_of_what_is_live_is_told()
    {
        JsonNode asymmetry = Assert.Single(Run(Peers(live: 10), "--live", "Peer").Json["asymmetries"]!.AsArray())!;
        Assert.Equal(("live", "global.scores (Map)"), ((string)asymmetry["kind"]!, (string)asymmetry["name"]!));
        Assert.Equal([40d, 80, 120], asymmetry["values"]!.AsArray().Select(n => (double)n!));
        Assert.Equal([10d, 10, 10], asymmetry["live"]!.AsArray().Select(n => (double)n!));
    }

    [Fact]
    public void A_container_that_grows_with_what_is_live_is_not_told() =>
        Assert.Empty(Run(Peers(live: 200), "--live", "Peer").Json["asymmetries"]!.AsArray());

    [Fact]
    public void A_constructor_that_nothing_has_is_refused_with_names_that_come_close()
    {
        InputException e = Assert.Throws<InputException>(() => Run(Peers(live: 10), "--live", "Pear"));
        Assert.Contains("'Peer'", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counters_that_drift_apart_are_told_where_values_of_numbers_are_in_the_snapshots()
    {
        JsonNode json = Run(Counting((round, i) => i == 0 ? 10 * (round + 1) : 8 * (round + 1))).Json;
        Assert.True((bool)json["has_number_values"]!);
        JsonNode asymmetry = Assert.Single(json["asymmetries"]!.AsArray())!;
        Assert.Equal(("counters", "global.pool (Object): opened, closed"), ((string)asymmetry["kind"]!, (string)asymmetry["name"]!));
        Assert.Equal([2d, 4, 6], asymmetry["values"]!.AsArray().Select(n => (double)n!));
        Assert.Empty(Run(Counting((round, i) => 10 * (round + 1) - 2 * i)).Json["asymmetries"]!.AsArray());
    }

    [Theory]
    [InlineData("opened", "closed", true)]
    [InlineData("connectionsOpened", "connectionsClosed", true)]
    [InlineData("openCount", "closeCount", true)]
    [InlineData("ACQUIRED_TOTAL", "RELEASED_TOTAL", true)]
    [InlineData("closed", "opened", false)]
    [InlineData("opened", "openedAt", false)]
    [InlineData("socketsOpened", "filesClosed", false)]
    public void Counters_belong_together_by_their_names(string up, string down, bool together) => Assert.Equal(together, Counters.ArePair(up, down));

    /// <summary>A Map that gets 40 entries a round, and a Set-like array of peers: so many at any time, others each round.</summary>
    private static Func<HeapGraph>[] Peers(int live)
    {
        var heap = new LiveHeap();
        int table = heap.Table(heap.Global("scores", "Map"));
        int peers = heap.Global("peers", "Array");
        return heap.Rounds(3, round =>
        {
            int now = live == 10 ? 10 : live * (round + 1);
            for (int i = 0; i < now; i++) heap.Link(peers, EdgeType.Element, i.ToString(CultureInfo.InvariantCulture), heap.Object("Peer"));
            for (int i = 0; i < 40; i++) heap.Put(table, round * 40 + i, "Score");
        });
    }

    private static Func<HeapGraph>[] Counting(Func<int, int, int> value)
    {
        var heap = new LiveHeap();
        int pool = heap.Global("pool", "Object");
        string[] names = ["opened", "closed"];
        return heap.Rounds(3, round =>
        {
            for (int i = 0; i < names.Length; i++)
            {
                int number = heap.Add(NodeType.Number, "smi number");
                heap.Internal(number, "value", heap.Add(NodeType.String, value(round, i).ToString(CultureInfo.InvariantCulture)));
                heap.Property(pool, names[i], number);
            }
        });
    }

    private static CommandRun Run(Func<HeapGraph>[] series, params string[] words) => CommandRun.Of("collections", [.. series.Select(open => open())], words);
}
