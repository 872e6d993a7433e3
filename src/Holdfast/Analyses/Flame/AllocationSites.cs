using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Flame;

/// <summary>Where objects of a constructor are allocated, by a profile of the same program: the stack with most of them, innermost first.</summary>
public static class AllocationSites
{
    /// <summary>By the stacks of a sampling profile: those with a function of the constructor's name.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<AllocationFrame>> OfStacks(StackProfile profile, IEnumerable<string> constructors)
    {
        // A stack's weight is that of all stacks it leads to: callers come before callees.
        long[] totals = profile.Weights.ToArray();
        for (int i = totals.Length - 1; i >= 0; i--)
        {
            if (profile.Parents[i] >= 0) totals[profile.Parents[i]] = Saturating.Add(totals[profile.Parents[i]], totals[i]);
        }

        var sites = new Dictionary<string, IReadOnlyList<AllocationFrame>>();
        foreach (string constructor in constructors.Distinct())
        {
            int name = profile.Names.Find(System.Text.Encoding.UTF8.GetBytes(constructor)), best = -1;
            for (int i = 0; i < totals.Length && name >= 0; i++)
            {
                StackFrame frame = profile.Frames[profile.StackFrames[i]];
                if (frame.Kind == FrameKind.JavaScript && frame.Name == name && (best < 0 || totals[i] > totals[best])) best = i;
            }

            if (best >= 0) sites.Add(constructor, Frames(profile, best));
        }

        return sites;
    }

    /// <summary>By the objects of a timeline, which know the stack they were allocated with.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<AllocationFrame>> OfObjects(Heap heap, IEnumerable<string> constructors, Work work)
    {
        HeapGraph graph = heap.Graph;
        var wanted = new HashSet<string>(constructors);
        var counts = new Dictionary<(string Constructor, uint Trace), (int Count, int Node)>();
        for (int node = 0; node < graph.NodeCount && !graph.TraceNodes.IsEmpty; node++)
        {
            work.ThrowIfCancelled(node);
            if (graph.TraceNodes[node] == 0 || !wanted.Contains(heap.Classes[(NodeIndex)node].Name)) continue;
            var key = (heap.Classes[(NodeIndex)node].Name, graph.TraceNodes[node]);
            counts[key] = counts.TryGetValue(key, out (int Count, int Node) known) ? (known.Count + 1, known.Node) : (1, node);
        }

        return counts.GroupBy(c => c.Key.Constructor).ToDictionary(
            g => g.Key,
            g => (IReadOnlyList<AllocationFrame>)AllocationStack.Find(graph, (NodeIndex)g.MaxBy(c => c.Value.Count).Value.Node));
    }

    private static List<AllocationFrame> Frames(StackProfile profile, int stack)
    {
        var frames = new List<AllocationFrame>();
        for (int at = stack; at >= 0; at = profile.Parents[at])
        {
            StackFrame frame = profile.Frames[profile.StackFrames[at]];
            if (frame.Kind == FrameKind.JavaScript)
                frames.Add(new AllocationFrame(profile.Names.Decode(frame.Name), frame.File < 0 ? "" : profile.Names.Decode(frame.File), (uint)frame.Line, (uint)frame.Column));
        }

        return frames;
    }
}
