using Holdfast.Model;

namespace Holdfast.Tests.Cores;

/// <summary>
/// The values of the program <c>values</c> one by one: each is the <c>value</c> of an Exhibit with a label of its own, so that
/// it can be told in both graphs: what it is, and where each of its named edges leads. A core may have more named edges than
/// V8's snapshot: elements of frozen arrays and prototypes of array buffers, which V8 gives no name. Numbers and native nodes
/// are left out: since Node 24 V8 shows some of Node's objects (a vm.Script) as the native ones they belong to.
/// </summary>
internal static class ExhibitComparison
{
    private const int NameLength = 60;

    /// <summary>Asserts that every exhibit of V8's snapshot is the same in the graph of the core.</summary>
    public static void AssertSame(HeapGraph snapshot, HeapGraph core)
    {
        Dictionary<string, Dictionary<string, int>> expected = FactsOf(snapshot), actual = FactsOf(core);
        Assert.True(expected.Count > 200, $"the snapshot has {expected.Count} exhibits");
        var differences = new List<string>();
        foreach ((string label, Dictionary<string, int> facts) in expected)
        {
            if (!actual.TryGetValue(label, out Dictionary<string, int>? ours))
            {
                differences.Add($"{label}: is missing");
                continue;
            }

            foreach ((string fact, int was) in facts)
            {
                if (ours.GetValueOrDefault(fact) < was) differences.Add($"{label}: {fact}: V8 has {was}, the core {ours.GetValueOrDefault(fact)}");
            }
        }

        Assert.True(differences.Count == 0, $"{differences.Count} differences:\n{string.Join('\n', differences.Take(40))}");
    }

    /// <summary>Labels with the nodes of their values, where the snapshot has one.</summary>
    public static Dictionary<string, NodeIndex?> ValuesOf(HeapGraph graph)
    {
        var values = new Dictionary<string, NodeIndex?>();
        for (int i = 0; i < graph.NodeCount; i++)
        {
            Node node = graph[(NodeIndex)i];
            if (node.Type != NodeType.Object || !node.NameUtf8.SequenceEqual("Exhibit"u8)) continue;
            (string? label, NodeIndex? value) = (null, null);
            foreach (Edge edge in node.Edges)
            {
                if (edge.Type != EdgeType.Property) continue;
                if (graph.EdgeNameIs(edge.Index, "label"u8)) label = graph[edge.Target].Name;
                if (graph.EdgeNameIs(edge.Index, "value"u8)) value = edge.Target;
            }

            if (label is not null) values[label] = value;
        }

        return values;
    }

    private static Dictionary<string, Dictionary<string, int>> FactsOf(HeapGraph graph)
    {
        var all = new Dictionary<string, Dictionary<string, int>>();
        foreach ((string label, NodeIndex? value) in ValuesOf(graph))
        {
            Dictionary<string, int> facts = all[label] = [];
            if (value is not { } index || graph[index] is not { Type: not (NodeType.Number or NodeType.Native) } node) continue;
            facts[$"is {node.TypeName} {Short(node.Name)} of {node.SelfSize} bytes"] = 1;
            foreach (Edge edge in node.Edges)
            {
                Node to = graph[edge.Target];
                if (edge.Type is not (EdgeType.Property or EdgeType.Element or EdgeType.Context) || to.Type is NodeType.Number or NodeType.Native) continue;
                string fact = $"{edge.TypeName} {edge.Name} to {to.TypeName} {Short(to.Name)}";
                facts[fact] = facts.GetValueOrDefault(fact) + 1;
            }
        }

        return all;
    }

    /// <summary>
    /// The beginning of a name, as V8 writes it: of characters beyond U+FFFF it writes the lower 16 bits as one character.
    /// Source: V8, src/profiler/heap-snapshot-generator.cc (HeapSnapshotJSONSerializer::SerializeString).
    /// </summary>
    private static string Short(string name)
    {
        string written = string.Concat(name.EnumerateRunes().Select(rune => (char)rune.Value));
        return written.Length > NameLength ? written[..NameLength] : written;
    }
}
