namespace Holdfast.Model;

/// <summary>A node of a graph, for readable code; hot loops use the columns.</summary>
public readonly record struct Node(HeapGraph Graph, NodeIndex Index)
{
    public NodeType Type => Graph.NodeTypes[(int)Index];

    public string TypeName => Graph.NodeTypeName(Index);

    /// <summary>The name as the producer wrote it: a constructor's name, a string's contents.</summary>
    public string Name => Graph.Strings.Decode(Graph.NodeNames[(int)Index]);

    public ReadOnlySpan<byte> NameUtf8 => Graph.Strings.Utf8(Graph.NodeNames[(int)Index]);

    public ulong Id => Graph.Ids[(int)Index];

    /// <summary>Bytes of the object itself as its producer counts them.</summary>
    public long SelfSize => (long)Graph.SelfSizes[(int)Index];

    public int EdgeCount => Graph.FirstEdges[(int)Index + 1] - Graph.FirstEdges[(int)Index];

    public EdgeRange Edges => new(Graph, Graph.FirstEdges[(int)Index], Graph.FirstEdges[(int)Index + 1]);
}
