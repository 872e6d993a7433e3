using System.Buffers.Text;
using Holdfast.Reports;

namespace Holdfast.Views;

/// <summary>A flame graph as folded stacks: <c>a;b;c 12</c>, sorted by the bytes of the stacks.</summary>
public static class FoldedView
{
    public static void Write(FlameGraph graph, Stream output) => new Writer(graph, output).Write();

    /// <summary>
    /// Stacks in the order of their bytes, without having them all: of what is below one caller, a stack that ends with a name is
    /// sorted as the name, and those that go on as the name and ';'.
    /// </summary>
    private sealed class Writer(FlameGraph graph, Stream output)
    {
        private readonly int[] _firsts = new int[graph.Count + 2];
        private readonly byte[]?[] _scripts = new byte[graph.Names.Count][];
        private readonly int[] _children = new int[graph.Count];
        private byte[] _line = new byte[4096];
        private int _length;

        public void Write()
        {
            GroupChildren();
            var entries = new List<(int Node, bool GoesOn)>();
            var waiting = new Stack<(int Node, bool GoesOn, int Length)>();
            Push(-1, 0, entries, waiting);
            while (waiting.TryPop(out (int Node, bool GoesOn, int Length) next))
            {
                _length = next.Length;
                Append(Name(next.Node));
                if (next.GoesOn)
                {
                    Append(";"u8);
                    Push(next.Node, _length, entries, waiting);
                }
                else
                {
                    WriteLine(graph.Self[next.Node]);
                }
            }
        }

        private ReadOnlySpan<byte> Name(int node)
        {
            int name = graph.NodeNames[node];
            if (!graph.NamesScripts || graph.NameFacts[name].Category != FlameCategory.JavaScript || graph.NameFacts[name].File is null) return graph.Names[name];
            return _scripts[name] ??= [.. "JS:"u8, .. graph.Names[name]];
        }

        private void GroupChildren()
        {
            foreach (int parent in graph.Parents) _firsts[parent + 2]++;
            for (int i = 1; i < _firsts.Length; i++) _firsts[i] += _firsts[i - 1];
            int[] next = _firsts[..];
            for (int node = 0; node < graph.Count; node++) _children[next[graph.Parents[node] + 1]++] = node;
        }

        private void Push(int parent, int length, List<(int Node, bool GoesOn)> entries, Stack<(int Node, bool GoesOn, int Length)> waiting)
        {
            entries.Clear();
            for (int i = _firsts[parent + 1]; i < _firsts[parent + 2]; i++)
            {
                int node = _children[i];
                if (graph.Self[node] > 0) entries.Add((node, false));
                if (_firsts[node + 2] > _firsts[node + 1]) entries.Add((node, true));
            }

            if (entries.Count > 1) entries.Sort(Compare);
            for (int i = entries.Count - 1; i >= 0; i--) waiting.Push((entries[i].Node, entries[i].GoesOn, length));
        }

        private int Compare((int Node, bool GoesOn) a, (int Node, bool GoesOn) b)
        {
            ReadOnlySpan<byte> left = Name(a.Node), right = Name(b.Node);
            int common = Math.Min(left.Length, right.Length);
            int order = left[..common].SequenceCompareTo(right[..common]);
            if (order != 0) return order;
            if (left.Length == right.Length) return a.GoesOn.CompareTo(b.GoesOn);
            if (left.Length < right.Length) return a.GoesOn && right[common] < ';' ? 1 : a.GoesOn && right[common] == ';' ? 0 : -1;
            return b.GoesOn && left[common] < ';' ? -1 : b.GoesOn && left[common] == ';' ? 0 : 1;
        }

        private void Append(ReadOnlySpan<byte> text)
        {
            if (_length + text.Length + 32 > _line.Length) Array.Resize(ref _line, Math.Max(_line.Length * 2, _length + text.Length + 32));
            text.CopyTo(_line.AsSpan(_length));
            _length += text.Length;
        }

        private void WriteLine(long weight)
        {
            Append(" "u8);
            Utf8Formatter.TryFormat(weight, _line.AsSpan(_length), out int digits);
            _line[_length + digits] = (byte)'\n';
            output.Write(_line, 0, _length + digits + 1);
        }
    }
}
