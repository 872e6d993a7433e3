using Microsoft.Win32.SafeHandles;

namespace Holdfast.Sources.Live;

/// <summary>A running process's memory, read while it goes on: what is read may be of different moments. Nothing is written and nothing stops.</summary>
internal sealed class ProcessMemory : IDisposable
{
    private readonly FileStream _file;
    private readonly SafeFileHandle _handle;

    private ProcessMemory(FileStream file)
    {
        _file = file;
        _handle = file.SafeFileHandle;
    }

    /// <summary>Null where this user may not, or the process is gone.</summary>
    public static ProcessMemory? TryOpen(ProcFolder proc, int pid)
    {
        try
        {
            return new ProcessMemory(OpenFile(proc, pid));
        }
        catch (Exception e) when (ProcFolder.IsGone(e))
        {
            return null;
        }
    }

    internal static FileStream OpenFile(ProcFolder proc, int pid) =>
        new(proc.PathOf(pid, "mem"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);

    /// <summary>Reads what is there; gives how many bytes from the beginning were.</summary>
    public int Read(ulong address, Span<byte> into)
    {
        int done = 0;
        try
        {
            while (done < into.Length && address <= long.MaxValue)
            {
                int read = RandomAccess.Read(_handle, into[done..], (long)address + done);
                if (read <= 0) break;
                done += read;
            }
        }
        catch (Exception e) when (ProcFolder.IsGone(e))
        {
            // No memory there any more.
        }

        return done;
    }

    public void Dispose() => _file.Dispose();
}
