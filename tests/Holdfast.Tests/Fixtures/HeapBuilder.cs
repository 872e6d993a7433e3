using Holdfast.Model;

namespace Holdfast.Tests.Fixtures;

/// <summary>A graph in a few lines: a root, and ids that count up in odd numbers as V8's do.</summary>
internal sealed class HeapBuilder
{
    private ulong _nextId = 1;

    public HeapBuilder() => Root = Node(NodeType.Synthetic, "");

    public NodeIndex Root { get; }

    /// <summary>What the graph is made of, for what has no shortcut here.</summary>
    public HeapGraphBuilder Parts { get; } = new();

    public NodeIndex Node(NodeType type, string name, long size = 0)
    {
        NodeIndex node = Parts.AddNode(type, name, _nextId, size);
        _nextId += 2;
        return node;
    }

    /// <summary>An object that nothing holds yet.</summary>
    public NodeIndex Object(string name, long size = 16) => Node(NodeType.Object, name, size);

    /// <summary>An object that the root holds.</summary>
    public NodeIndex RootObject(string name, long size = 16)
    {
        NodeIndex node = Object(name, size);
        Element(Root, 1, node);
        return node;
    }

    public HeapBuilder Property(NodeIndex from, string name, NodeIndex to) => Edge(from, EdgeType.Property, name, to);

    public HeapBuilder Internal(NodeIndex from, string name, NodeIndex to) => Edge(from, EdgeType.Internal, name, to);

    public HeapBuilder Weak(NodeIndex from, string name, NodeIndex to) => Edge(from, EdgeType.Weak, name, to);

    public HeapBuilder Shortcut(NodeIndex from, string name, NodeIndex to) => Edge(from, EdgeType.Shortcut, name, to);

    public HeapBuilder Element(NodeIndex from, uint index, NodeIndex to)
    {
        Parts.AddEdge(from, EdgeType.Element, index, to);
        return this;
    }

    public HeapBuilder Edge(NodeIndex from, EdgeType type, string name, NodeIndex to)
    {
        Parts.AddEdge(from, type, name, to);
        return this;
    }

    public HeapGraph Build() => Parts.Build();
}
