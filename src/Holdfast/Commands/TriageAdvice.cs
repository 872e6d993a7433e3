using Holdfast.Analyses.Residency;
using Holdfast.Sources.Live;

namespace Holdfast.Commands;

/// <summary>What to make of where memory is: words, and the next command.</summary>
internal static class TriageAdvice
{
    public static string Name(ResidencyVerdict verdict) => verdict switch
    {
        ResidencyVerdict.JsHeap => "js_heap",
        ResidencyVerdict.ExternalBuffers => "external_buffers",
        ResidencyVerdict.Native => "native",
        ResidencyVerdict.Fragmentation => "fragmentation",
        ResidencyVerdict.OtherMemory => "other_memory",
        _ => "not_growing",
    };

    /// <summary>In a heading.</summary>
    public static string Title(string verdict) => verdict switch
    {
        "js_heap" => "JS HEAP",
        "external_buffers" => "EXTERNAL BUFFERS",
        "native" => "NATIVE",
        "fragmentation" => "FRAGMENTATION",
        "other_memory" => "OTHER MEMORY",
        _ => "NOT GROWING",
    };

    public static string Explain(ResidencyReport report)
    {
        string what = report.RssGrowth is null ? "Most of what a program can do something about is" : "What grew most is";
        string found = report.Verdict switch
        {
            ResidencyVerdict.JsHeap => $"{what} objects of JavaScript. Whether they leak, snapshots tell: which grow, and who holds them.",
            ResidencyVerdict.ExternalBuffers => $"{what} memory that objects of JavaScript hold outside V8's heap: Buffers, array buffers, external strings. They go when the objects that hold them go, so look for those.",
            ResidencyVerdict.Native => $"{what} memory of native code: add-ons, libraries, Node and V8 themselves. Snapshots of V8 do not show it; stacks of where it is taken do.",
            ResidencyVerdict.Fragmentation => $"{what} free memory that is still resident: freed blocks of malloc between used ones, free parts of V8's pages. Nothing leaks there; fewer arenas or another malloc keep less.",
            ResidencyVerdict.OtherMemory => $"{what} neither a heap nor malloc's: files that are mapped, shared memory, stacks.",
            _ => "Nothing grew between the two looks by as much as matters. A leak that is slower needs a longer watch.",
        };
        return report.IsExternalKnown ? found : found + " Buffers could not be told from native memory: this version of V8 is not known.";
    }

    /// <param name="report">What was found.</param>
    /// <param name="target">As it was typed.</param>
    /// <param name="hasCommand">Whether this build has a command.</param>
    public static string Next(ResidencyReport report, string target, Predicate<string> hasCommand)
    {
        if (!LiveTarget.IsOne(target)) return NextOfCore(report.Verdict, target);
        string pid = target[(target.IndexOf(':') + 1)..];
        return report.Verdict switch
        {
            ResidencyVerdict.NotGrowing => $"holdfast watch {target} --for 10m",
            ResidencyVerdict.JsHeap or ResidencyVerdict.ExternalBuffers when report.RssGrowth is null => $"holdfast triage {target} --every 30s",
            ResidencyVerdict.JsHeap or ResidencyVerdict.ExternalBuffers => hasCommand("capture")
                ? $"holdfast capture {target} -o captured --count 3 --every 1m --then leaks"
                : $"gcore -o before {pid}; sleep 60; gcore -o between {pid}; sleep 60; gcore -o after {pid}; holdfast leaks before.{pid} between.{pid} after.{pid}",
            ResidencyVerdict.Native => $"perf record -e page-faults --call-graph dwarf -p {pid} -- sleep 30 && perf script" + (hasCommand("flame") ? " | holdfast flame -" : " | less"),
            ResidencyVerdict.Fragmentation => "MALLOC_ARENA_MAX=2 node … (start it again with this, or with LD_PRELOAD=libjemalloc.so.2, and look again)",
            _ => $"less /proc/{pid}/smaps",
        };
    }

    private static string NextOfCore(ResidencyVerdict verdict, string core) => verdict switch
    {
        ResidencyVerdict.ExternalBuffers => $"holdfast retainers {core} ArrayBuffer",
        ResidencyVerdict.Native or ResidencyVerdict.OtherMemory => $"holdfast bt {core}",
        _ => $"holdfast leaks {core}",
    };
}
