using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>Some of a graph's nodes: one bit a node, and how many they are.</summary>
public sealed class NodeSet : IDisposable
{
    private readonly BitColumn _bits;

    /// <param name="bits">One bit a node; the set owns it.</param>
    /// <param name="label">What the nodes are, as the user would write it.</param>
    public NodeSet(BitColumn bits, string label)
    {
        _bits = bits;
        Label = label;
        Count = bits.Count();
    }

    public string Label { get; }

    public int Count { get; }

    /// <summary>The bits, lowest first, 64 nodes a word.</summary>
    public ReadOnlySpan<ulong> Words => _bits.Words;

    public bool Contains(NodeIndex node) => _bits[(int)node];

    public static NodeSet Single(HeapGraph graph, NodeIndex node)
    {
        var bits = new BitColumn(graph.NodeCount);
        bits[(int)node] = true;
        return new NodeSet(bits, NodeIdText.Show(graph.Ids[(int)node]));
    }

    public Enumerator GetEnumerator() => new(this);

    public void Dispose() => _bits.Dispose();

    /// <summary>The nodes in the order of the graph.</summary>
    public ref struct Enumerator(NodeSet set)
    {
        private readonly ReadOnlySpan<ulong> _words = set.Words;
        private int _word = -1;
        private ulong _rest;

        public NodeIndex Current { get; private set; }

        public bool MoveNext()
        {
            while (_rest == 0)
            {
                if (++_word >= _words.Length) return false;
                _rest = _words[_word];
            }

            Current = (NodeIndex)((_word << 6) + System.Numerics.BitOperations.TrailingZeroCount(_rest));
            _rest &= _rest - 1;
            return true;
        }
    }
}
