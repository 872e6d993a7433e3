using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Flame;

/// <summary>The allocation stacks of a timeline, each with the bytes and number of those objects of it that are alive.</summary>
public static class AllocationStacks
{
    public static StackProfile Run(Heap heap, Work work)
    {
        HeapGraph graph = heap.Graph;
        IReadOnlyList<TraceNode> nodes = graph.Allocations.Nodes;
        var builder = new StackProfileBuilder();
        int[] stacks = new int[nodes.Count];
        var places = new Dictionary<uint, int>();
        for (int i = 0; i < stacks.Length; i++)
        {
            int parent = nodes[i].Parent < 0 ? -1 : stacks[nodes[i].Parent];
            int frame = Frame(graph, nodes[i].Function, builder);
            stacks[i] = frame < 0 ? parent : builder.AddStack(parent, frame);
            places.TryAdd(nodes[i].Id, stacks[i]);
        }

        int untracked = builder.AddStack(-1, builder.AddFrame(new StackFrame(builder.Names.Add("(before tracking began)"), -1, -1, 0, 0, FrameKind.Heap, CodeTier.Unknown)));
        for (int node = 0; node < graph.NodeCount; node++)
        {
            work.ThrowIfCancelled(node);
            long size = heap.Shallow[(NodeIndex)node];
            if (size == 0) continue;
            uint trace = graph.TraceNodes.IsEmpty ? 0 : (uint)graph.TraceNodes[node];
            int stack = trace != 0 && places.TryGetValue(trace, out int found) && found >= 0 ? found : untracked;
            builder.AddWeight(stack, size, 1);
        }

        return builder.Build(new ProfileFacts("heaptimeline", "allocations alive", "bytes", true, [], null));
    }

    /// <summary>The frame of a function, or -1 for the root, which is none.</summary>
    private static int Frame(HeapGraph graph, int function, StackProfileBuilder builder)
    {
        if (function < 0 || function >= graph.Allocations.Functions.Count) return -1;
        TraceFunction f = graph.Allocations.Functions[function];
        string name = Text(graph, f.Name), script = Text(graph, f.ScriptName);
        if (name == "(root)") return -1;
        return builder.AddFrame(new StackFrame(
            builder.Names.Add(name), script.Length == 0 ? -1 : builder.Names.Add(script), -1, script.Length == 0 ? 0 : (int)Math.Min(f.Line, int.MaxValue),
            script.Length == 0 ? 0 : (int)Math.Min(f.Column, int.MaxValue), script.Length == 0 ? FrameKind.Builtin : FrameKind.JavaScript, CodeTier.Unknown));
    }

    private static string Text(HeapGraph graph, int index) => (uint)index < (uint)graph.Strings.Count ? graph.Strings.Decode(index) : "???";
}
