using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>The nodes of type object whose constructor is <c>Object</c>, for <c>foreach</c>.</summary>
public readonly struct PlainObjects
{
    private readonly HeapGraph _graph;
    private readonly List<int> _names;

    public PlainObjects(HeapGraph graph)
    {
        _graph = graph;

        // Strings are unique in V8's files; other producers may write one twice.
        _names = [];
        for (int i = 0; i < graph.Strings.Count; i++)
        {
            if (graph.Strings.Utf8(i).SequenceEqual("Object"u8)) _names.Add(i);
        }
    }

    public bool Contains(NodeIndex node)
    {
        if (_graph.NodeTypes[(int)node] != NodeType.Object) return false;
        int name = _graph.NodeNames[(int)node];
        foreach (int objectName in _names)
        {
            if (name == objectName) return true;
        }

        return false;
    }

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
