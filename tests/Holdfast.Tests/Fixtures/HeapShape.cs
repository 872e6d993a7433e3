using System.Globalization;
using CsCheck;
using Holdfast.Model;

namespace Holdfast.Tests.Fixtures;

/// <summary>A node of a generated graph.</summary>
internal readonly record struct NodeShape(NodeType Type, string Name, long Size);

/// <summary>An edge of a generated graph; a numbered edge's name is its number.</summary>
internal readonly record struct EdgeShape(int From, EdgeType Type, string Name, int To);

/// <summary>A small generated graph, in plain lists for the naive twins of what the product computes.</summary>
internal sealed record HeapShape(NodeShape[] Nodes, EdgeShape[] Edges)
{
    /// <summary>Edges of each node in the order of the graph.</summary>
    public ILookup<int, EdgeShape> EdgesFrom { get; } = Edges.ToLookup(e => e.From);

    public static ulong IdOf(int node) => (ulong)node * 2 + 1;

    public HeapGraph Build()
    {
        var builder = new HeapGraphBuilder();
        for (int i = 0; i < Nodes.Length; i++) builder.AddNode(Nodes[i].Type, Nodes[i].Name, IdOf(i), Nodes[i].Size);
        foreach (EdgeShape edge in Edges)
        {
            if (HeapGraph.IsNumbered(edge.Type))
                builder.AddEdge((NodeIndex)edge.From, edge.Type, uint.Parse(edge.Name, CultureInfo.InvariantCulture), (NodeIndex)edge.To);
            else
                builder.AddEdge((NodeIndex)edge.From, edge.Type, edge.Name, (NodeIndex)edge.To);
        }

        return builder.Build();
    }

    public override string ToString() =>
        string.Join("; ", Nodes.Select((n, i) => $"{i}:{n.Type} '{n.Name}' {n.Size}"))
        + " | " + string.Join("; ", Edges.Select(e => $"{e.From} -{e.Type} '{e.Name}'-> {e.To}"));

    /// <summary>
    /// Graphs with everything that DevTools' rules look at: weak edges, edges of a node to itself, shortcuts, unreachable
    /// nodes and cycles, WeakMap entries, map descriptors, native contexts, DOM trees, nodes that give their size away.
    /// </summary>
    public static Gen<HeapShape> Any { get; } = Gen.Int[1, 14].SelectMany(count => Gen.Select(
        NodeOf(count).Array[count], EdgeOf(count).Array[0, count * 3], (nodes, edges) => new HeapShape(WithRoot(nodes), edges)));

    private static NodeShape[] WithRoot(NodeShape[] nodes) => [new(NodeType.Synthetic, "", 0), .. nodes[1..]];

    private static Gen<NodeShape> NodeOf(int count) => Gen.Select(
        Gen.Frequency((8, NodeType.Object), (3, NodeType.Hidden), (3, NodeType.Array), (2, NodeType.Closure), (2, NodeType.Native), (2, NodeType.Synthetic), (1, NodeType.String)),
        Gen.Frequency((8, "Foo"), (3, "Object"), (2, "Bar"), (2, "(map descriptors)"), (2, "system / NativeContext"), (1, "(Document DOM trees)"), (1, "system / ExternalStringData")),
        Gen.Frequency((1, Gen.Long[0, 0]), (8, Gen.Long[1, 100]), (1, Gen.Long[4_000_000_000, 6_000_000_000])),
        (type, name, size) => new NodeShape(type, name, size));

    private static Gen<EdgeShape> EdgeOf(int count)
    {
        Gen<(EdgeType Type, string Name)> kind = Gen.Frequency(
            (6, Gen.OneOf("a", "b", "__proto__", "c").Select(name => (EdgeType.Property, name))),
            (4, Gen.Int[0, 9].Select(i => (EdgeType.Element, i.ToString(CultureInfo.InvariantCulture)))),
            (2, Gen.Int[0, 9].Select(i => (EdgeType.Hidden, i.ToString(CultureInfo.InvariantCulture)))),
            (3, Gen.OneOf("map", "elements", "sloppy_function_map", "4", "7", "5").Select(name => (EdgeType.Internal, name))),
            (2, Gen.OneOf("native_context", "x").Select(name => (EdgeType.Context, name))),
            (3, Gen.Const((EdgeType.Weak, "w"))),
            (2, Gen.Const((EdgeType.Shortcut, "s"))),
            (3, Gen.Select(Gen.Int[1, 3], Gen.Int[1, 2], Gen.Int[0, count - 1], (n, key, table) => (EdgeType.Internal, PairName(n, key, table)))));
        return Gen.Select(Gen.Int[0, count - 1], kind, Gen.Int[0, count - 1], (from, k, to) => new EdgeShape(from, k.Type, k.Name, to));
    }

    private static string PairName(int number, int key, int table) =>
        $"{number} / part of key (Foo @{key}) -> value (Bar @{key}) pair in WeakMap (table @{IdOf(table)})";
}
