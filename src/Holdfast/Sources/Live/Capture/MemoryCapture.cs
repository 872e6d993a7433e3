using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Holdfast.Common;
using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.Live.Capture;

/// <summary>What was copied of a process.</summary>
/// <param name="Core">An ELF core of it, in memory or in an unnamed file.</param>
/// <param name="Pause">How long it stood still.</param>
/// <param name="Bytes">Bytes of its memory that were copied.</param>
/// <param name="LeftOut">Bytes of large native buffers that were not.</param>
/// <param name="IsOnDisk">Whether there was too little memory here for the copy.</param>
internal sealed record CapturedMemory(FileStream Core, TimeSpan Pause, long Bytes, long LeftOut, bool IsOnDisk);

/// <summary>What of a process's memory is copied.</summary>
/// <param name="WithBuffers">Also large native buffers.</param>
/// <param name="WithFiles">Also what is only a copy of files.</param>
/// <param name="Folder">Where the copy is when there is too little memory for it.</param>
internal sealed record MemoryCaptureOptions(bool WithBuffers, bool WithFiles, string Folder);

/// <summary>
/// Copies the memory of a running process: room is made ready while it runs; then it is stopped, its pages are read, and it goes on. Nothing
/// is started in it, and nothing of it changes. What is made of the copy is worked out when it runs again.
/// </summary>
internal static unsafe class MemoryCapture
{
    /// <summary>Most pieces that the kernel takes at once, and most bytes between looks at cancellation.</summary>
    private const int PiecesAtOnce = 1024;
    private const ulong BytesAtOnce = 16 << 20;
    private const int MostThreads = 4;

    /// <summary>What the process may grow by between the first look and the stop.</summary>
    private const ulong Spare = 16 << 20;

    private const long LeastFree = 256 << 20;

    /// <summary>A process of Node.js as an input: its memory of this moment, as a core.</summary>
    /// <param name="target">Which.</param>
    /// <param name="work">Progress, warnings and cancellation.</param>
    /// <exception cref="InputException">There is no such process, it is not Node's, or its memory may not be read.</exception>
    public static FileStream Open(LiveTarget target, Work work)
    {
        var proc = new ProcFolder();
        _ = new NodeProcesses(proc).Get(target.Pid);
        CapturedMemory captured = Run(proc, target.Pid, target.Text, new MemoryCaptureOptions(false, false, Path.GetTempPath()), work);
        work.Warn(string.Create(CultureInfo.InvariantCulture, $"{target.Text}: stood still for {captured.Pause.TotalMilliseconds:F0} ms while {captured.Bytes / 1048576.0:F0} MiB of its memory were copied; this is the process at that moment."));
        return captured.Core;
    }

    /// <exception cref="InputException">The process is gone, or may not be stopped or read, or there is no room for the copy.</exception>
    public static CapturedMemory Run(ProcFolder proc, int pid, string name, MemoryCaptureOptions options, Work work)
    {
        if (!OperatingSystem.IsLinux() || RuntimeInformation.ProcessArchitecture != Architecture.X64)
            throw new InputException($"{name}: memory of running processes is read on Linux on x64 only. Use --method inspector.");
        work.Report("looking at the process");
        CopyPlan first = CopyPlan.Make(proc, pid, options.WithBuffers, options.WithFiles) ?? throw Unreadable(proc, pid, name);
        long expected = (long)(first.Bytes + (first.Bytes / 16) + Spare) + HeadBytes(first.Segments.Count);
        bool onDisk = expected + LeastFree > Available(proc);
        if (onDisk) work.Warn($"{name}: there is too little memory for a copy of its {first.Bytes / 1048576.0:F0} MiB; it goes to a file in {options.Folder} first, and the process stands still for longer.");
        CaptureBuffer buffer = CaptureBuffer.Create(options.Folder, onDisk);
        try
        {
            work.Report("making room");
            buffer.Reserve(expected);
            work.Report("copying");
            return OnOneThread(() => Copy(proc, pid, name, options, buffer, work));
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    /// <summary>Memory that may be taken here: of the machine, and of the control group this program runs in.</summary>
    private static long Available(ProcFolder proc)
    {
        long machine = MachineMemory.Read(proc)?.Available ?? long.MaxValue;
        return ContainerLimits.Read(proc, Environment.ProcessId) is { } group && group.Unreclaimable is { } used ? Math.Min(machine, group.Limit - used) : machine;
    }

    private static long HeadBytes(int segments) => (1 << 20) + (segments * 2L * 56);

    /// <summary>Only the thread that has stopped others may let them go on.</summary>
    private static T OnOneThread<T>(Func<T> run)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                result = run();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        })
        { IsBackground = true, Name = "capture" };
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    private static CapturedMemory Copy(ProcFolder proc, int pid, string name, MemoryCaptureOptions options, CaptureBuffer buffer, Work work)
    {
        CopyPlan plan;
        ulong start;
        TimeSpan pause;
        using (var process = new StoppedProcess(proc, pid, name))
        {
            plan = CopyPlan.Make(proc, pid, options.WithBuffers, options.WithFiles) ?? throw Unreadable(proc, pid, name);
            using var head = new MemoryStream();
            start = CoreFileWriter.WriteHead(head, ProcessNotes.Write(proc, process), plan.Segments);
            buffer.Reserve((long)(start + plan.Bytes));
            head.GetBuffer().AsSpan(0, (int)head.Length).CopyTo(new Span<byte>(buffer.Start, (int)head.Length));
            CopyPieces(pid, name, plan, buffer.Start + start, work);
            pause = process.Release();
        }

        return new CapturedMemory(buffer.ToFile((long)(start + plan.Bytes)), pause, (long)plan.Bytes, (long)plan.LeftOut, buffer.IsOnDisk);
    }

    /// <summary>Reads all pieces, on as many threads as there are to do it: the process waits for nothing else.</summary>
    private static void CopyPieces(int pid, string name, CopyPlan plan, byte* data, Work work)
    {
        List<(List<IoVector> Local, List<IoVector> Remote)> batches = Batches(plan, (ulong)data);
        try
        {
            Parallel.ForEach(batches, new ParallelOptions { MaxDegreeOfParallelism = Math.Min(work.Threads, MostThreads), CancellationToken = work.Cancellation }, batch => Read(pid, name, [.. batch.Local], [.. batch.Remote]));
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private static List<(List<IoVector> Local, List<IoVector> Remote)> Batches(CopyPlan plan, ulong data)
    {
        var batches = new List<(List<IoVector> Local, List<IoVector> Remote)> { ([], []) };
        ulong bytes = 0;
        foreach ((ulong address, ulong size, ulong offset) in plan.Pieces)
        {
            for (ulong done = 0; done < size;)
            {
                if (batches[^1].Local.Count == PiecesAtOnce || bytes == BytesAtOnce)
                {
                    batches.Add(([], []));
                    bytes = 0;
                }

                ulong part = Math.Min(size - done, BytesAtOnce - bytes);
                batches[^1].Local.Add(new IoVector(data + offset + done, part));
                batches[^1].Remote.Add(new IoVector(address + done, part));
                done += part;
                bytes += part;
            }
        }

        return batches;
    }

    /// <summary>Reads pieces; a page that cannot be read stays zero, and what follows is read on.</summary>
    private static void Read(int pid, string name, IoVector[] local, IoVector[] remote)
    {
        const ulong PageBytes = 4096;
        int count = local.Length;
        fixed (IoVector* to = local, from = remote)
        {
            for (int at = 0; at < count;)
            {
                nint got = LinuxCalls.ReadMemory(pid, to + at, (nuint)(count - at), from + at, (nuint)(count - at), 0);
                int error = Marshal.GetLastPInvokeError();
                if (got < 0 && error != LinuxCalls.BadAddress)
                    throw new InputException(error == LinuxCalls.NoSuchProcess ? $"{name}: has ended while it was read. Nothing was written." : $"{name}: its memory cannot be read: {Marshal.GetPInvokeErrorMessage(error)}. It goes on; --method inspector needs no such right.");
                ulong left = (ulong)Math.Max(got, 0);
                for (; at < count && left >= from[at].Bytes; at++) left -= from[at].Bytes;
                if (at >= count) break;
                ulong skipped = Math.Min(from[at].Bytes, ((left / PageBytes) + 1) * PageBytes);
                from[at] = new IoVector(from[at].Address + skipped, from[at].Bytes - skipped);
                to[at] = new IoVector(to[at].Address + skipped, to[at].Bytes - skipped);
                if (from[at].Bytes == 0) at++;
            }
        }
    }

    private static InputException Unreadable(ProcFolder proc, int pid, string name) => ProcessStatus.Read(proc, pid) is not { IsZombie: false } status
        ? new InputException($"{name}: has ended. Nothing was written.")
        : new InputException($"{name}: its memory may not be read: {ProcessAccess.Of(proc, status).Reason ?? "the kernel refuses"}. It was not touched; --method inspector needs no such right.");
}
