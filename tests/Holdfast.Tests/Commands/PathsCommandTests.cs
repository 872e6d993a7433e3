using System.Text.Json.Nodes;
using Holdfast.Model;
using Holdfast.Reports;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Commands;

/// <summary>What <c>paths</c> promises programs.</summary>
public sealed class PathsCommandTests
{
    [Fact]
    public void The_JSON_has_the_tree_with_ids_and_the_samples_with_the_steps_of_the_contract()
    {
        JsonNode json = CommandRun.Of("paths", [Held(1)], "Foo", "--samples", "1").Json;
        Assert.Superset(new HashSet<string> { "constructor", "instances", "shallow_size", "reached", "unreached", "tree", "samples" }, CommandRun.Keys(json).ToHashSet());
        JsonNode top = Assert.Single(json["tree"]!.AsArray())!;
        Assert.Superset(new HashSet<string> { "edge", "edge_type", "node", "node_type", "id", "count", "repeat", "children" }, CommandRun.Keys(top).ToHashSet());
        Assert.Equal(("Holder0", 1), ((string)top["node"]!, (int)top["count"]!));
        JsonNode sample = Assert.Single(json["samples"]!.AsArray())!;
        Assert.Equal((ulong)sample["id"]!, (ulong)sample["path"]!.AsArray()[^1]!["id"]!);
        Assert.Equal(["Holder0", "Foo"], sample["path"]!.AsArray().Select(s => (string)s!["node"]!));
        Assert.All(sample["path"]!.AsArray(), s =>
            Assert.Superset(new HashSet<string> { "edge_type", "edge", "node_type", "node", "id", "repeat" }, CommandRun.Keys(s).ToHashSet()));
    }

    [Fact]
    public void A_limit_of_zero_gives_every_branch_and_any_other_says_what_it_left_out()
    {
        Assert.Equal(60, CommandRun.Of("paths", [Held(60)], "Foo", "--limit", "0").Json["tree"]!.AsArray().Count);
        CommandRun two = CommandRun.Of("paths", [Held(60)], "Foo", "--limit", "2");
        Assert.Equal(2, two.Json["tree"]!.AsArray().Count);
        JsonNode left = two.Json["left_out"]!;
        Assert.Equal((58, 58, 58L * 16), ((int)left["branches"]!, (int)left["count"]!, (long)left["shallow_size"]!));
        LeftOut said = two.Report.Blocks.OfType<TreeBlock>().Single().LeftOut!;
        Assert.Equal((58L, 58L * 16), (said.Count, said.Bytes));
    }

    [Fact]
    public void A_depth_cuts_samples_at_the_root_and_says_how_many_steps_are_missing()
    {
        JsonNode sample = CommandRun.Of("paths", [Held(1)], "Foo", "--samples", "1", "--depth", "1").Json["samples"]!.AsArray()[0]!;
        Assert.Equal(("Foo", 1), ((string)Assert.Single(sample["path"]!.AsArray())!["node"]!, (int)sample["steps_left_out"]!));
    }

    private static HeapGraph Held(int holders)
    {
        var builder = new HeapBuilder();
        for (int i = 0; i < holders; i++) builder.Property(builder.RootObject($"Holder{i}"), "foo", builder.Object("Foo"));
        return builder.Build();
    }
}
