using System.Text;
using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>
/// What a node is called where it is shown: the text of a string put together from parts, the properties of a plain
/// object, else its own name. Source: DevTools, JSHeapSnapshotNode.name.
/// </summary>
public sealed class NodeNames(HeapGraph graph, DomState dom)
{
    private const int MaxStringLength = 1024;
    private const int MaxObjectLength = 100;

    private const long ManyEdges = 8_000_000;
    private const long FewEdges = 8_000;

    private long _mostEdges = ManyEdges;
    private readonly PlainObjects _plainObjects = new(graph);

    public string this[NodeIndex node]
    {
        get
        {
            if (graph.NodeTypes[(int)node] == NodeType.ConsString) return JoinParts(node);
            if (_plainObjects.Contains(node)) return DescribeObject(node);
            string name = graph[node].Name;
            return dom.IsRenamed(node) ? DomState.RenamedPrefix + name : name;
        }
    }

    /// <summary>The text of a concatenated string, up to about 1,024 characters.</summary>
    private string JoinParts(NodeIndex node)
    {
        var text = new StringBuilder();
        var parts = new Stack<NodeIndex>([node]);
        long edges = 0;
        while (text.Length < MaxStringLength && parts.TryPop(out NodeIndex part))
        {
            if (graph.NodeTypes[(int)part] != NodeType.ConsString)
            {
                text.Append(graph[part].Name);
                continue;
            }

            // A chain of empty parts adds nothing to the text. Damaged files can make one without an end, and many: the
            // first costs a moment, the others must not.
            edges += 1 + graph[part].EdgeCount;
            if (edges > _mostEdges)
            {
                _mostEdges = FewEdges;
                break;
            }

            (NodeIndex first, NodeIndex second) = Parts(part);
            parts.Push(second);
            parts.Push(first);
        }

        return text.ToString();
    }

    private (NodeIndex First, NodeIndex Second) Parts(NodeIndex node)
    {
        // Like DevTools, a missing part is node 0 (the root, whose name is empty).
        NodeIndex first = 0, second = 0;
        foreach (Edge edge in graph[node].Edges)
        {
            if (edge.Type != EdgeType.Internal) continue;
            if (graph.EdgeNameIs(edge.Index, "first"u8)) first = edge.Target;
            else if (graph.EdgeNameIs(edge.Index, "second"u8)) second = edge.Target;
            if (first != 0 && second != 0) break;
        }

        return (first, second);
    }

    /// <summary>Property names from both ends, until about 100 characters: <c>{a, b, …, y, z}</c>.</summary>
    private string DescribeObject(NodeIndex node)
    {
        var start = new StringBuilder("{");
        string end = "}";
        int front = graph.FirstEdges[(int)node];
        int back = graph.FirstEdges[(int)node + 1] - 1;
        bool fromBack = false;
        while (front <= back)
        {
            int edge = fromBack ? back : front;
            if (graph.EdgeTypes[edge] != EdgeType.Property || graph.EdgeNameIs((EdgeIndex)edge, "__proto__"u8))
            {
                if (fromBack) back--;
                else front++;
                continue;
            }

            string name = PropertyNames.Format(graph.EdgeName((EdgeIndex)edge));
            if (start.Length > 1 && start.Length + end.Length + name.Length > MaxObjectLength) break;
            if (fromBack)
            {
                back--;
                end = name + (end.Length > 1 ? ", " : "") + end;
            }
            else
            {
                front++;
                start.Append(start.Length > 1 ? ", " : "").Append(name);
            }

            fromBack = !fromBack;
        }

        if (front <= back) start.Append(", …");
        if (end.Length > 1) start.Append(", ");
        return start.Append(end).ToString();
    }
}
