using System.Runtime.InteropServices;

namespace Holdfast.Sources.Live.Residency;

/// <summary>Which pages of a running process are in memory. Source: Linux, Documentation/admin-guide/mm/pagemap.rst.</summary>
internal sealed class PageMap : IDisposable
{
    private const ulong Page = 4096;
    private const int Entry = 8;

    private readonly FileStream _file;
    private readonly ulong[] _entries = new ulong[1 << 14];

    private PageMap(FileStream file) => _file = file;

    /// <summary>Null where this user may not read it.</summary>
    public static PageMap? TryOpen(ProcFolder proc, int pid)
    {
        try
        {
            return new PageMap(new FileStream(proc.PathOf(pid, "pagemap"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0));
        }
        catch (Exception e) when (ProcFolder.IsGone(e))
        {
            return null;
        }
    }

    /// <summary>Resident bytes of the pages that are touched by a range.</summary>
    public long Resident(ulong start, ulong end)
    {
        long pages = 0;
        for (ulong page = start / Page, last = (end + Page - 1) / Page; page < last;)
        {
            Span<ulong> entries = _entries.AsSpan(0, (int)Math.Min((ulong)_entries.Length, last - page));
            int read;
            try
            {
                read = RandomAccess.Read(_file.SafeFileHandle, MemoryMarshal.AsBytes(entries), (long)page * Entry) / Entry;
            }
            catch (Exception e) when (ProcFolder.IsGone(e))
            {
                break;
            }

            if (read <= 0) break;

            // The highest bit: present.
            foreach (ulong entry in entries[..read]) pages += (long)(entry >> 63);
            page += (ulong)read;
        }

        return pages * (long)Page;
    }

    public void Dispose() => _file.Dispose();
}
