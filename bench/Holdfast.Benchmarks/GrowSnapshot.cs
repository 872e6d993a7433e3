using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources;
using Holdfast.Sources.Snapshot;

namespace Holdfast.Benchmarks;

/// <summary>
/// Writes a snapshot that holds another one several times, for sizes no Node process would write in reasonable time:
/// <c>grow IN OUT COPIES</c>. The copies share the strings; the root's edges lead to all of them.
/// </summary>
internal static class GrowSnapshot
{
    public static int Run(string input, string output, int copies)
    {
        using HeapGraph graph = SourceDetector.Load(input, Console.OpenStandardInput, Work.Unwatched);
        using HeapGraph grown = Multiply(graph, copies);
        SnapshotWriter.Write(grown, output, Work.Unwatched);
        Console.WriteLine($"{output}: {grown.NodeCount:#,0} nodes, {grown.EdgeCount:#,0} edges, {new FileInfo(output).Length:#,0} bytes");
        return 0;
    }

    private static HeapGraph Multiply(HeapGraph graph, int copies)
    {
        using var builder = new HeapGraphBuilder { Root = graph.Root, ExtraNativeBytes = graph.ExtraNativeBytes };
        for (int i = 0; i < graph.Strings.Count; i++) builder.Strings.Append(graph.Strings.Utf8(i));
        builder.Nodes.Resize((long)graph.NodeCount * copies);
        builder.Edges.Resize((long)graph.EdgeCount * copies);
        ulong idStep = 2;
        for (int node = 0; node < graph.NodeCount; node++) idStep = Math.Max(idStep, graph.Ids[node] + 2 & ~1UL);

        int edges = 0;
        var locations = new List<LocationRow>();
        for (int copy = 0; copy < copies; copy++)
        {
            int offset = copy * graph.NodeCount;
            for (int node = 0; node < graph.NodeCount; node++)
            {
                int place = offset + node;
                builder.Nodes.Types[place] = graph.NodeTypes[node];
                builder.Nodes.Names[place] = graph.NodeNames[node];
                builder.Nodes.Ids[place] = graph.Ids[node] + (ulong)copy * idStep;
                builder.Nodes.SelfSizes[place] = graph.SelfSizes[node];
                int before = edges;
                if (node == (int)graph.Root)
                {
                    for (int other = 0; copy == 0 && other < copies; other++) CopyEdges(graph, node, other * graph.NodeCount, builder.Edges, ref edges);
                }
                else
                {
                    CopyEdges(graph, node, offset, builder.Edges, ref edges);
                }

                builder.Nodes.EdgeCounts[place] = edges - before;
                if (graph.Locations.TryGet((NodeIndex)node, out Location at)) locations.Add(new LocationRow((NodeIndex)place, at));
            }
        }

        builder.Locations.Resize(locations.Count);
        for (int i = 0; i < locations.Count; i++) builder.Locations[i] = locations[i];
        return builder.Build();
    }

    private static void CopyEdges(HeapGraph graph, int node, int offset, EdgeTable edges, ref int place)
    {
        for (int edge = graph.FirstEdges[node]; edge < graph.FirstEdges[node + 1]; edge++)
        {
            edges.Types[place] = graph.EdgeTypes[edge];
            edges.Names[place] = graph.EdgeNames[edge];
            edges.Targets[place++] = graph.EdgeTargets[edge] + offset;
        }
    }
}
