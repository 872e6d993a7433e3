using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses.Redaction;

/// <summary>Which names of properties are taken for data when they are to go.</summary>
public sealed class DataNamesTests
{
    private readonly HeapBuilder _heap = new();

    [Fact]
    public void Names_that_only_one_object_has_go() => Goes("token", Holder("Sessions", "token"));

    [Fact]
    public void Names_stay_where_it_was_not_asked_for()
    {
        NodeIndex holder = Holder("Sessions", "token");
        using HeapGraph graph = RedactorTests.Redact(_heap);
        Assert.Equal("token", RedactorTests.EdgesOf(graph, holder)[0].Name);
    }

    [Fact]
    public void One_name_gets_one_number_wherever_it_is()
    {
        NodeIndex first = Holder("A", "token", "other"), second = Holder("B", "token");
        using HeapGraph graph = RedactorTests.Redact(_heap, names: true);
        Assert.Equal(["key-1", "key-2"], RedactorTests.EdgesOf(graph, first).Select(e => e.Name));
        Assert.Equal(["key-1"], RedactorTests.EdgesOf(graph, second).Select(e => e.Name));
    }

    [Theory]
    [InlineData("owner", 2, true, true)]
    [InlineData("#private", 2, true, true)]
    [InlineData("owner", 1, true, false)]
    [InlineData("owner", 2, false, false)]
    [InlineData("a token", 2, true, false)]
    [InlineData("4f3a", 2, true, false)]
    [InlineData("né", 2, true, false)]
    public void Names_stay_that_look_like_identifiers_and_that_two_objects_have_in_a_shape(string name, int objects, bool isInShape, bool stays)
    {
        NodeIndex map = _heap.Node(NodeType.ObjectShape, "system / Map", 80), list = _heap.Node(NodeType.ObjectShape, "system / DescriptorArray", 80);
        _heap.Internal(map, "descriptors", list);
        if (isInShape) _heap.Parts.AddEdge(list, EdgeType.Hidden, 1, _heap.Node(NodeType.String, name, 24));
        NodeIndex holder = _heap.Root;
        for (int i = 0; i < objects; i++) _heap.Internal(holder = Holder("Session", name), "map", map);
        if (stays) Stays(name, holder);
        else Goes(name, holder);
    }

    [Fact]
    public void Names_of_functions_classes_and_variables_stay()
    {
        _heap.Node(NodeType.Closure, "onClose", 64);
        _heap.Object("Session");
        _heap.Edge(_heap.Object("system / Context"), EdgeType.Context, "cache", _heap.Object("Map"));
        NodeIndex holder = Holder("Holder", "onClose", "Session", "cache", "get cache", "set token", "__proto__", "<symbol a key>", "token");
        using HeapGraph graph = RedactorTests.Redact(_heap, names: true);
        Assert.Equal(["onClose", "Session", "cache", "get cache", "key-1", "__proto__", "<symbol a key>", "key-2"],
            RedactorTests.EdgesOf(graph, holder).Select(e => e.Name));
    }

    [Fact]
    public void Global_variables_keep_their_names()
    {
        NodeIndex global = _heap.RootObject("global"), cache = Holder("Cache", "token");
        _heap.Property(global, "theCache", cache);
        using HeapGraph graph = RedactorTests.Redact(_heap, names: true);
        Assert.Equal("theCache", RedactorTests.EdgesOf(graph, global)[0].Name);
        Assert.Equal("key-1", RedactorTests.EdgesOf(graph, cache)[0].Name);
    }

    [Theory]
    [InlineData(new uint[] { 4711, 155_512_345 }, new uint[] { 0, 1 })]
    [InlineData(new uint[] { 0, 1, 2, 900 }, new uint[] { 0, 1, 2, 900 })]
    public void Numbers_that_are_keys_are_replaced_and_places_in_a_list_are_not(uint[] indexes, uint[] expected)
    {
        NodeIndex holder = _heap.Object("Object");
        foreach (uint index in indexes) _heap.Element(holder, index, _heap.Object("Order"));
        using HeapGraph graph = RedactorTests.Redact(_heap, names: true);
        Assert.Equal(expected.Select(i => $"{i}"), RedactorTests.EdgesOf(graph, holder).Select(e => e.Name));
    }

    private NodeIndex Holder(string name, params string[] properties)
    {
        NodeIndex holder = _heap.Object(name);
        foreach (string property in properties) _heap.Property(holder, property, _heap.Node(NodeType.String, "value", 24));
        return holder;
    }

    private void Stays(string name, NodeIndex holder) => Assert.Equal(name, NameAfter(holder));

    private void Goes(string name, NodeIndex holder) => Assert.NotEqual(name, NameAfter(holder));

    private string NameAfter(NodeIndex holder)
    {
        using HeapGraph graph = RedactorTests.Redact(_heap, names: true);
        return RedactorTests.EdgesOf(graph, holder)[0].Name;
    }
}
