using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.V8;
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

        using HeapGraph all = OpenCore.Read(heap.Build(), new CoreOptions { IncludeGarbage = true });
        Assert.Equal("nobody has it", OpenCore.NodeOf(all, garbage).Name);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_heap_with_every_kind_of_object_is_read_whole(string version)
    {
        HeapCoreBuilder heap = SampleHeap.Build(version);
        var warnings = new List<string>();
        using HeapGraph graph = OpenCore.Read(heap.Build(), new CoreOptions { IncludeGarbage = true }, warnings);

        Assert.Empty(warnings);
        Assert.Equal(0, graph.Origin!.UnparsedBytes);
        Assert.Equal(version, graph.Origin.V8Version);
        var names = new HashSet<string>();
        for (int i = 0; i < graph.NodeCount; i++) names.Add(graph[(NodeIndex)i].Name);
        string[] expected = ["Animal", "Dog", "bark", "Template", "WeakMap", "Tagged", "π\ud83d\ude00", "(concatenated string)", "system / Context", "heap number", "a.js"];
        Assert.Empty(expected.Except(names));
    }

    [Fact]
    public void The_class_of_an_object_may_be_said_by_its_prototypes()
    {
        var heap = new HeapCoreBuilder();
        ulong key = heap.String("constructor", true), name = heap.String("name", true);
        ulong function = heap.Function("Base");
        ulong top = heap.Object(heap.ObjectMap(0, 0, key), function);
        ulong middle = heap.Object(heap.ObjectMap(top, 0, name), heap.String("x"));
        ulong made = heap.Object(heap.ObjectMap(middle, 0, name), heap.String("y"));
        ulong second = heap.Object(heap.ObjectMap(middle, 0, name), heap.String("z"));
        heap.Keep(made);
        heap.Keep(second);
        using HeapGraph graph = OpenCore.Read(heap.Build());
        Assert.Equal("Base", OpenCore.NodeOf(graph, made).Name);
        Assert.Equal("Base", OpenCore.NodeOf(graph, second).Name);
        Assert.Equal("Base", OpenCore.NodeOf(graph, middle).Name);

        // V8 does not ask an object itself for its constructor.
        Assert.Equal("Object", OpenCore.NodeOf(graph, top).Name);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void Prototypes_and_maps_that_lead_in_circles_say_nothing(int length)
    {
        var heap = new HeapCoreBuilder();
        ulong name = heap.String("name", true);
        var maps = new ulong[length];
        var objects = new ulong[length];
        for (int i = 0; i < length; i++)
        {
            maps[i] = heap.Map("JS_OBJECT", 4, inObject: 3, descriptors: heap.Descriptors(name), own: 1, isDictionary: i % 2 == 1);
            objects[i] = heap.Object(maps[i], heap.Undefined);
        }

        for (int i = 0; i < length; i++)
        {
            heap.SetField(maps[i], V8Layout.MapPrototype, objects[(i + 1) % length]);
            heap.SetField(maps[i], V8Layout.MapConstructor, maps[(i + 1) % length]);
            heap.SetField(objects[i], V8Layout.Properties, heap.List("NAME_DICTIONARY", new ulong[12]));
            heap.Keep(objects[i]);
        }

        using HeapGraph graph = OpenCore.Read(heap.Build());
        foreach (ulong made in objects) Assert.Equal("Object", OpenCore.NodeOf(graph, made).Name);
    }

    [Fact]
    public void A_chain_of_prototypes_as_long_as_the_heap_is_asked_once_and_not_for_each_object()
    {
        // All have dictionaries, so that each is asked for a tag of its own: naively 1,500 times 1,500 times 64 entries.
        var heap = new HeapCoreBuilder();
        ulong dictionary = heap.List("NAME_DICTIONARY", new ulong[192]);
        ulong last = 0;
        for (int i = 0; i < 1500; i++)
        {
            last = heap.Object(heap.Map("JS_OBJECT", 3, prototype: last, isDictionary: true));
            heap.SetField(last, V8Layout.Properties, dictionary);
        }

        heap.Keep(last);
        using HeapGraph graph = OpenCore.Read(heap.Build());
        Assert.Equal("Object", OpenCore.NodeOf(graph, last).Name);
    }

    [Fact]
    public void An_odd_number_in_an_object_is_no_reference_to_the_first_page()
    {
        var heap = new HeapCoreBuilder();
        ulong list = heap.Array(heap.MetaMap & (HeapPage.Size - 1), heap.Undefined & (HeapPage.Size - 1), 0x101);
        heap.Keep(list);
        using HeapGraph graph = OpenCore.Read(heap.Build());
        Assert.Equal("map", Assert.Single(OpenCore.EdgesOf(OpenCore.NodeOf(graph, list))).Name);
    }

    [Fact]
    public void Heaps_of_several_isolates_are_read_one_by_one()
    {
        const ulong Worker = HeapCoreBuilder.Page + (8 * HeapPage.Size), WorkerHeap = 0x6000_0000_0000;
        var heap = new HeapCoreBuilder();
        ulong mine = heap.Array(1);
        heap.Keep(mine);
        heap.Memory(WorkerHeap - 0x100, 0x1000);
        heap.AddPage(Worker, WorkerHeap, owner: 0x77);
        heap.CurrentPage = Worker;
        ulong other = heap.Array(2);
        heap.Set(WorkerHeap + 0x20, other);

        var warnings = new List<string>();
        using HeapGraph main = OpenCore.Read(heap.Build(), null, warnings);
        Assert.Contains("main thread's heap only. There are 1 more: worker-1", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.True(OpenCore.TryNode(main, mine, out _) && !OpenCore.TryNode(main, other, out _));
        using HeapGraph worker = OpenCore.Read(heap.Build(), new CoreOptions { Thread = "worker-1" });
        Assert.True(OpenCore.TryNode(worker, other, out _) && !OpenCore.TryNode(worker, mine, out _));
        using HeapGraph byNumber = OpenCore.Read(heap.Build(), new CoreOptions { Thread = "2" });
        GraphAssert.Same(worker, byNumber);
    }

    [Fact]
    public void A_length_below_zero_is_no_size()
    {
        var heap = new HeapCoreBuilder();
        ulong text = heap.External(heap.Memory(0x100), -100);
        heap.Keep(text);
        using HeapGraph graph = OpenCore.Read(heap.Build());
        Assert.Equal(32, OpenCore.NodeOf(graph, text).SelfSize);
    }

    [Fact]
    public void Memory_outside_the_heap_that_cannot_be_is_none()
    {
        var heap = new HeapCoreBuilder();
        ulong buffer = heap.New(heap.MapOf("JS_ARRAY_BUFFER"), new ulong[11]);
        ulong second = heap.New(heap.MapOf("JS_ARRAY_BUFFER"), new ulong[11]);
        foreach (ulong made in new[] { buffer, second }) heap.SetField(made, heap.Layout.BufferByteLength, ulong.MaxValue);
        heap.SetField(buffer, heap.Layout.BufferBackingStore, 0x7777_0000);
        heap.SetField(second, heap.Layout.BufferBackingStore, ulong.MaxValue);
        heap.Keep(buffer);
        heap.Keep(second);
        using HeapGraph graph = OpenCore.Read(heap.Build());
        Assert.Equal((long)Limits.MaxNumber, OpenCore.NodeOf(graph, 0x7777_0000).SelfSize);
        Assert.DoesNotContain(OpenCore.EdgesOf(OpenCore.NodeOf(graph, second)), e => e.Name == "backing_store");
    }
}
