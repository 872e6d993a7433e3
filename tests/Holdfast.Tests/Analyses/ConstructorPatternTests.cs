using Holdfast.Analyses;
using Holdfast.Commands;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses;

/// <summary>What the user means by a constructor.</summary>
public sealed class ConstructorPatternTests
{
    [Fact]
    public void A_name_as_shown_is_that_class_and_no_other()
    {
        var builder = new HeapBuilder();
        NodeIndex first = builder.RootObject("Foo"), second = builder.RootObject("Foo");
        builder.RootObject("Foobar");
        builder.RootObject("foo");
        Assert.Equal([first, second], Match(builder, "Foo"));
    }

    [Fact]
    public void Plain_objects_go_by_the_properties_they_share()
    {
        var builder = new HeapBuilder();
        NodeIndex value = builder.RootObject("Value");
        NodeIndex[] pairs = [builder.RootObject("Object"), builder.RootObject("Object")];
        foreach (NodeIndex pair in pairs) builder.Property(pair, "a", value).Property(pair, "b", value);
        NodeIndex other = builder.RootObject("Object");
        builder.Property(other, "a", value);
        Assert.Equal(pairs, Match(builder, "{a, b}"));
    }

    [Fact]
    public void Classes_in_parentheses_go_by_kind()
    {
        var builder = new HeapBuilder();
        NodeIndex text = builder.Node(NodeType.String, "hello", 24);
        NodeIndex code = builder.Node(NodeType.Code, "(instruction stream)", 40);
        builder.Element(builder.Root, 1, text).Element(builder.Root, 2, code);
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        Assert.Equal([text], Match(heap, "(string)"));
        Assert.Equal([code], Match(heap, "(compiled code)"));
    }

    [Theory]
    [InlineData("What?")]
    [InlineData("*")]
    [InlineData("a*b")]
    public void A_class_whose_name_has_the_marks_of_a_glob_is_meant_before_the_glob(string name)
    {
        var builder = new HeapBuilder();
        NodeIndex exact = builder.RootObject(name);
        builder.RootObject("Whats");
        builder.RootObject("axb");
        Assert.Equal([exact], Match(builder, name));
    }

    [Fact]
    public void A_glob_takes_every_class_that_matches()
    {
        var builder = new HeapBuilder();
        NodeIndex client = builder.RootObject("HttpClient"), server = builder.RootObject("HttpServer");
        NodeIndex agent = builder.RootObject("AgentX");
        builder.RootObject("MyHttp");
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        Assert.Equal([client, server], Match(heap, "Http*"));
        Assert.Equal([agent], Match(heap, "Agent?"));
    }

    [Fact]
    public void A_type_and_a_name_mean_nodes_of_that_type_with_that_name_of_their_own()
    {
        var builder = new HeapBuilder();
        NodeIndex function = builder.Node(NodeType.Closure, "Session", 32);
        NodeIndex get = builder.Node(NodeType.String, "GET /a", 24), post = builder.Node(NodeType.String, "POST /a", 24);
        builder.Element(builder.Root, 1, function).Element(builder.Root, 2, get).Element(builder.Root, 3, post);
        NodeIndex instance = builder.RootObject("Session");
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        Assert.Equal([function], Match(heap, "closure::Session"));
        Assert.Equal([instance], Match(heap, "object::Session"));
        Assert.Equal([get], Match(heap, "string::GET /a"));
        Assert.Equal([get, post], Match(heap, "string::* /a"));
        Assert.Equal([post], Match(heap, "string::P?ST /a"));
    }

    [Fact]
    public void A_class_called_like_a_type_and_a_name_is_meant_before_these()
    {
        var builder = new HeapBuilder();
        NodeIndex oddly = builder.RootObject("object::Foo");
        builder.RootObject("Foo");
        Assert.Equal([oddly], Match(builder, "object::Foo"));
    }

    [Fact]
    public void Functions_are_found_by_their_own_name()
    {
        var builder = new HeapBuilder();
        NodeIndex onClose = builder.Node(NodeType.Closure, "onClose", 32), onData = builder.Node(NodeType.Closure, "onData", 32);
        builder.Element(builder.Root, 1, onClose).Element(builder.Root, 2, onData);
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        Assert.Equal([onClose], Match(heap, "onClose"));
        Assert.Equal([onClose, onData], Match(heap, "on*"));
        Assert.Equal([onClose, onData], Match(heap, "Function"));
    }

    [Fact]
    public void Nodes_of_V8s_own_are_found_by_their_own_name_last()
    {
        var builder = new HeapBuilder();
        NodeIndex table = builder.Node(NodeType.Array, "(object properties)", 64);
        builder.Element(builder.Root, 1, table);
        builder.RootObject("Foo");
        Assert.Equal([table], Match(builder, "(object properties)"));
    }

    [Fact]
    public void The_text_of_strings_is_not_looked_at_unless_a_type_is_given()
    {
        var builder = new HeapBuilder();
        builder.Element(builder.Root, 1, builder.Node(NodeType.String, "secret", 24));
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        Assert.Throws<InputException>(() => Match(heap, "secret"));
        Assert.Throws<InputException>(() => Match(heap, "secr*"));
        Assert.Single(Match(heap, "string::secret"));
    }

    [Fact]
    public void Objects_without_a_size_of_their_own_are_not_counted()
    {
        var builder = new HeapBuilder();
        builder.RootObject("Foo", size: 0);
        NodeIndex sized = builder.RootObject("Foo", size: 8);
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        Assert.Equal([sized], Match(heap, "Foo"));
        Assert.Equal([sized], Match(heap, "F*"));
    }

    [Fact]
    public void A_miss_names_the_classes_that_come_close_the_closest_first()
    {
        var builder = new HeapBuilder();
        foreach (string name in (string[])["SessionStore", "Session", "Unrelated"]) builder.RootObject(name);
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        string message = Assert.Throws<InputException>(() => Match(heap, "Sesion")).Message;
        Assert.Contains("'Sesion'", message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'Session'?", message, StringComparison.Ordinal);
        Assert.Contains("'session'", Assert.Throws<InputException>(() => Match(heap, "session")).Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'Session' or 'SessionStore'?",
            Assert.Throws<InputException>(() => Match(heap, "essio")).Message, StringComparison.Ordinal);
        Assert.Contains("`holdfast summary` lists", Assert.Throws<InputException>(() => Match(heap, "Zyx")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_miss_with_a_type_that_is_none_lists_the_types()
    {
        var builder = new HeapBuilder();
        builder.RootObject("Foo");
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        string message = Assert.Throws<InputException>(() => Match(heap, "strng::x")).Message;
        Assert.Contains("Before '::' stands a node type: hidden, array, string", message, StringComparison.Ordinal);
        Assert.DoesNotContain("Before '::'", Assert.Throws<InputException>(() => Match(heap, "string::x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_id_after_an_at_sign_means_one_object_even_one_without_a_size()
    {
        var builder = new HeapBuilder();
        builder.RootObject("Foo");
        NodeIndex wanted = builder.RootObject("Foo", size: 0);
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        ulong id = heap.Graph.Ids[(int)wanted];
        using NodeSet set = NodeReferences.Select(heap, $"@{id}", Work.Unwatched);
        Assert.Equal(1, set.Count);
        Assert.True(set.Contains(wanted));
        Assert.Equal($"@{id}", set.Label);
        Assert.Contains("@999", Assert.Throws<InputException>(() => NodeReferences.Select(heap, "@999", Work.Unwatched)).Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => NodeReferences.Find(heap, "Foo"));
    }

    private static NodeIndex[] Match(HeapBuilder builder, string pattern)
    {
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        return Match(heap, pattern);
    }

    private static NodeIndex[] Match(Heap heap, string pattern)
    {
        using NodeSet set = ConstructorPattern.Match(heap, pattern, Work.Unwatched);
        Assert.Equal(pattern, set.Label);
        var nodes = new List<NodeIndex>();
        foreach (NodeIndex node in set) nodes.Add(node);
        Assert.Equal(nodes.Count, set.Count);
        return [.. nodes];
    }
}
