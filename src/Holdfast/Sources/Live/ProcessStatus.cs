using System.Globalization;

namespace Holdfast.Sources.Live;

/// <summary>What <c>/proc/N/status</c> says of a process; sizes in bytes. Anyone may read it.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="Name">The name of its main thread, of at most 15 characters.</param>
/// <param name="State">R, S, D, T, t, Z, X.</param>
/// <param name="Uid">The user it acts as (effective).</param>
/// <param name="Threads">How many threads it has.</param>
/// <param name="Rss">Resident memory; 0 of a zombie.</param>
/// <param name="RssAnonymous">What of it is of no file.</param>
/// <param name="RssFile">What of it is of files.</param>
/// <param name="RssShared">What of it is shared memory.</param>
/// <param name="VirtualSize">Addresses in use.</param>
/// <param name="Swap">What was moved out.</param>
/// <param name="PeakRss">The most that was ever resident.</param>
/// <param name="CaughtSignals">A bit for each signal it has a handler for, the lowest for signal 1.</param>
public sealed record ProcessStatus(
    int Pid, string Name, char State, long Uid, int Threads, long Rss, long RssAnonymous, long RssFile, long RssShared, long VirtualSize, long Swap, long PeakRss, ulong CaughtSignals)
{
    private const int UserSignal1 = 10;

    /// <summary>Whether it has ended and only its parent has not noticed.</summary>
    public bool IsZombie => State is 'Z' or 'X';

    /// <summary>Whether a signal or a debugger holds it.</summary>
    public bool IsStopped => State is 'T' or 't';

    /// <summary>Whether SIGUSR1 would not end it: it has a handler. Node's own, which opens the inspector, is one; so is a program's.</summary>
    public bool HandlesUserSignal1 => (CaughtSignals & (1UL << (UserSignal1 - 1))) != 0;

    public static ProcessStatus? Read(ProcFolder proc, int pid) => proc.Text(pid, "status") is { } text ? Parse(text) : null;

    /// <summary>Reads the file's text; null where it is no such file.</summary>
    public static ProcessStatus? Parse(string text)
    {
        ReadOnlySpan<char> state = ProcText.Value(text, "State");
        if (ProcText.Number(text, "Pid") is not { } pid || state.IsEmpty) return null;
        _ = ulong.TryParse(ProcText.Value(text, "SigCgt"), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong caught);
        return new ProcessStatus(
            (int)pid, ProcText.Value(text, "Name").ToString(), state[0], Effective(ProcText.Value(text, "Uid")), (int)(ProcText.Number(text, "Threads") ?? 1),
            ProcText.Bytes(text, "VmRSS") ?? 0, ProcText.Bytes(text, "RssAnon") ?? 0, ProcText.Bytes(text, "RssFile") ?? 0, ProcText.Bytes(text, "RssShmem") ?? 0,
            ProcText.Bytes(text, "VmSize") ?? 0, ProcText.Bytes(text, "VmSwap") ?? 0, ProcText.Bytes(text, "VmHWM") ?? 0, caught);
    }

    /// <summary>The second of real, effective, saved and file system user.</summary>
    private static long Effective(ReadOnlySpan<char> users)
    {
        int tab = users.IndexOfAny('\t', ' ');
        return ProcText.First(tab < 0 ? users : users[(tab + 1)..].TrimStart()) ?? -1;
    }
}
