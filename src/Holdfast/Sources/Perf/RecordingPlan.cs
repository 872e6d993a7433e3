using System.Globalization;
using Holdfast.Common;

namespace Holdfast.Sources.Perf;

/// <summary>What is recorded of a process, and what will be missing from it.</summary>
/// <param name="Process">Its id.</param>
/// <param name="Event">In perf's words.</param>
/// <param name="Period">One sample for so many events.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="CallGraph">fp or dwarf.</param>
/// <param name="Missing">What will be missing, each with what to do.</param>
public sealed record RecordingPlan(int Process, string Event, long Period, long Seconds, string CallGraph, IReadOnlyList<string> Missing)
{
    private const string NameFlags = "--perf-basic-prof", FrameFlags = "--interpreted-frames-native-stack";

    /// <summary>Looks at a process before it is recorded.</summary>
    /// <param name="process">Its id.</param>
    /// <param name="name">page-faults, minor-faults, major-faults, brk, mmap, or any event of perf.</param>
    /// <param name="period">One sample for so many events, or 0 for what suits the event.</param>
    /// <param name="seconds">For how long.</param>
    /// <param name="callGraph">fp or dwarf.</param>
    /// <exception cref="InputException">There is no such process.</exception>
    public static RecordingPlan Make(int process, string name, long period, long seconds, string callGraph)
    {
        if (!OperatingSystem.IsLinux()) throw new InputException("flame record needs perf, which is there on Linux only. On others take a .heapprofile (node --heap-prof) and give it to flame.");
        if (!Directory.Exists($"/proc/{process}")) throw new InputException($"pid:{process}: there is no such process.");
        if (seconds is < 1 or > 86_400) throw new InputException($"--duration {seconds}: expected 1 to 86400 seconds.");
        string ofPerf = name switch { "brk" => "syscalls:sys_enter_brk", "mmap" => "syscalls:sys_enter_mmap", _ => name };
        if (ofPerf.StartsWith('-')) throw new InputException($"--event {name}: expected the name of an event, such as page-faults.");
        long every = period > 0 ? period : ofPerf is "page-faults" or "minor-faults" or "faults" ? 16 : 1;
        string line = Read($"/proc/{process}/cmdline"), options = Read($"/proc/{process}/environ").Split('\0').FirstOrDefault(v => v.StartsWith("NODE_OPTIONS=", StringComparison.Ordinal)) ?? "";
        string flags = $" {line.Replace('\0', ' ')} {options} ".Replace('_', '-');
        bool hasNames = line.Length == 0 || flags.Contains(NameFlags, StringComparison.Ordinal) || flags.Contains("--perf-prof", StringComparison.Ordinal);
        return new RecordingPlan(process, ofPerf, every, seconds, callGraph, [.. FindMissing(process, flags, line.Length > 0, hasNames)]) { HasNames = hasNames };
    }

    /// <summary>Whether the process writes the names of its code for perf; where that cannot be seen it counts as such.</summary>
    public bool HasNames { get; init; }

    /// <summary>What perf is started with.</summary>
    public IEnumerable<string> Arguments(string file) =>
    [
        "record", "-q", "-B", "-e", Event, "-c", Period.ToString(CultureInfo.InvariantCulture), "--call-graph", CallGraph,
        "-p", Process.ToString(CultureInfo.InvariantCulture), "-o", file, "--", "sleep", Seconds.ToString(CultureInfo.InvariantCulture),
    ];

    private static IEnumerable<string> FindMissing(int process, string flags, bool isReadable, bool hasNames)
    {
        if (!isReadable)
        {
            yield return $"the command line of process {process} cannot be read: run as the same user or as root, or names may be missing.";
        }
        else if (!hasNames)
        {
            yield return $"functions of JavaScript will have no names: the process runs without {NameFlags}. Start it with: node {NameFlags} {FrameFlags} …";
        }
        else if (!flags.Contains(FrameFlags, StringComparison.Ordinal))
        {
            yield return $"functions that V8 interprets will be missing: the process runs without {FrameFlags}. Start it with: node {NameFlags} {FrameFlags} …";
        }

        if (Read($"/proc/{process}/status").Split('\n').FirstOrDefault(l => l.StartsWith("NSpid:", StringComparison.Ordinal))?.Split('\t', StringSplitOptions.RemoveEmptyEntries) is { Length: > 2 } ids)
            yield return $"the process runs in a container, where it is {ids[^1]}: perf looks for its names in the container's /tmp/perf-{ids[^1]}.map, which it can only with the right to enter it (root).";
        if (!Environment.IsPrivilegedProcess && int.TryParse(Read("/proc/sys/kernel/perf_event_paranoid").Trim(), out int paranoid) && paranoid > 1)
            yield return $"perf may not be permitted: kernel.perf_event_paranoid is {paranoid}. Run as root, or: sysctl kernel.perf_event_paranoid=1";
    }

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
