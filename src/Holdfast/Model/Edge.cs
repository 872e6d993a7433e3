namespace Holdfast.Model;

/// <summary>An edge of a graph, for readable code; hot loops use the columns.</summary>
public readonly record struct Edge(HeapGraph Graph, EdgeIndex Index)
{
    public EdgeType Type => Graph.EdgeTypes[(int)Index];

    public string TypeName => Graph.EdgeTypeName(Index);

    public string Name => Graph.EdgeName(Index);

    public NodeIndex Target => Graph.EdgeTargets[(int)Index];
}

/// <summary>The edges of one node, for <c>foreach</c>.</summary>
public readonly ref struct EdgeRange(HeapGraph graph, int first, int end)
{
    public Enumerator GetEnumerator() => new(graph, first, end);

    public ref struct Enumerator(HeapGraph graph, int first, int end)
    {
        private int _edge = first - 1;

        public readonly Edge Current => new(graph, (EdgeIndex)_edge);

        public bool MoveNext() => ++_edge < end;
    }
}
