using Holdfast.Analyses.Derived;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>
/// Bytes by kind. Source: DevTools, JSHeapSnapshot.calculateStatistics.
/// </summary>
/// <param name="Total">What the root retains, and the producer's extra native bytes.</param>
/// <param name="Native">Native nodes, and the extra native bytes.</param>
/// <param name="TypedArrays">Backing stores of ArrayBuffers, part of native.</param>
/// <param name="Code">Compiled code.</param>
/// <param name="JsArrays">Arrays, with the elements that are theirs alone.</param>
/// <param name="Strings">Strings of all kinds.</param>
/// <param name="System">Hidden nodes: V8's own.</param>
public sealed record HeapStatistics(long Total, long Native, long TypedArrays, long Code, long JsArrays, long Strings, long System)
{
    public static HeapStatistics Run(Heap heap, Work work)
    {
        HeapGraph graph = heap.Graph;
        ShallowSizes shallow = heap.Shallow;
        ReadOnlySpan<NodeType> types = graph.NodeTypes;
        Span<long> byType = stackalloc long[256];
        byType.Clear();
        long typedArrays = 0, jsArrays = 0;
        var arrays = new List<NodeIndex>();
        int arrayName = graph.Strings.Find("Array"u8);
        int bufferName = graph.Strings.Find("system / JSArrayBufferData"u8);
        for (int node = 0; node < types.Length; node++)
        {
            work.ThrowIfCancelled(node);
            NodeType type = types[node];
            long size = shallow[(NodeIndex)node];
            byType[(int)type] += size;
            if (type == NodeType.Native && graph.NodeNames[node] == bufferName) typedArrays += size;
            if (graph.NodeNames[node] != arrayName || !CountsAsArray(type)) continue;
            jsArrays += size;
            arrays.Add((NodeIndex)node);
        }

        jsArrays += SizeOfElements(heap, arrays);
        return new HeapStatistics(
            heap.TotalSize,
            byType[(int)NodeType.Native] + graph.ExtraNativeBytes,
            typedArrays,
            byType[(int)NodeType.Code],
            jsArrays,
            byType[(int)NodeType.String] + byType[(int)NodeType.ConsString] + byType[(int)NodeType.SlicedString],
            byType[(int)NodeType.Hidden]);
    }

    /// <summary>DevTools looks at the name of whatever the kinds before have not taken.</summary>
    private static bool CountsAsArray(NodeType type) => type is not (NodeType.Hidden or NodeType.Native or NodeType.Code
        or NodeType.String or NodeType.ConsString or NodeType.SlicedString);

    /// <summary>Bytes of the arrays' elements that only one edge leads to.</summary>
    private static long SizeOfElements(Heap heap, List<NodeIndex> arrays)
    {
        HeapGraph graph = heap.Graph;
        int elementsName = graph.Strings.Find("elements"u8);
        using var isElements = new BitColumn(graph.NodeCount);
        var elements = new List<NodeIndex>(arrays.Count);
        foreach (NodeIndex array in arrays)
        {
            for (int edge = graph.FirstEdges[(int)array]; edge < graph.FirstEdges[(int)array + 1]; edge++)
            {
                if (graph.EdgeTypes[edge] != EdgeType.Internal || graph.EdgeNames[edge] != elementsName) continue;
                elements.Add(graph.EdgeTargets[edge]);
                isElements[(int)graph.EdgeTargets[edge]] = true;
                break;
            }
        }

        using BitColumn shared = FindShared(graph, isElements);
        long size = 0;
        foreach (NodeIndex node in elements)
        {
            if (!shared[(int)node]) size += heap.Shallow[node];
        }

        return size;
    }

    /// <summary>Which of these nodes more than one edge leads to.</summary>
    private static BitColumn FindShared(HeapGraph graph, BitColumn wanted)
    {
        using var once = new BitColumn(graph.NodeCount);
        var shared = new BitColumn(graph.NodeCount);
        ReadOnlySpan<ulong> wantedBits = wanted.Words;
        foreach (NodeIndex target in graph.EdgeTargets)
        {
            int node = (int)target;
            if ((wantedBits[node >> 6] >> (node & 63) & 1) == 0) continue;
            if (once[node]) shared[node] = true;
            else once[node] = true;
        }

        return shared;
    }
}
