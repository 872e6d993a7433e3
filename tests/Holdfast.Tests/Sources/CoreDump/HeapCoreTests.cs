using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.CoreDump;

/// <summary>Whole cores made by hand, read as graphs.</summary>
public sealed class HeapCoreTests
{
    public static TheoryData<string> Versions => ["10.2.154.26", "11.3.244.8", "12.4.254.21", "13.6.233.17", "14.6.202.34"];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Objects_with_properties_become_nodes_with_names_edges_and_sizes(string version)
    {
        var heap = new HeapCoreBuilder(version);
        ulong value = heap.String("the value"), list = heap.Array(value, value);
        ulong constructor = heap.Function("Shop");
        ulong shop = heap.Object(heap.ObjectMap(0, constructor, heap.String("cart", true), heap.String("list", true)), value, list);
        ulong garbage = heap.String("nobody has it");
        heap.Keep(shop);

        var warnings = new List<string>();
        using HeapGraph graph = OpenCore.Read(heap.Build(), null, warnings);

        Assert.Empty(warnings);
        Node found = OpenCore.NodeOf(graph, shop);
        Assert.Equal("Shop", found.Name);
        Assert.Equal(NodeType.Object, found.Type);
        Assert.Equal(40, found.SelfSize);
        Assert.Equal("the value", OpenCore.Target(found, "cart").Name);
        Assert.Equal(list, OpenCore.Target(found, "list").Id);
        Assert.Equal(32, OpenCore.Target(found, "list").SelfSize);
        Assert.Equal(2, OpenCore.EdgesOf(OpenCore.Target(found, "list")).Count(e => graph[e.Target].Id == value));
        Assert.False(OpenCore.TryNode(graph, garbage, out _));
        Assert.Equal(1, graph.Origin!.GarbageCount);
    }
}
