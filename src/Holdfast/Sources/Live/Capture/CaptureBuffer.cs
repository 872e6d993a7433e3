using System.Runtime.InteropServices;
using Holdfast.Common;
using Microsoft.Win32.SafeHandles;

namespace Holdfast.Sources.Live.Capture;

/// <summary>
/// Where a process's memory is copied to: memory of this program that is a file without a name, or where there is too little of it an
/// unnamed file on the disk. It is made ready before the process is stopped, so that copying waits for nothing.
/// </summary>
internal sealed unsafe class CaptureBuffer : IDisposable
{
    private readonly SafeFileHandle _file;
    private byte* _start;
    private long _bytes;

    private CaptureBuffer(SafeFileHandle file, bool isOnDisk)
    {
        _file = file;
        IsOnDisk = isOnDisk;
    }

    public bool IsOnDisk { get; }

    public byte* Start => _start;

    /// <param name="folder">Where the file is when it must be one.</param>
    /// <param name="onDisk">Whether memory is too short.</param>
    public static CaptureBuffer Create(string folder, bool onDisk)
    {
        if (!onDisk && LinuxCalls.MemoryFile("holdfast", 1) is >= 0 and var memory) return new CaptureBuffer(new SafeFileHandle(memory, ownsHandle: true), false);
        string path = Path.Combine(folder, $"holdfast-{Guid.NewGuid():N}.tmp");
        try
        {
            SafeFileHandle file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.Delete(path);
            return new CaptureBuffer(file, true);
        }
        catch (Exception e) when (ProcFolder.IsGone(e))
        {
            throw new InputException($"{path}: cannot be written: {e.Message} It would hold the process's memory for the time it is packed. The process was not touched.", e);
        }
    }

    /// <summary>Has room for so many bytes, all of it there.</summary>
    /// <exception cref="InputException">There is no such room.</exception>
    public void Reserve(long bytes)
    {
        if (bytes <= _bytes) return;
        Unmap();
        int file = (int)_file.DangerousGetHandle();
        if (LinuxCalls.Truncate(file, bytes) != 0 || LinuxCalls.Allocate(file, 0, 0, bytes) != 0)
            throw new InputException($"no room for {bytes / 1048576.0:F0} MiB of the process's memory {(IsOnDisk ? "on the disk" : "in this machine's memory")}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}. Free some, or give another folder.");
        nint at = LinuxCalls.Map(null, (nuint)bytes, LinuxCalls.ProtectReadWrite, LinuxCalls.MapShared, file, 0);
        if (at == -1) throw new InputException($"{bytes / 1048576.0:F0} MiB cannot be mapped: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        _start = (byte*)at;
        _bytes = bytes;

        // A kernel before 5.14 does not know this: pages come as they are written then, which takes longer.
        _ = LinuxCalls.Advise(_start, (nuint)bytes, LinuxCalls.PopulateWrite);
    }

    /// <summary>What was written, as a file to read, cut to its length. This buffer is done.</summary>
    public FileStream ToFile(long bytes)
    {
        Unmap();
        _ = LinuxCalls.Truncate((int)_file.DangerousGetHandle(), bytes);
        return new FileStream(_file, FileAccess.Read, bufferSize: 0);
    }

    public void Dispose()
    {
        Unmap();
        _file.Dispose();
    }

    private void Unmap()
    {
        if (_start != null) _ = LinuxCalls.Unmap(_start, (nuint)_bytes);
        _start = null;
        _bytes = 0;
    }
}
