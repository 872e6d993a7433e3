using System.Text.Json.Nodes;
using Holdfast.Model;
using Holdfast.Reports;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Commands;

/// <summary>What <c>diff</c> promises programs, and what it warns of.</summary>
public sealed class DiffCommandTests
{
    [Fact]
    public void The_JSON_has_the_keys_of_the_contract()
    {
        JsonNode json = CommandRun.Of("diff", [Foos(10), Foos(12), Foos(14)]).Json;
        Assert.Superset(new HashSet<string> { "snapshots", "classes" }, CommandRun.Keys(json).ToHashSet());
        Assert.Equal(3, json["snapshots"]!.AsArray().Count);
        Assert.All(json["snapshots"]!.AsArray(), s => Assert.Superset(new HashSet<string> { "path", "node_count", "total_size" }, CommandRun.Keys(s).ToHashSet()));
        JsonNode row = Assert.Single(json["classes"]!.AsArray())!;
        string[] keys = ["name", "counts", "shallow_sizes", "added_count", "removed_count", "count_delta", "added_size", "removed_size", "size_delta"];
        Assert.Superset(keys.ToHashSet(), CommandRun.Keys(row).ToHashSet());
        Assert.Equal([10, 12, 14], row["counts"]!.AsArray().Select(n => (int)n!));
        Assert.Equal([160L, 192, 224], row["shallow_sizes"]!.AsArray().Select(n => (long)n!));
        Assert.Equal((4, 0, 4, 64L, 0L, 64L), (
            (int)row["added_count"]!, (int)row["removed_count"]!, (int)row["count_delta"]!,
            (long)row["added_size"]!, (long)row["removed_size"]!, (long)row["size_delta"]!));
    }

    [Fact]
    public void A_limit_of_zero_gives_all_classes_and_any_other_says_what_it_left_out()
    {
        HeapGraph Before() => Classes(30, 1);
        HeapGraph After() => Classes(30, 2);
        Assert.Equal(30, CommandRun.Of("diff", [Before(), After()], "--limit", "0").Json["classes"]!.AsArray().Count);
        CommandRun two = CommandRun.Of("diff", [Before(), After()], "--limit", "2");
        Assert.Equal((2, 30), (two.Json["classes"]!.AsArray().Count, (int)two.Json["class_count"]!));
        Assert.All(two.Report.Blocks.OfType<TableBlock>().Where(b => b.Title is not null), b => Assert.Equal(28, b.LeftOut?.Count));
    }

    [Fact]
    public void Classes_that_gained_little_are_left_out_where_that_is_asked_for()
    {
        Assert.Single(CommandRun.Of("diff", [Foos(10), Foos(14)], "--min-count", "4").Json["classes"]!.AsArray());
        Assert.Empty(CommandRun.Of("diff", [Foos(10), Foos(14)], "--min-count", "5").Json["classes"]!.AsArray());
        Assert.Single(CommandRun.Of("diff", [Foos(10), Foos(14)], "--min-size", "64").Json["classes"]!.AsArray());
        Assert.Empty(CommandRun.Of("diff", [Foos(10), Foos(14)], "--min-size", "65").Json["classes"]!.AsArray());
    }

    [Fact]
    public void Snapshots_in_order_are_no_cause_for_a_warning() => Assert.Empty(CommandRun.Of("diff", [Foos(10), Foos(12)]).Warnings);

    [Fact]
    public void Snapshots_in_the_wrong_order_are_warned_of()
    {
        string warning = Assert.Single(CommandRun.Of("diff", [Foos(12), Foos(10)]).Warnings);
        Assert.Matches("1.heapsnapshot is older than .*0.heapsnapshot .*order", warning);
    }

    [Fact]
    public void Snapshots_of_different_processes_are_warned_of() =>
        Assert.Contains("different processes", Assert.Single(CommandRun.Of("diff", [Foos(10), Foos(10, firstId: 1001)]).Warnings), StringComparison.Ordinal);

    [Fact]
    public void The_same_file_twice_is_warned_of() =>
        Assert.Contains("same file twice", Assert.Single(CommandRun.Of("diff", [Foos(10), Foos(10)]).Warnings), StringComparison.Ordinal);

    private static HeapGraph Foos(int count, ulong firstId = 3)
    {
        var parts = new HeapGraphBuilder();
        NodeIndex root = parts.AddNode(NodeType.Synthetic, "", 1, 0);
        for (int i = 0; i < count; i++)
            parts.AddEdge(root, EdgeType.Element, 1, parts.AddNode(NodeType.Object, "Foo", firstId + (ulong)i * 2, 16));
        return parts.Build();
    }

    private static HeapGraph Classes(int classes, int objects)
    {
        var builder = new HeapBuilder();
        for (int o = 0; o < objects; o++)
        {
            for (int i = 0; i < classes; i++) builder.RootObject($"Class{i}");
        }

        return builder.Build();
    }
}
