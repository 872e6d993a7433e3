using Holdfast.Model.Residency;

namespace Holdfast.Analyses.Residency;

/// <summary>Something that resident memory is, and how it changed.</summary>
/// <param name="Verdict">What it is.</param>
/// <param name="Bytes">How much.</param>
/// <param name="Growth">How much more than at the first look; null where there was one look.</param>
public readonly record struct ResidencyCause(ResidencyVerdict Verdict, long Bytes, long? Growth);

/// <summary>Where resident memory is, and what to make of it.</summary>
/// <param name="Verdict">Of one look what most of it is; of two what grows.</param>
/// <param name="Causes">All of it, the largest first, or what grew most.</param>
/// <param name="IsExternalKnown">Whether buffers could be told from other memory of malloc's.</param>
/// <param name="RssGrowth">How much more is resident than at the first look; null where there was one.</param>
public sealed record ResidencyReport(ResidencyVerdict Verdict, IReadOnlyList<ResidencyCause> Causes, bool IsExternalKnown, long? RssGrowth)
{
    /// <summary>Growth between two looks of less than this part of what is resident does not matter.</summary>
    public const double LeastShare = 0.005;

    /// <summary>Nor of fewer bytes: an idle process moves as much.</summary>
    public const long LeastBytes = 1 << 20;

    /// <param name="now">The last look.</param>
    /// <param name="before">The first; null where there was one.</param>
    public static ResidencyReport Run(MemoryPicture now, MemoryPicture? before = null)
    {
        Dictionary<ResidencyVerdict, long> current = Split(now), was = before is null ? [] : Split(before);
        ResidencyCause[] causes = [.. current.Select(c => new ResidencyCause(c.Key, c.Value, before is null ? null : c.Value - was[c.Key]))];
        long? growth = before is null ? null : now.Rss - before.Rss;
        bool isExternalKnown = now.External is not null;
        if (before is null)
        {
            causes = [.. causes.OrderByDescending(c => c.Bytes)];

            // Programs and files are there in every process: what there is to decide is which of the rest it is.
            return new ResidencyReport(causes.First(c => c.Verdict != ResidencyVerdict.OtherMemory).Verdict, causes, isExternalKnown, null);
        }

        causes = [.. causes.OrderByDescending(c => c.Growth)];
        double matters = Math.Max(LeastBytes, now.Rss * LeastShare);
        ResidencyVerdict verdict = causes[0].Growth >= matters ? causes[0].Verdict : ResidencyVerdict.NotGrowing;
        return new ResidencyReport(verdict, causes, isExternalKnown, growth);
    }

    private static Dictionary<ResidencyVerdict, long> Split(MemoryPicture picture)
    {
        long heap = picture.Resident(MemoryKind.V8Heap), unusedHeap = Math.Min(heap, picture.Heaps.Sum(h => h.Free));
        MemoryPart[] blocks = [.. picture.Parts.Where(p => p.Kind is MemoryKind.MallocMain or MemoryKind.MallocArenas or MemoryKind.MallocLarge or MemoryKind.Other)];
        long free = blocks.Sum(p => p.Free ?? 0), used = blocks.Sum(p => p.Resident) - free;

        // V8 is told of buffers when they are made; their pages come as they are written.
        long external = Math.Min(used, picture.External ?? 0);
        return new Dictionary<ResidencyVerdict, long>
        {
            [ResidencyVerdict.JsHeap] = heap - unusedHeap,
            [ResidencyVerdict.ExternalBuffers] = external,
            [ResidencyVerdict.Native] = used - external,
            [ResidencyVerdict.Fragmentation] = free + unusedHeap,
            [ResidencyVerdict.OtherMemory] = Math.Max(0, picture.Rss - heap - used - free),
        };
    }
}
