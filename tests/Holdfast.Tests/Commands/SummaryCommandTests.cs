using System.Text.Json.Nodes;
using Holdfast.Model;
using Holdfast.Reports;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Commands;

/// <summary>What <c>summary</c> promises programs.</summary>
public sealed class SummaryCommandTests
{
    [Fact]
    public void The_JSON_has_the_keys_of_the_contract()
    {
        JsonNode json = CommandRun.Of("summary", [Classes(1)]).Json;
        Assert.Superset(new HashSet<string> { "node_count", "edge_count", "total_size", "classes" }, CommandRun.Keys(json).ToHashSet());
        Assert.Equal((2, 1, 16L), ((int)json["node_count"]!, (int)json["edge_count"]!, (long)json["total_size"]!));
        JsonNode row = Assert.Single(json["classes"]!.AsArray())!;
        Assert.Superset(new HashSet<string> { "name", "count", "shallow_size", "retained_size", "distance" }, CommandRun.Keys(row).ToHashSet());
        Assert.Equal(("Class0", 1, 16L, 16L, 1), ((string)row["name"]!, (int)row["count"]!, (long)row["shallow_size"]!, (long)row["retained_size"]!, (int)row["distance"]!));
    }

    [Fact]
    public void A_limit_of_zero_gives_all_classes_and_any_other_says_what_it_left_out()
    {
        Assert.Equal(50, CommandRun.Of("summary", [Classes(50)], "--limit", "0").Json["classes"]!.AsArray().Count);
        CommandRun two = CommandRun.Of("summary", [Classes(50)], "--limit", "2");
        Assert.Equal((2, 50), (two.Json["classes"]!.AsArray().Count, (int)two.Json["class_count"]!));
        LeftOut left = two.Report.Blocks.OfType<TableBlock>().Single(b => b.Title == "Classes").LeftOut!;
        Assert.Equal((48L, 48L * 16), (left.Count, left.Bytes));
    }

    private static HeapGraph Classes(int count)
    {
        var builder = new HeapBuilder();
        for (int i = 0; i < count; i++) builder.RootObject($"Class{i}");
        return builder.Build();
    }
}
