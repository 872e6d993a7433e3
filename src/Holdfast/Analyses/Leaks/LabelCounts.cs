using System.Runtime.InteropServices;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>Nodes with one label, and their shallow bytes.</summary>
public readonly record struct LabelCount(int Count, long ShallowSize);

/// <summary>
/// How many nodes have each label (objects by constructor, functions by name, V8's own nodes by what V8 calls them),
/// by the label's words, which mean the same in every snapshot.
/// </summary>
internal sealed class LabelCounts
{
    private readonly Dictionary<string, LabelCount> _counts = [];

    public int this[string label] => _counts.GetValueOrDefault(label).Count;

    /// <summary>Every label.</summary>
    public IReadOnlyDictionary<string, LabelCount> All => _counts;

    public static LabelCounts Run(Heap heap, Work work)
    {
        var labels = new NodeLabels(heap);
        var numbers = new Dictionary<long, (int Count, long Bytes, NodeIndex Example)>();
        for (int node = 0; node < heap.Graph.NodeCount; node++)
        {
            work.ThrowIfCancelled(node);
            ref (int Count, long Bytes, NodeIndex Example) entry = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, labels.Of((NodeIndex)node), out bool known);
            if (!known) entry.Example = (NodeIndex)node;
            entry.Count++;
            entry.Bytes += heap.Shallow[(NodeIndex)node];
        }

        var result = new LabelCounts();
        foreach ((int count, long bytes, NodeIndex example) in numbers.Values)
        {
            ref LabelCount sum = ref CollectionsMarshal.GetValueRefOrAddDefault(result._counts, labels.Text(example), out _);
            sum = new LabelCount(sum.Count + count, sum.ShallowSize + bytes);
        }

        return result;
    }
}
