using System.Globalization;

namespace Holdfast.Sources.Live;

/// <summary>What Holdfast may do with a process, found by trying what does nothing to it.</summary>
/// <param name="CanReadMemory">Whether its memory may be read: what ptrace would allow.</param>
/// <param name="CanSignal">Whether it may be sent a signal.</param>
/// <param name="Reason">Why its memory may not be read, and what to do; null where it may.</param>
public sealed record ProcessAccess(bool CanReadMemory, bool CanSignal, string? Reason)
{
    private const int CapabilityKill = 5;

    /// <summary>Opening <c>/proc/N/mem</c> asks the kernel what attaching with ptrace would (user, capabilities, Yama); nothing is read.</summary>
    public static ProcessAccess Of(ProcFolder proc, ProcessStatus process)
    {
        bool canSignal = proc.IsLive && CanSignalFrom(proc.Text("self/status") ?? "", process.Uid);
        try
        {
            using FileStream memory = ProcessMemory.OpenFile(proc, process.Pid);
            return new ProcessAccess(true, canSignal, null);
        }
        catch (Exception e) when (ProcFolder.IsGone(e))
        {
            return new ProcessAccess(false, canSignal, Explain(proc, process, e));
        }
    }

    internal static bool CanSignalFrom(string self, long uid)
    {
        _ = ulong.TryParse(ProcText.Value(self, "CapEff"), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong capabilities);
        return (capabilities & (1UL << CapabilityKill)) != 0 || ProcessStatus.Parse(self)?.Uid == uid;
    }

    private static string Explain(ProcFolder proc, ProcessStatus process, Exception e)
    {
        if (!proc.IsLive) return $"{proc.Root} has no memory of it";
        long own = ProcessStatus.Parse(proc.Text("self/status") ?? "")?.Uid ?? -1;
        if (own != process.Uid) return $"it is of user {process.Uid}: run as that user or as root";
        return proc.Text("sys/kernel/yama/ptrace_scope")?.Trim() switch
        {
            "1" => "Yama allows reading children only (kernel.yama.ptrace_scope is 1): run with CAP_SYS_PTRACE, as root, or set it to 0",
            "2" => "Yama allows it to CAP_SYS_PTRACE only (kernel.yama.ptrace_scope is 2): run as root",
            "3" => "Yama forbids it until the next boot (kernel.yama.ptrace_scope is 3): use the inspector",
            _ => $"the kernel refused: {e.Message} In a container give it CAP_SYS_PTRACE",
        };
    }
}
