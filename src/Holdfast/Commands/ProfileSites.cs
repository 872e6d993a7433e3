using Holdfast.Analyses;
using Holdfast.Analyses.Flame;
using Holdfast.Common;
using Holdfast.Sources.Perf;

namespace Holdfast.Commands;

/// <summary>Says where suspects' objects are allocated, where a profile of the same process is given.</summary>
internal static class ProfileSites
{
    /// <exception cref="InputException">The profile cannot be read, or is a heap without allocation stacks.</exception>
    public static LeaksRecord Add(LeaksRecord record, string path, CommandContext context)
    {
        IReadOnlyDictionary<string, IReadOnlyList<AllocationFrame>> sites = Find(path, [.. record.Suspects.Select(s => s.Constructor)], context);
        string[] without = [.. record.Suspects.Where(s => s.AllocatedBy is null && !sites.ContainsKey(s.Constructor)).Select(s => s.Constructor)];
        if (without.Length > 0) context.Work.Warn($"{path}: says nothing of where {string.Join(", ", without.Take(5))} {(without.Length == 1 ? "is" : "are")} allocated: a sampling profile names functions, so it knows classes with a constructor of their own.");
        return record with
        {
            Suspects = [.. record.Suspects.Select(s => s.AllocatedBy is null && sites.TryGetValue(s.Constructor, out IReadOnlyList<AllocationFrame>? frames)
                ? s with { AllocatedBy = [.. frames.Select(FrameRecord.From)] }
                : s)],
        };
    }

    private static IReadOnlyDictionary<string, IReadOnlyList<AllocationFrame>> Find(string path, string[] constructors, CommandContext context)
    {
        if (context.TryOpenStacks(path, new PerfTextOptions()) is { } profile) return AllocationSites.OfStacks(profile, constructors);
        using Heap heap = context.Open(path);
        if (heap.Graph.Allocations.Nodes.Count <= 1)
            throw new InputException($"{path}: has no allocation stacks. Give a .heapprofile (node --heap-prof), or a timeline taken with allocation stacks.");
        return AllocationSites.OfObjects(heap, constructors, context.Work);
    }
}
