using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Holdfast.Model;

namespace Holdfast.Tests.Cores;

/// <summary>An edge without identity: what kind of edge it is, between nodes of which classes.</summary>
internal readonly record struct EdgeKind(string From, EdgeType Type, string Name, string To);

/// <summary>
/// A graph without identity: how many nodes of each class it has, and how many edges of each kind, so that two graphs of one
/// state can be compared though they name their objects differently. Classes and edges are those of tests/cores/compare.js: an
/// object's class is its name, all strings of a type are one class, and any other node's class is its type and name; numbers of
/// edges do not matter. Nodes of type native and synthetic are left out: what is no object of V8's heap has no place in its pages.
/// </summary>
internal sealed partial class GraphCounts
{
    private const int NameLength = 200;

    /// <summary>Objects by class: names without parentheses are constructors.</summary>
    public Dictionary<string, int> Classes { get; } = [];

    /// <summary>Bytes by class.</summary>
    public Dictionary<string, long> Sizes { get; } = [];

    public Dictionary<EdgeKind, int> Edges { get; } = [];

    public long Bytes => Sizes.Values.Sum();

    public static GraphCounts Of(HeapGraph graph)
    {
        var counts = new GraphCounts();
        string?[] classes = counts.CountNodes(graph);
        counts.CountEdges(graph, classes);
        return counts;
    }

    /// <summary>Whether a class is a constructor's, not V8's own by type and name.</summary>
    public static bool IsConstructor(string name) => !name.StartsWith('(');

    private string?[] CountNodes(HeapGraph graph)
    {
        var classes = new string?[graph.NodeCount];
        var known = new Dictionary<(NodeType, int), string>();
        for (int i = 0; i < classes.Length; i++)
        {
            NodeType type = graph.NodeTypes[i];
            if (type is NodeType.Native or NodeType.Synthetic) continue;
            ref string? name = ref CollectionsMarshal.GetValueRefOrAddDefault(known, (type, graph.NodeNames[i]), out bool isKnown);
            if (!isKnown) name = ClassOf(graph[(NodeIndex)i]);
            classes[i] = name;
            CollectionsMarshal.GetValueRefOrAddDefault(Classes, name!, out _)++;
            CollectionsMarshal.GetValueRefOrAddDefault(Sizes, name!, out _) += (long)graph.SelfSizes[i];
        }

        return classes;
    }

    private void CountEdges(HeapGraph graph, string?[] classes)
    {
        var known = new Dictionary<(EdgeType, uint), string>();
        for (int i = 0; i < classes.Length; i++)
        {
            if (classes[i] is not { } from) continue;
            foreach (Edge edge in graph[(NodeIndex)i].Edges)
            {
                if (classes[(int)edge.Target] is not { } to) continue;
                uint number = HeapGraph.IsNumbered(edge.Type) ? 0 : graph.EdgeNames[(int)edge.Index];
                ref string? name = ref CollectionsMarshal.GetValueRefOrAddDefault(known, (edge.Type, number), out bool isKnown);
                if (!isKnown) name = LabelOf(edge);
                CollectionsMarshal.GetValueRefOrAddDefault(Edges, new EdgeKind(from, edge.Type, name!, to), out _)++;
            }
        }
    }

    private static string ClassOf(Node node)
    {
        if (node.Type == NodeType.Object) return node.Name;
        if (node.Type is NodeType.String or NodeType.ConsString or NodeType.SlicedString) return $"({node.TypeName})";
        string name = node.Name;
        return $"({node.TypeName}) {(name.Length > NameLength ? name[..NameLength] : name)}";
    }

    /// <summary>An edge's name; numbers, and ids and numbers of parts inside it, are left out of it where V8 made it up.</summary>
    private static string LabelOf(Edge edge)
    {
        if (HeapGraph.IsNumbered(edge.Type)) return "N";
        string name = edge.Name;
        if (edge.Type is EdgeType.Property or EdgeType.Context) return name;
        return Number().IsMatch(name) ? "N" : Id().Replace(Part().Replace(name, "N / "), "@");
    }

    [GeneratedRegex(@"^-?\d+$")]
    private static partial Regex Number();

    [GeneratedRegex(@"^\d+ / ")]
    private static partial Regex Part();

    [GeneratedRegex(@"@\d+")]
    private static partial Regex Id();
}
