using System.Runtime.InteropServices;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>
/// How many nodes have each label (objects by constructor, functions by name, V8's own nodes by what V8 calls them),
/// by the label's words, which mean the same in every snapshot.
/// </summary>
internal sealed class LabelCounts
{
    private readonly Dictionary<string, int> _counts = [];

    public int this[string label] => _counts.GetValueOrDefault(label);

    public IEnumerable<string> Labels => _counts.Keys;

    public static LabelCounts Run(Heap heap, Work work)
    {
        var labels = new NodeLabels(heap);
        var numbers = new Dictionary<long, (int Count, NodeIndex Example)>();
        for (int node = 0; node < heap.Graph.NodeCount; node++)
        {
            work.ThrowIfCancelled(node);
            ref (int Count, NodeIndex Example) entry = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, labels.Of((NodeIndex)node), out bool known);
            if (!known) entry.Example = (NodeIndex)node;
            entry.Count++;
        }

        var result = new LabelCounts();
        foreach ((int count, NodeIndex example) in numbers.Values)
            CollectionsMarshal.GetValueRefOrAddDefault(result._counts, labels.Text(example), out _) += count;
        return result;
    }
}
