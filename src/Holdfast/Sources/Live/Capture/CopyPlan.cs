using Holdfast.Common;
using Holdfast.Sources.CoreDump.Elf;
using Holdfast.Sources.CoreDump.V8;

namespace Holdfast.Sources.Live.Capture;

/// <summary>
/// Which of a process's memory is taken: what is private to it and there, but for large native buffers. Planned twice: while it runs, to
/// know how much room to have ready, and when it stands still.
/// </summary>
internal sealed class CopyPlan
{
    private const ulong PageBytes = 4096;

    /// <summary>Missing pages in between that are taken as zeros: all of V8's pages are whole then.</summary>
    private const ulong MostGap = HeapPage.Size;

    /// <summary>A buffer from here on is left out but for its beginning.</summary>
    private const ulong LargeBuffer = 1 << 20;

    /// <summary>The smallest piece that malloc gets from the system for itself.</summary>
    private const ulong LeastBuffer = 128 << 10;

    private const ulong PagesAtOnce = 1 << 15;
    private const ulong IsPresent = 3UL << 62;

    private readonly ProcessMemory _memory;
    private readonly FileStream? _pages;
    private readonly byte[] _entries = new byte[PagesAtOnce * 8];
    private readonly bool _withBuffers;
    private readonly bool _withFiles;

    private CopyPlan(ProcessMemory memory, FileStream? pages, bool withBuffers, bool withFiles)
    {
        (_memory, _pages, _withBuffers, _withFiles) = (memory, pages, withBuffers, withFiles);
    }

    /// <summary>What the core will have, in the order of addresses.</summary>
    public List<Segment> Segments { get; } = [];

    /// <summary>What is read of it, and where in the copied memory it goes.</summary>
    public List<(ulong Address, ulong Bytes, ulong Offset)> Pieces { get; } = [];

    /// <summary>Bytes of the copied memory.</summary>
    public ulong Bytes { get; private set; }

    /// <summary>Bytes of large buffers that are left out.</summary>
    public ulong LeftOut { get; private set; }

    /// <param name="proc">Where it is read.</param>
    /// <param name="pid">The process.</param>
    /// <param name="withBuffers">Whether to take large native buffers, too.</param>
    /// <param name="withFiles">Whether to take what is only a copy of files, too: as a full core has it.</param>
    /// <returns>Null where the process is gone, or may not be read.</returns>
    public static CopyPlan? Make(ProcFolder proc, int pid, bool withBuffers, bool withFiles)
    {
        using ProcessMemory? memory = ProcessMemory.TryOpen(proc, pid);
        if (memory is null || proc.Text(pid, "maps") is not { Length: > 0 } maps) return null;
        using FileStream? pages = OpenPages(proc, pid);
        var plan = new CopyPlan(memory, pages, withBuffers, withFiles);
        foreach (MemoryMapping mapping in MemoryMapping.Parse(maps)) plan.Add(mapping);
        return plan;
    }

    /// <summary>Which pages are there; without it all are taken.</summary>
    private static FileStream? OpenPages(ProcFolder proc, int pid)
    {
        try
        {
            return new FileStream(proc.PathOf(pid, "pagemap"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception e) when (ProcFolder.IsGone(e))
        {
            return null;
        }
    }

    private void Add(MemoryMapping mapping)
    {
        if (!mapping.IsReadable || mapping.Path is "[vvar]" or "[vvar_vclock]" or "[vsyscall]") return;

        // What a file has can be read from it, unless the file is gone.
        bool isLost = mapping.Path.EndsWith(" (deleted)", StringComparison.Ordinal);
        bool isOwn = mapping.Inode == 0 || (!mapping.Permissions.EndsWith('s') && (mapping.IsWritable || isLost));
        if (!isOwn && !_withFiles) return;
        uint flags = 4 | (mapping.IsWritable ? 2u : 0) | (mapping.IsExecutable ? 1u : 0);
        ulong from = mapping.Start;
        if (mapping.IsAnonymous && !_withBuffers) from = SkipBuffers(mapping, flags);
        if (from < mapping.End) AddPresent(from, mapping.End, flags);
    }

    /// <summary>
    /// Buffers that malloc got from the system each for itself stand one after the other, each with its size before it. Gives where the
    /// mapping has something else.
    /// </summary>
    private ulong SkipBuffers(MemoryMapping mapping, uint flags)
    {
        Span<byte> head = stackalloc byte[16];
        ulong at = mapping.Start;
        while (at + LeastBuffer <= mapping.End && _memory.Read(at, head) == head.Length)
        {
            ulong before = BitConverter.ToUInt64(head), size = BitConverter.ToUInt64(head[8..]), bytes = size & ~7UL;
            if (before != 0 || (size & 7) != 2 || bytes < LeastBuffer || bytes % PageBytes != 0 || bytes > mapping.End - at) break;
            ulong taken = bytes >= LargeBuffer ? PageBytes : bytes;
            AddPresent(at, at + taken, flags);
            LeftOut += bytes - taken;
            at += bytes;
        }

        return at;
    }

    private void AddPresent(ulong start, ulong end, uint flags)
    {
        ulong runStart = 0, runEnd = 0;
        for (ulong at = start; at < end;)
        {
            ulong count = Math.Min(PagesAtOnce, (end - at) / PageBytes);
            ReadOnlySpan<byte> there = Present(at, count);
            for (ulong i = 0; i < count; i++)
            {
                if (!there.IsEmpty && (BitConverter.ToUInt64(there[(int)(i * 8)..]) & IsPresent) == 0) continue;
                ulong page = at + (i * PageBytes);
                if (page != runEnd)
                {
                    AddRun(runStart, runEnd, flags);
                    runStart = page;
                }

                runEnd = page + PageBytes;
            }

            at += count * PageBytes;
        }

        AddRun(runStart, runEnd, flags);
    }

    /// <summary>The kernel's words on pages, from an address on; empty where it says nothing.</summary>
    private ReadOnlySpan<byte> Present(ulong address, ulong count)
    {
        if (_pages is null) return [];
        Span<byte> entries = _entries.AsSpan(0, (int)(count * 8));
        try
        {
            return RandomAccess.Read(_pages.SafeFileHandle, entries, (long)(address / PageBytes * 8)) == entries.Length ? entries : [];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private void AddRun(ulong start, ulong end, uint flags)
    {
        if (start >= end) return;
        if (Segments.Count > 0 && Segments[^1] is var last && last.Flags == flags && start >= last.Address + last.FileSize && start - (last.Address + last.FileSize) <= MostGap)
        {
            Bytes += start - (last.Address + last.FileSize);
            Segments[^1] = last with { FileSize = end - last.Address, MemorySize = end - last.Address };
        }
        else
        {
            if (Segments.Count >= Limits.MaxSegments) return;
            Segments.Add(new Segment(Segment.Load, flags, 0, start, end - start, end - start));
        }

        Pieces.Add((start, end - start, Bytes));
        Bytes += end - start;
    }
}
