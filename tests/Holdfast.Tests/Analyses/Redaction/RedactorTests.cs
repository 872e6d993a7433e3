using System.Text;
using CsCheck;
using Holdfast.Analyses;
using Holdfast.Analyses.Derived;
using Holdfast.Analyses.Redaction;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses.Redaction;

public sealed class RedactorTests
{
    private const string Secret = "the secret";

    [Fact]
    public void A_text_becomes_another_of_the_same_length_and_equal_ones_stay_equal()
    {
        var heap = new HeapBuilder();
        string[] texts = ["", "a", "b", "secret", "hidden", "secret", "é中😀x", new string('s', 1024)];
        foreach (string text in texts) heap.Node(NodeType.String, text, 16);
        string[] names = NamesOf(heap, NodeType.String);
        Assert.Equal(texts.Select(t => t.Length), names.Select(n => n.Length));
        Assert.Equal(["", "1", "2", "1*****", "2*****", "1*****", "1****"], names[..^1]);
        Assert.Equal("1" + new string('*', 1023), names[^1]);
    }

    [Fact]
    public void Texts_of_one_length_stay_different_while_there_is_room_for_numbers()
    {
        var heap = new HeapBuilder();
        for (int i = 0; i < 5000; i++) heap.Node(NodeType.String, $"{i:x3}", 16);
        string[] names = NamesOf(heap, NodeType.String);
        Assert.Equal(5000, names.Distinct().Count());
        Assert.All(names, name => Assert.Equal(3, Encoding.UTF8.GetByteCount(name) - (name.Length - 3)));

        var bytes = new HeapBuilder();
        for (int i = 0; i < 256; i++) bytes.Node(NodeType.String, $"{(char)i}", 16);
        Assert.All(NamesOf(bytes, NodeType.String), name => Assert.Equal(1, name.Length));
    }

    [Theory]
    [InlineData(NodeType.String, Secret, false)]
    [InlineData(NodeType.RegExp, Secret, false)]
    [InlineData(NodeType.ConsString, Secret, false)]
    [InlineData(NodeType.ConsString, "(concatenated string)", true)]
    [InlineData(NodeType.SlicedString, Secret, false)]
    [InlineData(NodeType.SlicedString, "(sliced string)", true)]
    [InlineData(NodeType.Number, "3.14", false)]
    [InlineData(NodeType.Number, "heap number", true)]
    [InlineData(NodeType.Number, "smi number", true)]
    [InlineData(NodeType.BigInt, "123456", false)]
    [InlineData(NodeType.BigInt, "bigint", true)]
    [InlineData(NodeType.WasmObject + 1, Secret, false)]
    [InlineData(NodeType.Object, "Session", true)]
    [InlineData(NodeType.Closure, "onClick", true)]
    [InlineData(NodeType.Code, "/app/server.js", true)]
    [InlineData(NodeType.Symbol, "symbol", true)]
    [InlineData(NodeType.Native, "Node / TCPSocketWrap", true)]
    public void Names_by_contents_go_and_names_by_code_stay(NodeType type, string name, bool stays)
    {
        var heap = new HeapBuilder();
        heap.Parts.NodeTypeNames.Add("of another producer");
        heap.Node(type, name, 16);
        Assert.Equal(stays ? name : "1" + new string('*', name.Length - 1), Assert.Single(NamesOf(heap, type)));
    }

    [Fact]
    public void A_property_keeps_its_name_where_the_string_of_that_name_does_not()
    {
        var heap = new HeapBuilder();
        NodeIndex owner = heap.RootObject("Account"), key = heap.Node(NodeType.String, "password", 24), value = heap.Node(NodeType.String, Secret, 24);
        heap.Property(owner, "password", value).Internal(owner, "key", key).Edge(owner, EdgeType.Context, "captured", value);
        using HeapGraph graph = Redact(heap);
        Assert.Equal(["password", "key", "captured"], EdgesOf(graph, owner).Select(e => e.Name));
        Assert.Equal(["1*******", "1*********"], [graph[key].Name, graph[value].Name]);
    }

    [Fact]
    public void Strings_that_nothing_refers_to_are_left_out()
    {
        var heap = new HeapBuilder();
        heap.Parts.Strings.Intern(Secret);
        heap.RootObject("Account");
        using HeapGraph graph = Redact(heap);
        Assert.True(Encoding.UTF8.GetString(Snapshots.Write(graph)).Contains("Account", StringComparison.Ordinal));
        SecretSearch.AssertNone(Snapshots.Write(graph), [Secret]);
    }

    [Fact]
    public void Names_of_scripts_stay_and_their_sources_go()
    {
        var heap = new HeapBuilder();
        NodeIndex shared = heap.Node(NodeType.Code, "start", 56), script = heap.Node(NodeType.Code, "/app/server.js", 100);
        NodeIndex name = heap.Node(NodeType.String, "/app/server.js", 32), source = heap.Node(NodeType.String, $"const key = '{Secret}';", 32);
        NodeIndex copy = heap.Node(NodeType.String, "/app/server.js", 32);
        heap.Internal(shared, "script", script).Internal(script, "name", name).Internal(script, "source", source);
        using HeapGraph graph = Redact(heap);
        Assert.Equal(["/app/server.js", "/app/server.js", "/app/server.js"], [graph[script].Name, graph[name].Name, graph[copy].Name]);
        Assert.StartsWith("1***", graph[source].Name, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data:text/javascript,export const a = 'the secret'", "data:text/javascript,*****************************")]
    [InlineData("<input type=\"text\" value=\"the secret\">", "<input type=\"***********************\">")]
    [InlineData("Detached <p id='the secret'>", "Detached <p id='**********'>")]
    [InlineData("<p title=secret>", "<p title=******>")]
    [InlineData("<span>", "<span>")]
    [InlineData("file:///data/a,b.js", "file:///data/a,b.js")]
    public void Names_that_hold_source_code_or_attributes_are_covered(string name, string covered)
    {
        var heap = new HeapBuilder();
        heap.Parts.Allocations = new AllocationTrace([new TraceFunction(1, 0, heap.Parts.Strings.Intern(name), 1, 1, 1)], [], []);
        NodeIndex node = heap.RootObject(name);
        using HeapGraph graph = Redact(heap);
        Assert.Equal(covered, graph[node].Name);
        Assert.Equal(covered, graph.Strings.Decode(graph.Allocations.Functions[0].ScriptName));
    }

    [Theory]
    [InlineData(false, "counter")]
    [InlineData(true, "1******")]
    public void Names_of_variables_stay_where_only_code_refers_to_them(bool isAlsoData, string expected)
    {
        var heap = new HeapBuilder();
        NodeIndex scope = heap.Node(NodeType.Code, "system / ScopeInfo", 40), name = heap.Node(NodeType.String, "counter", 24);
        NodeIndex function = heap.Node(NodeType.Closure, "counter", 64), owner = heap.RootObject("Owner");
        heap.Edge(scope, EdgeType.Property, "x", name).Property(function, "name", name);
        if (isAlsoData) heap.Property(owner, "role", heap.Node(NodeType.String, "counter", 24));
        using HeapGraph graph = Redact(heap);
        Assert.Equal(expected, graph[name].Name);
    }

    [Fact]
    public void The_version_of_Node_stays()
    {
        var heap = new HeapBuilder();
        NodeIndex process = heap.RootObject("process"), version = heap.Node(NodeType.String, "v24.1.0", 24), title = heap.Node(NodeType.String, "v24.1.1", 24);
        heap.Property(process, "version", version).Property(process, "title", title);
        using HeapGraph graph = Redact(heap);
        Assert.Equal(["v24.1.0", "1******"], [graph[version].Name, graph[title].Name]);
    }

    [Fact]
    public void Names_of_the_entries_of_a_WeakMap_do_not_repeat_what_strings_hold()
    {
        var heap = new HeapBuilder();
        NodeIndex table = heap.Node(NodeType.Array, "", 64), key = heap.Object("Key"), value = heap.Node(NodeType.String, $"{Secret}) -> value (x @7)", 32);
        NodeIndex pattern = heap.Node(NodeType.RegExp, Secret, 32);
        ulong Id(NodeIndex node) => (ulong)node * 2 + 1;
        string pair = $"4 / part of key (Key @{Id(key)}) -> value ({Secret}) -> value (x @7) @{Id(value)}) pair in WeakMap (table @{Id(table)})";
        string other = $"5 / part of key ({Secret} @{Id(pattern)}) -> value (Key @{Id(key)}) pair in WeakMap (table @{Id(table)})";
        heap.Internal(table, pair, value).Internal(key, pair, value).Internal(table, other, key).Internal(pattern, other, key);
        heap.Internal(key, $"6 / part of key ({Secret}", value);
        using HeapGraph graph = Redact(heap);
        string blanked = graph[value].Name;
        Assert.Equal($"4 / part of key (Key @{Id(key)}) -> value ({blanked} @{Id(value)}) pair in WeakMap (table @{Id(table)})", EdgesOf(graph, key)[0].Name);
        SecretSearch.AssertNone(Snapshots.Write(graph), [Secret]);
        using var edges = WeakMapEdges.Run(graph, Work.Unwatched);
        Assert.Equal(4, edges.Count);
    }

    [Fact]
    public void What_V8_notes_of_a_cut_string_stays_but_for_its_hash()
    {
        var heap = new HeapBuilder();
        NodeIndex Noted(string kind, string text)
        {
            NodeIndex number = heap.Node(NodeType.Number, kind), value = heap.Node(NodeType.String, text);
            heap.Internal(number, "value", value);
            return number;
        }

        NodeIndex cut = Noted("bool", "true"), length = Noted("int", "5000");
        foreach (string hash in (string[])["123456789", "123456789", "987654321"])
        {
            NodeIndex text = heap.Node(NodeType.String, new string('s', 1024), 5016);
            heap.Internal(heap.Root, "text", text).Internal(text, "truncated", cut).Internal(text, "length", length).Internal(text, "hash", Noted("int", hash));
        }

        HeapGraph graph = Redact(heap);
        Assert.Equal(["true", "5000"], [graph[EdgesOf(graph, cut)[0].Target].Name, graph[EdgesOf(graph, length)[0].Target].Name]);
        SecretSearch.AssertNone(Snapshots.Write(graph), ["123456789", "987654321"]);
        using var redacted = new Heap(graph, Work.Unwatched);
        Assert.Equal(2, Assert.Single(DuplicateStrings.Run(redacted, Work.Unwatched).Groups).Count);
    }

    [Fact]
    public void Everything_but_names_is_as_it_was() => HeapShape.Any.Sample(shape =>
    {
        foreach (bool names in new[] { false, true })
        {
            using HeapGraph before = shape.Build();
            HeapGraph source = shape.Build();
            (HeapGraph after, RedactionCounts counts) = Redactor.Run(source, names, Work.Unwatched);
            source.Dispose();
            using HeapGraph _ = after;
            Assert.True(before.NodeTypes.SequenceEqual(after.NodeTypes));
            Assert.True(before.FirstEdges.SequenceEqual(after.FirstEdges));
            Assert.True(before.EdgeTypes.SequenceEqual(after.EdgeTypes));
            Assert.True(before.EdgeTargets.SequenceEqual(after.EdgeTargets));
            Assert.Equal(shape.Nodes.Count(n => n.Type is NodeType.String or NodeType.RegExp), counts.Strings);
            for (int i = 0; i < before.NodeCount; i++) Assert.Equal(before.Ids[i], after.Ids[i]);
            GraphAssert.Same(after, Snapshots.Read(Snapshots.Write(after)));
        }
    });

    [Fact]
    public void Work_that_is_stopped_stops() =>
        Assert.Throws<OperationCanceledException>(() => Redactor.Run(new HeapBuilder().Build(), false, new Work(cancellation: new CancellationToken(true))));

    internal static HeapGraph Redact(HeapBuilder heap, bool names = false)
    {
        using HeapGraph graph = heap.Build();
        return Redactor.Run(graph, names, Work.Unwatched).Graph;
    }

    internal static Edge[] EdgesOf(HeapGraph graph, NodeIndex node)
    {
        var edges = new List<Edge>();
        foreach (Edge edge in graph[node].Edges) edges.Add(edge);
        return [.. edges];
    }

    private static string[] NamesOf(HeapBuilder heap, NodeType type)
    {
        using HeapGraph graph = Redact(heap);
        return [.. Enumerable.Range(0, graph.NodeCount).Where(i => graph.NodeTypes[i] == type).Select(i => graph[(NodeIndex)i].Name)];
    }
}
