using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>The nodes of type object whose constructor is <c>Object</c>, for <c>foreach</c>.</summary>
public readonly struct PlainObjects
{
    private readonly HeapGraph _graph;
    private readonly NameSet _names;

    public PlainObjects(HeapGraph graph)
    {
        _graph = graph;
        _names = new NameSet(graph.Strings, "Object"u8);
    }

    public bool Contains(NodeIndex node) =>
        _graph.NodeTypes[(int)node] == NodeType.Object && _names.Contains(_graph.NodeNames[(int)node]);

    public Enumerator GetEnumerator() => new(this, _graph.NodeCount);

    public struct Enumerator(PlainObjects objects, int nodeCount)
    {
        private int _node = -1;

        public readonly NodeIndex Current => (NodeIndex)_node;

        public bool MoveNext()
        {
            while (++_node < nodeCount)
            {
                if (objects.Contains((NodeIndex)_node)) return true;
            }

            return false;
        }
    }
}
