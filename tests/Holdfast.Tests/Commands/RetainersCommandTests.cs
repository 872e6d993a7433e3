using System.Text.Json.Nodes;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Commands;

/// <summary>What <c>retainers</c> promises programs.</summary>
public sealed class RetainersCommandTests
{
    [Fact]
    public void The_JSON_has_the_keys_of_the_contract()
    {
        JsonNode json = CommandRun.Of("retainers", [Held(1)], "Foo").Json;
        Assert.Superset(new HashSet<string> { "constructor", "instances", "patterns" }, CommandRun.Keys(json).ToHashSet());
        Assert.Equal(("Foo", 1), ((string)json["constructor"]!, (int)json["instances"]!));
        JsonNode row = Assert.Single(json["patterns"]!.AsArray())!;
        Assert.Superset(new HashSet<string> { "count", "retainer", "retainer_type", "edge", "edge_type", "id" }, CommandRun.Keys(row).ToHashSet());
        Assert.Equal((1, "Holder0", "object", "foo", "property", 5UL), (
            (int)row["count"]!, (string)row["retainer"]!, (string)row["retainer_type"]!, (string)row["edge"]!, (string)row["edge_type"]!, (ulong)row["id"]!));
    }

    [Fact]
    public void A_limit_of_zero_gives_all_patterns()
    {
        Assert.Equal(60, CommandRun.Of("retainers", [Held(60)], "Foo", "--limit", "0").Json["patterns"]!.AsArray().Count);
        JsonNode two = CommandRun.Of("retainers", [Held(60)], "Foo", "--limit", "2").Json;
        Assert.Equal((2, 60), (two["patterns"]!.AsArray().Count, (int)two["pattern_count"]!));
    }

    [Fact]
    public void One_object_can_be_asked_for_by_its_id() =>
        Assert.Equal(("@3", 1), CommandRun.Of("retainers", [Held(2)], "@3").Json is var json ? ((string)json["constructor"]!, (int)json["instances"]!) : default);

    private static HeapGraph Held(int holders)
    {
        var builder = new HeapBuilder();
        NodeIndex foo = builder.Object("Foo");
        for (int i = 0; i < holders; i++) builder.Property(builder.RootObject($"Holder{i}"), "foo", foo);
        return builder.Build();
    }
}
