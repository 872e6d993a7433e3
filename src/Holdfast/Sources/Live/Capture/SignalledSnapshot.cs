using System.Diagnostics;
using System.Runtime.InteropServices;
using Holdfast.Common;

namespace Holdfast.Sources.Live.Capture;

/// <summary>A snapshot that a process writes on a signal, which it was started to do so with <c>--heapsnapshot-signal</c>.</summary>
internal static class SignalledSnapshot
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);

    private static readonly Dictionary<string, int> Signals = new(StringComparer.OrdinalIgnoreCase)
    {
        ["SIGHUP"] = 1,
        ["SIGINT"] = 2,
        ["SIGQUIT"] = 3,
        ["SIGUSR1"] = 10,
        ["SIGUSR2"] = 12,
        ["SIGPIPE"] = 13,
        ["SIGALRM"] = 14,
        ["SIGTERM"] = 15,
        ["SIGWINCH"] = 28,
        ["SIGIO"] = 29,
    };

    /// <summary>Sends the signal, and waits for the file and its end; gives its path.</summary>
    /// <exception cref="InputException">The process does not write one, or ends meanwhile.</exception>
    public static string Take(ProcFolder proc, NodeProcess process, string name, Work work)
    {
        int signal = SignalOf(process, name);
        string folder = FolderOf(proc, process);
        var before = Files(folder, process.Pid, name).ToHashSet(StringComparer.Ordinal);
        if (LinuxCalls.Kill(process.Pid, signal) != 0)
            throw new InputException($"{name}: cannot be sent a signal: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        bool IsAlive() => ProcessStatus.Read(proc, process.Pid) is { IsZombie: false };
        for (var waited = Stopwatch.StartNew(); ;)
        {
            if (Files(folder, process.Pid, name).FirstOrDefault(f => !before.Contains(f)) is { } file)
            {
                GrowingFile.WaitForEnd(file, IsAlive, name, work);
                return file;
            }

            if (!IsAlive()) throw new InputException($"{name}: has ended after the signal.");
            if (waited.Elapsed > Patience)
                throw new InputException($"{name}: wrote no snapshot to {folder} within {Patience.TotalSeconds:F0} s. Its event loop may be blocked, or the folder not writable; --method memory needs neither.");
            work.Report("waiting for the process to begin");
            work.Wait(BetweenLooks);
        }
    }

    private static int SignalOf(NodeProcess process, string name)
    {
        if (process.Arguments.SnapshotSignal is not { } wanted)
            throw new InputException($"{name}: was not started with --heapsnapshot-signal, so a signal would end it. Nothing was sent. Start it with --heapsnapshot-signal=SIGUSR2, or use another --method.");
        if (!Signals.TryGetValue(wanted, out int signal))
            throw new InputException($"{name}: was started with --heapsnapshot-signal={wanted}; expected one of {string.Join(", ", Signals.Keys)}. Nothing was sent.");
        return (process.Status.CaughtSignals & (1UL << (signal - 1))) != 0 ? signal
            : throw new InputException($"{name}: has no handler for {wanted} (yet), which would end it. Nothing was sent; try again when it has started.");
    }

    /// <summary>Where it writes: its working folder, or what it was started with.</summary>
    private static string FolderOf(ProcFolder proc, NodeProcess process)
    {
        const string Option = "--diagnostic-dir";
        string cwd = proc.PathOf(process.Pid, "cwd");
        for (int i = 1; i < process.CommandLine.Count; i++)
        {
            string word = process.CommandLine[i];
            if (word == Option && i + 1 < process.CommandLine.Count) return Path.Combine(cwd, process.CommandLine[i + 1]);
            if (word.StartsWith(Option + "=", StringComparison.Ordinal)) return Path.Combine(cwd, word[(Option.Length + 1)..]);
        }

        return cwd;
    }

    private static IEnumerable<string> Files(string folder, int pid, string name)
    {
        try
        {
            return Directory.GetFiles(folder, $"Heap.*.{pid}.*.heapsnapshot");
        }
        catch (Exception e) when (ProcFolder.IsGone(e))
        {
            throw new InputException($"{name}: {folder} cannot be read: {e.Message}", e);
        }
    }
}
