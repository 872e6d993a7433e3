using Holdfast.Analyses.Derived;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Flame;

/// <summary>
/// A heap as stacks: each object's dominators by class, objects of one class below the same ones together. A frame is then as wide as
/// what its objects retain.
/// </summary>
public static class HeapStacks
{
    public static StackProfile Run(Heap heap, Work work)
    {
        HeapGraph graph = heap.Graph;
        DominatorTree tree = heap.Dominators;
        Classes classes = heap.Classes;
        var builder = new StackProfileBuilder();
        int[] frames = new int[classes.Catalog.Count], stacks = new int[graph.NodeCount];
        Array.Fill(frames, -1);
        Array.Fill(stacks, -1);
        ReadOnlySpan<NodeIndex> dominators = tree.Dominators;
        int done = 0;
        foreach (NodeIndex node in tree.Order)
        {
            work.ThrowIfCancelled(done++);
            if (node == graph.Root) continue;
            int parent = dominators[(int)node] == graph.Root ? -1 : stacks[(int)dominators[(int)node]];
            int frame = Frame(classes, classes.Span[(int)node], frames, builder);

            // A list is a chain of its own class: one frame, or it would be as deep as it is long.
            stacks[(int)node] = parent >= 0 && builder.FrameOf(parent) == frame ? parent : builder.AddStack(parent, frame);
            if (heap.Shallow[node] is > 0 and var size) builder.AddWeight(stacks[(int)node], size, 1);
        }

        return builder.Build(new ProfileFacts("heap", "retained", "bytes", true, [], null));
    }

    private static int Frame(Classes classes, int number, int[] frames, StackProfileBuilder builder)
    {
        if (frames[number] >= 0) return frames[number];
        string name = classes.Catalog[number].Name;
        return frames[number] = builder.AddFrame(new StackFrame(
            builder.Names.Add(name.Length == 0 ? "(no name)" : name), -1, -1, 0, 0, FrameKind.Heap, CodeTier.Unknown));
    }
}
