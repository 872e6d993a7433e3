using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Derived;

/// <summary>
/// Which native nodes belong to a DOM tree that is no longer in its document. The producer marks some nodes attached
/// or detached; the rest is spread from them, attached first. Source: DevTools, propagateDOMState.
/// </summary>
public sealed class DomState
{
    /// <summary>What the names of detached nodes begin with.</summary>
    public const string RenamedPrefix = "Detached ";

    private const byte Attached = 1;
    private const byte Detached = 2;

    private readonly byte[]? _states;
    private readonly HashSet<NodeIndex> _renamed = [];

    private DomState(byte[]? states) => _states = states;

    /// <summary>Whether the node belongs to a detached DOM tree.</summary>
    public bool IsDetached(NodeIndex node) => _states is not null && _states[(int)node] == Detached;

    /// <summary>Whether <see cref="RenamedPrefix"/> is put before the node's name.</summary>
    public bool IsRenamed(NodeIndex node) => _states is not null && _renamed.Contains(node);

    public static DomState Run(HeapGraph graph, Work work)
    {
        if (graph.Detachedness.IsEmpty) return new DomState(null);
        var result = new DomState(graph.Detachedness.ToArray());
        var spread = new Spread(graph, result._states!, result._renamed);
        spread.Run(work);
        return result;
    }

    private sealed class Spread(HeapGraph graph, byte[] states, HashSet<NodeIndex> renamed)
    {
        private readonly bool[] _visited = new bool[states.Length];
        private readonly Stack<int> _attached = [];
        private readonly Stack<int> _detached = [];

        public void Run(Work work)
        {
            for (int node = 0; node < states.Length; node++)
            {
                if (states[node] != 0) Visit(node, states[node]);
            }

            int steps = 0;
            while (_attached.TryPop(out int node))
            {
                work.ThrowIfCancelled(++steps);
                VisitChildren(node, Attached);
            }

            while (_detached.TryPop(out int node))
            {
                work.ThrowIfCancelled(++steps);
                if (states[node] != Attached) VisitChildren(node, Detached);
            }
        }

        private void VisitChildren(int node, byte state)
        {
            foreach (Edge edge in graph[(NodeIndex)node].Edges)
            {
                if (edge.Type is not (EdgeType.Hidden or EdgeType.Invisible or EdgeType.Weak)) Visit((int)edge.Target, state);
            }
        }

        private void Visit(int node, byte state)
        {
            if (_visited[node]) return;
            _visited[node] = true;
            if (graph.NodeTypes[node] != NodeType.Native) return;
            states[node] = state;
            if (state == Attached)
            {
                _attached.Push(node);
            }
            else if (state == Detached)
            {
                renamed.Add((NodeIndex)node);
                _detached.Push(node);
            }
        }
    }
}
