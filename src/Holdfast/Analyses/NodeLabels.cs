using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>
/// What nodes are called as a step of a path or as a retainer: objects by their class, functions by their name, V8's own
/// nodes by what V8 calls them, values only by their kind, since their text is the user's secret.
/// </summary>
internal sealed class NodeLabels(Heap heap)
{
    private readonly HeapGraph _graph = heap.Graph;
    private readonly int _classCount = heap.Classes.Catalog.Count;

    /// <summary>A number that nodes with the same label share.</summary>
    public long Of(NodeIndex node)
    {
        long name = _graph.NodeNames[(int)node];
        return Kind(_graph.NodeTypes[(int)node]) switch
        {
            LabelKind.Class => heap.Classes.Span[(int)node],
            LabelKind.Function => _classCount + name,
            _ => _classCount + _graph.Strings.Count + name,
        };
    }

    /// <summary>The words of the label of a node.</summary>
    public string Text(NodeIndex node)
    {
        string className = heap.Classes[node].Name;
        string name = _graph[node].Name;
        return Kind(_graph.NodeTypes[(int)node]) switch
        {
            LabelKind.Class => className.Length == 0 ? "(no name)" : className,
            LabelKind.Function => name.Length == 0 ? "(anonymous function)" : name + "()",
            _ => name.Length > 0 ? name : node == _graph.Root ? "(root)" : className,
        };
    }

    private static LabelKind Kind(NodeType type) => type switch
    {
        NodeType.Closure => LabelKind.Function,
        NodeType.Hidden or NodeType.Array or NodeType.Code or NodeType.Synthetic or NodeType.ObjectShape => LabelKind.OwnName,
        _ => LabelKind.Class,
    };

    private enum LabelKind
    {
        Class,
        Function,
        OwnName,
    }
}
