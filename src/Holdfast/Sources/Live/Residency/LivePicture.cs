using System.Globalization;
using Holdfast.Common;
using Holdfast.Model.Residency;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.Live.Residency;

/// <summary>Where a running process's memory is. It runs on: its memory is read, nothing is written.</summary>
internal sealed class LivePicture(ProcFolder proc, NodeProcess process)
{
    private readonly Dictionary<ulong, string> _threads = [];
    private readonly VersionTable? _table = HeapPictures.TableOf(process.Version);

    /// <exception cref="InputException">It is gone, or its memory may not be looked at.</exception>
    public MemoryPicture Take(Work work)
    {
        string name = $"pid:{process.Pid}";
        if (ProcessStatus.Read(proc, process.Pid) is not { IsZombie: false } status) throw new InputException($"{name}: has ended.");
        List<MemoryMapping> mappings = MemoryMapping.ReadAll(proc, process.Pid)
            ?? throw new InputException($"{name}: its memory may not be looked at: {process.Access.Reason ?? "it has ended"}. `holdfast watch {name}` needs no more than /proc shows everyone.");
        using ProcessMemory memory = ProcessMemory.TryOpen(proc, process.Pid) ?? throw new InputException($"{name}: its memory may not be read: {process.Access.Reason ?? "it has ended"}. Without it V8's spaces cannot be told.");
        using PageMap? map = PageMap.TryOpen(proc, process.Pid);
        List<LivePage> pages = LiveHeap.Read(memory, mappings, name, work);
        LiveHeap.NameThreads(pages, mappings, _threads);
        ResidentBytes resident = map is null ? (start, end) => Estimate(mappings, start, end) : map.Resident;
        List<MemoryPart> parts = new MemoryRegions(mappings, pages, StackPointers(), new MallocWalk(memory.Read, resident), resident).Run(work);
        return new MemoryPicture(
            DateTimeOffset.UtcNow, mappings.Sum(m => m.Rss), parts, HeapPictures.Of(pages, _threads, memory.Read, _table, resident),
            status.Threads, proc.CountOpenFiles(process.Pid), status.Swap);
    }

    /// <summary>Of the threads that wait in the kernel: those that run have no still one. The last words of <c>syscall</c> are stack and instruction pointer.</summary>
    private List<ulong> StackPointers()
    {
        var found = new List<ulong>();
        foreach (int thread in proc.ThreadIds(process.Pid))
        {
            string[] words = (proc.Text(process.Pid, $"task/{thread}/syscall") ?? "").Split(' ');
            if (words.Length >= 3 && words[^2].StartsWith("0x", StringComparison.Ordinal) && ulong.TryParse(words[^2].AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong sp)) found.Add(sp);
        }

        return found;
    }

    /// <summary>Without the map of pages: the range's part of what is resident around it.</summary>
    private static long Estimate(List<MemoryMapping> mappings, ulong start, ulong end)
    {
        double bytes = 0;
        foreach (MemoryMapping m in mappings.Where(m => m.Start < end && start < m.End && m.Rss > 0))
            bytes += (double)m.Rss * (Math.Min(end, m.End) - Math.Max(start, m.Start)) / m.Size;
        return (long)bytes;
    }
}
