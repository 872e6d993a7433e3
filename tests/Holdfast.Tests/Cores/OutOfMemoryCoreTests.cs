using System.Text.Json.Nodes;
using Holdfast.Model;
using Holdfast.Tests.Commands;

namespace Holdfast.Tests.Cores;

/// <summary>The core that the kernel wrote when V8 ran out of heap: a Map keeps every Order (tests/cores/oom.js).</summary>
public sealed class OutOfMemoryCoreTests
{
    private static string Core => PackedCores.Path("18", "oom");

    private static JsonNode Leak => PackedCores.Truth("18", "oom")["leak"]!;

    [Fact]
    public void All_orders_are_there_and_every_byte_of_the_heap_is_read()
    {
        using HeapGraph graph = CoreReading.Read(Core);
        GraphCounts counts = GraphCounts.Of(graph);
        AssertOrders(counts.Classes["Order"]);
        Assert.Equal(1, counts.Classes["Desk"]);
        CoreBounds.AssertParsed(counts, graph.Origin!);
    }

    [Fact]
    public void Leaks_names_the_Map_that_holds_them_and_where_it_is_filled()
    {
        JsonNode suspect = CommandRun.OfFiles("leaks", [Core]).Json["suspects"]![0]!;
        Assert.Equal(((string)Leak["constructor"]!, "map"), ((string)suspect["constructor"]!, (string)suspect["kind"]!));
        JsonNode holder = suspect["holder"]!;
        Assert.Equal(("Desk.open (Map)", (string)Leak["edge"]!, (string)Leak["kept_by"]!), ((string)holder["name"]!, (string)holder["edge"]!, (string)holder["owner"]!));
        AssertOrders((int)suspect["counts"]![0]!);
        Assert.EndsWith("oom.js", (string)suspect["location"]!["file"]!, StringComparison.Ordinal);
    }

    [Fact]
    public void Collections_counts_the_entries_of_the_Map()
    {
        JsonNode largest = CommandRun.OfFiles("collections", [Core]).Json["containers"]![0]!;
        Assert.Equal("Desk.open (Map)", (string)largest["name"]!);
        AssertOrders((int)largest["sizes"]![0]!);
    }

    [Fact]
    public void The_paths_of_the_orders_go_through_the_Map_and_one_lies_on_the_stack()
    {
        JsonNode paths = CommandRun.OfFiles("paths", [Core], "Order").Json;
        var names = new List<string>();
        for (JsonNode? branch = paths["tree"]![0]; branch is not null; branch = branch["children"]!.AsArray().FirstOrDefault()) names.Add((string)branch["node"]!);
        Assert.Equal(["global", "Desk", "Map", "(array)", "Order"], names.Select(n => n.Split(' ')[0]));
        AssertOrders((int)paths["tree"]![0]!["count"]!);
    }

    private static void AssertOrders(int count) => Assert.InRange(count, (int)Leak["at_least"]!, (int)Leak["at_most"]!);
}
