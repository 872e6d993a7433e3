using Holdfast.Common;
using Holdfast.Model.Watching;
using Holdfast.Sources.CoreDump.V8;
using Holdfast.Sources.Live.Residency;

namespace Holdfast.Sources.Live.Watching;

/// <summary>
/// A process as the kernel sees it, and V8's spaces from the headers of their pages where its memory may be read. The process runs on and
/// notices nothing.
/// </summary>
internal sealed class ProcReadings(ProcFolder proc, NodeProcess process, Work work) : ReadingSource
{
    private readonly ProcessMemory? _memory = ProcessMemory.TryOpen(proc, process.Pid);

    private readonly PageMap? _map = PageMap.TryOpen(proc, process.Pid);
    private readonly VersionTable? _table = HeapPictures.TableOf(process.Version);

    /// <summary>By their heaps' addresses: a worker's number stays.</summary>
    private readonly Dictionary<ulong, string> _threads = [];

    public override string Description => $"/proc/{process.Pid}" + (_memory is null ? "" : " and page headers of its heaps");

    public override Reading? Read(CancellationToken stop)
    {
        if (ProcessStatus.Read(proc, process.Pid) is not { IsZombie: false } status) return null;
        var measures = new List<Measure>();
        List<MemoryLimit> limits = LimitsOf(proc, process.Pid, status);
        long? heaps = AddHeaps(measures, limits);
        measures.Add(new(MeasureNames.Rss, null, MeasureKind.Bytes, status.Rss));
        measures.Add(new(MeasureNames.RssAnonymous, null, MeasureKind.Bytes, status.RssAnonymous));
        if (heaps is { } resident) measures.Add(new(MeasureNames.OutsideHeap, null, MeasureKind.Bytes, Math.Max(0, status.RssAnonymous - resident)));
        if (status.Swap > 0) measures.Add(new("swap", null, MeasureKind.Bytes, status.Swap));
        measures.Add(new(MeasureNames.Threads, null, MeasureKind.Count, status.Threads));
        if (proc.CountOpenFiles(process.Pid) is { } files) measures.Add(new(MeasureNames.OpenFiles, null, MeasureKind.Count, files));
        return new Reading(DateTimeOffset.UtcNow, measures, limits);
    }

    public override void Dispose()
    {
        _memory?.Dispose();
        _map?.Dispose();
    }

    /// <summary>What the process's resident memory must not reach; the machine's is what it has and what is still there.</summary>
    internal static List<MemoryLimit> LimitsOf(ProcFolder proc, int pid, ProcessStatus status)
    {
        var limits = new List<MemoryLimit>();
        if (ContainerLimits.Read(proc, pid) is { } container)
        {
            // Others of the group take their part of it.
            double others = Math.Max(0, (container.Unreclaimable ?? status.Rss) - status.Rss);
            limits.Add(new("cgroup", MeasureNames.Rss, null, container.Limit - others));
        }

        if (MachineMemory.Read(proc) is { } machine) limits.Add(new("machine", MeasureNames.Rss, null, status.Rss + machine.Available));
        return limits;
    }

    /// <summary>Figures of each thread's heap; gives what is resident of all pages of V8, or null where that cannot be seen.</summary>
    private long? AddHeaps(List<Measure> measures, List<MemoryLimit> limits)
    {
        if (_memory is null || MemoryMapping.ReadAll(proc, process.Pid) is not { } mappings) return null;
        List<LivePage> pages = LiveHeap.Read(_memory, mappings, $"pid:{process.Pid}", work);
        LiveHeap.NameThreads(pages, mappings, _threads);
        foreach (IGrouping<ulong, LivePage> heap in pages.Where(p => p is { IsListed: true, Heap: not 0 }).GroupBy(p => p.Heap).OrderBy(h => _threads[h.Key] != LiveHeap.MainThread).ThenBy(h => _threads[h.Key], StringComparer.Ordinal))
            AddHeap(heap, _threads[heap.Key], measures, limits, _memory);
        return _map is null || pages.Count == 0 ? null : pages.Sum(Resident);
    }

    private void AddHeap(IGrouping<ulong, LivePage> heap, string thread, List<Measure> measures, List<MemoryLimit> limits, ProcessMemory memory)
    {
        measures.Add(new(MeasureNames.HeapUsed, thread, MeasureKind.CollectedBytes, heap.Where(p => !p.IsYoung).Sum(p => p.Allocated)));
        foreach (string space in (string[])[LivePage.Old, LivePage.Large])
            measures.Add(new(space, thread, MeasureKind.CollectedBytes, heap.Where(p => p.Space == space).Sum(p => p.Allocated)));
        measures.Add(new(MeasureNames.HeapTotal, thread, MeasureKind.Bytes, heap.Sum(p => p.Bytes)));
        if (_map is not null) measures.Add(new(MeasureNames.HeapResident, thread, MeasureKind.Bytes, heap.Sum(Resident)));
        if (HeapPictures.MaxOldBytes(heap.Key, memory.Read, _table) is { } most) limits.Add(new("v8", MeasureNames.HeapUsed, thread, most));
        (long? external, long? buffers) = HeapPictures.External(heap.Key, memory.Read, _table);
        if (external is { } outside) measures.Add(new(MeasureNames.External, thread, MeasureKind.Bytes, outside));
        if (buffers is { } ofBuffers) measures.Add(new(MeasureNames.ArrayBuffers, thread, MeasureKind.Bytes, ofBuffers));
    }

    private long Resident(LivePage page) => _map!.Resident(page.Base, page.Base + (ulong)page.Bytes);
}
