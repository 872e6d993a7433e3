using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses;

/// <summary>A function on the stack of an allocation. Line and column are those of the snapshot; names that it lacks are <c>???</c>.</summary>
public sealed record AllocationFrame(string Function, string Script, uint Line, uint Column);

/// <summary>Where an object was allocated, in snapshots that tracked it.</summary>
internal static class AllocationStack
{
    /// <returns>Functions on the stack when the node was allocated, innermost first; empty where that was not tracked.</returns>
    public static List<AllocationFrame> Find(HeapGraph graph, NodeIndex node)
    {
        var functions = new List<AllocationFrame>();
        if (graph.TraceNodes.IsEmpty || graph.TraceNodes[(int)node] == 0) return functions;
        IReadOnlyList<TraceNode> nodes = graph.Allocations.Nodes;
        int at = -1;
        for (int i = 0; i < nodes.Count && at < 0; i++)
        {
            if (nodes[i].Id == graph.TraceNodes[(int)node]) at = i;
        }

        for (int steps = 0; at >= 0 && steps < Limits.MaxNesting; at = nodes[at].Parent, steps++)
        {
            if (nodes[at].Function >= 0 && nodes[at].Function < graph.Allocations.Functions.Count)
                functions.Add(Describe(graph, graph.Allocations.Functions[nodes[at].Function]));
        }

        return functions;
    }

    private static AllocationFrame Describe(HeapGraph graph, TraceFunction f) => new(Text(graph, f.Name), Text(graph, f.ScriptName), f.Line, f.Column);

    private static string Text(HeapGraph graph, int index) => (uint)index < (uint)graph.Strings.Count ? graph.Strings.Decode(index) : "???";
}
