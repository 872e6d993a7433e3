using System.Diagnostics;
using System.Runtime.InteropServices;
using Holdfast.Common;

namespace Holdfast.Sources.Live.Capture;

/// <summary>
/// A process all of whose threads stand still, from when this is made until it is disposed. They are seized with ptrace, which sends no
/// signal and changes nothing in the process; if the thread that made this ends, or this program is killed, the kernel lets them go on.
/// One that was stopped before stays stopped afterwards. All of it is to be done by one thread.
/// </summary>
internal sealed unsafe class StoppedProcess : IDisposable
{
    /// <summary>How long threads may take to stand still: one that waits for a disk cannot be stopped before it has what it waits for.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>How soon one that stands still is usually told of.</summary>
    private static readonly TimeSpan Notice = TimeSpan.FromMilliseconds(20);

    private const int StopEvent = 128;
    private const int StatusRegisters = 1;

    private readonly ProcFolder _proc;
    private readonly string _name;
    private readonly Dictionary<int, int> _signals = [];
    private readonly List<int> _seized = [];
    private readonly long _began = Stopwatch.GetTimestamp();

    /// <param name="proc">Where threads are listed.</param>
    /// <param name="pid">The process.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <exception cref="InputException">It is gone, or may not be stopped; whatever had stopped goes on.</exception>
    public StoppedProcess(ProcFolder proc, int pid, string name)
    {
        (_proc, Pid, _name) = (proc, pid, name);
        try
        {
            StopAll();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public int Pid { get; }

    /// <summary>Its threads, the main one first.</summary>
    public IReadOnlyList<int> Threads => _seized;

    /// <summary>A thread's registers, as the kernel writes them into cores.</summary>
    public byte[] Registers(int thread)
    {
        var registers = new byte[27 * 8];
        fixed (byte* data = registers)
        {
            var piece = new IoVector((ulong)data, (ulong)registers.Length);
            if (LinuxCalls.PTrace(LinuxCalls.GetRegisters, thread, (void*)StatusRegisters, &piece) < 0) throw Gone();
        }

        return registers;
    }

    /// <summary>Lets all threads go on; gives how long the process stood still.</summary>
    public TimeSpan Release()
    {
        Dispose();
        return Stopwatch.GetElapsedTime(_began);
    }

    /// <summary>Lets all threads go on, those with a signal on its way with that.</summary>
    public void Dispose()
    {
        foreach (int thread in _seized)
        {
            // One that is not known to stand still cannot be let go before it does; a thread that has ended needs nothing.
            if (!_signals.TryGetValue(thread, out int signal) && WaitFor(thread, out signal) != Outcome.Stopped) continue;
            _ = LinuxCalls.PTrace(LinuxCalls.Detach, thread, null, (void*)signal);
        }

        _seized.Clear();
    }

    private void StopAll()
    {
        // While some still run they may start others; those of the last look are all there are.
        for (bool isNew = true; isNew;)
        {
            isNew = false;
            foreach (int thread in _proc.ThreadIds(Pid))
            {
                if (_seized.Contains(thread)) continue;
                isNew |= Seize(thread);
            }

            foreach (int thread in _seized.Where(t => !_signals.ContainsKey(t)).ToList()) Stop(thread);
        }

        if (_seized.Count == 0) throw Gone();
    }

    private bool Seize(int thread)
    {
        if (LinuxCalls.PTrace(LinuxCalls.Seize, thread, null, null) < 0)
        {
            int error = Marshal.GetLastPInvokeError();
            if (error == LinuxCalls.NoSuchProcess) return false;
            throw Refused(error);
        }

        _seized.Add(thread);
        return LinuxCalls.PTrace(LinuxCalls.Interrupt, thread, null, null) == 0;
    }

    private void Stop(int thread)
    {
        switch (WaitFor(thread, out int signal))
        {
            case Outcome.Stopped:
                _signals[thread] = signal;
                break;
            case Outcome.Ended:
                _seized.Remove(thread);
                break;
            default:
                throw new InputException($"{_name}: thread {thread} did not stop within {Patience.TotalSeconds:F0} s (it waits in the kernel, state '{State(thread)}'). Nothing was taken and the process goes on; try again, or use --method inspector.");
        }
    }

    private enum Outcome
    {
        Stopped,
        Ended,
        TooLong,
    }

    private static Outcome WaitFor(int thread, out int signal)
    {
        signal = 0;
        for (long since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < Patience;)
        {
            int status;
            int got = LinuxCalls.WaitPid(thread, &status, LinuxCalls.WaitAll | LinuxCalls.WaitNoHang);
            if (got < 0) return Outcome.Ended;
            if (got == 0)
            {
                if (Stopwatch.GetElapsedTime(since) > Notice && IsStopped(thread, out signal)) return Outcome.Stopped;
                Thread.Sleep(0);
                continue;
            }

            if ((status & 0xFF) != 0x7F) return Outcome.Ended;

            // Our own stop, or a signal that came first, which it gets when it goes on.
            if (status >> 16 != StopEvent) signal = status >> 8 & 0xFF;
            return Outcome.Stopped;
        }

        return Outcome.TooLong;
    }

    /// <summary>Whether a thread stands still although nobody said so: other code of this program may have waited for any process, and been told.</summary>
    private static bool IsStopped(int thread, out int signal)
    {
        Span<int> info = stackalloc int[32];
        info.Clear();
        fixed (int* data = info)
        {
            // It fails while the thread runs.
            bool isStopped = LinuxCalls.PTrace(LinuxCalls.GetSignal, thread, null, data) == 0;
            signal = isStopped && info[2] >> 8 != StopEvent ? info[0] : 0;
            return isStopped;
        }
    }

    private string State(int thread) => ProcText.Value(_proc.Text(Pid, $"task/{thread}/status") ?? "", "State").ToString();

    private InputException Gone() => new($"{_name}: has ended while it was looked at. Nothing was written.");

    private InputException Refused(int error)
    {
        if (ProcessStatus.Read(_proc, Pid) is not { IsZombie: false } process) return Gone();
        if (ProcText.First(ProcText.Value(_proc.Text(Pid, "status") ?? "", "TracerPid")) is > 0 and var tracer)
            return new InputException($"{_name}: is being traced by process {tracer} (a debugger, strace or perf trace), and the kernel allows one at a time. It was not stopped; end that, or use --method inspector.");
        string reason = ProcessAccess.Of(_proc, process).Reason ?? Marshal.GetPInvokeErrorMessage(error);
        return new InputException($"{_name}: may not be stopped: {reason}. It was not touched; --method inspector needs no such right.");
    }
}
