using System.Text.Json;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Sources.Perf;

/// <summary>A .heapprofile: a tree of callers with the bytes that each allocated and that are still alive, by sampling.</summary>
internal static class HeapProfile
{
    public static StackProfile Read(JsonElement root, JsonElement head, string name, Work work)
    {
        var builder = new StackProfileBuilder();
        Dictionary<long, long> counts = CountSamples(root);
        var waiting = new Stack<(JsonElement Node, int Caller, int Depth)>();
        PushChildren(head, -1, 0, waiting);
        int seen = 0;
        bool isCut = false;
        while (waiting.TryPop(out (JsonElement Node, int Caller, int Depth) next))
        {
            work.ThrowIfCancelled(seen++);
            int stack = builder.AddStack(next.Caller, V8ProfileReader.AddFrame(builder, next.Node.GetProperty("callFrame")));
            long size = V8ProfileReader.Number(next.Node, "selfSize");
            long count = next.Node.TryGetProperty("id", out JsonElement id) && id.TryGetInt64(out long number) ? counts.GetValueOrDefault(number) : 0;
            if (size > 0) builder.AddWeight(stack, size, Math.Max(1, count));
            if (next.Depth < Limits.MaxStackDepth) PushChildren(next.Node, stack, next.Depth + 1, waiting);
            else isCut = true;
        }

        if (seen == 0) throw new InputException($"{name}: is a .heapprofile without stacks: nothing was sampled. Profile for longer, or with a smaller interval (--heap-prof-interval).");
        if (isCut) work.Warn($"{name}: stacks are deeper than {nameof(Limits.MaxStackDepth)} = {Limits.MaxStackDepth}; what is below is left out.");
        V8ProfileReader.WarnOfOverflow(builder, name, work);
        return builder.Build(new ProfileFacts("heapprofile", "allocations alive", "bytes", true, [], null));
    }

    /// <summary>Samples by node, where the profile lists them.</summary>
    private static Dictionary<long, long> CountSamples(JsonElement root)
    {
        var counts = new Dictionary<long, long>();
        if (!root.TryGetProperty("samples", out JsonElement samples) || samples.ValueKind != JsonValueKind.Array) return counts;
        foreach (JsonElement sample in samples.EnumerateArray())
        {
            if (!sample.TryGetProperty("nodeId", out JsonElement node) || !node.TryGetInt64(out long id)) continue;
            long count = sample.TryGetProperty("count", out _) ? V8ProfileReader.Number(sample, "count") : 1;
            counts[id] = Saturating.Add(counts.GetValueOrDefault(id), count);
        }

        return counts;
    }

    private static void PushChildren(JsonElement node, int stack, int depth, Stack<(JsonElement Node, int Caller, int Depth)> waiting)
    {
        if (!node.TryGetProperty("children", out JsonElement children)) return;
        foreach (JsonElement child in children.EnumerateArray()) waiting.Push((child, stack, depth));
    }
}
