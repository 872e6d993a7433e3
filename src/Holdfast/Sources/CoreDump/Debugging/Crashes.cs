using Holdfast.Model.Debugging;
using Holdfast.Sources.CoreDump.Elf;

namespace Holdfast.Sources.CoreDump.Debugging;

/// <summary>What ended a process: the signal, and what V8 and Node call when they give up.</summary>
internal static class Crashes
{
    /// <summary>Functions by a part of their names, with what it means that they were called; the first that fits.</summary>
    private static readonly (string Part, string Meaning)[] Known =
    [
        ("FatalProcessOutOfMemory", "V8 ran out of memory for the heap"),
        ("OOMErrorHandler", "V8 ran out of memory for the heap"),
        ("HeapLimitReached", "V8 ran out of memory for the heap"),
        ("OnFatalError", "V8 found a fatal error"),
        ("V8_Fatal", "a check of V8's own failed"),
        ("TriggerUncaughtException", "an exception that nothing caught"),
        ("Isolate::Throw", "an exception that nothing caught, with --abort-on-uncaught-exception"),
        ("node::Assert", "a check of Node's own failed"),
        ("node::Abort", "process.abort(), or Node gave up"),
        ("abort", "the program called abort()"),
    ];

    public static bool IsCrash(CoreNotes notes) => Signals.IsCrash(SignalOf(notes));

    public static CrashReason? Read(CoreNotes notes, ThreadStack thread)
    {
        int signal = SignalOf(notes);
        if (signal == 0) return null;
        bool isCrash = Signals.IsCrash(signal);
        string text = Signals.Meaning(signal);
        if (isCrash)
        {
            foreach ((string part, string meaning) in Known)
            {
                if (!thread.Frames.Any(f => f.Kind == FrameKind.Native && f.Name.Contains(part, StringComparison.Ordinal))) continue;
                text = meaning;
                break;
            }
        }

        bool hasAddress = Signals.HasAddress(signal) && notes.SignalCode > 0;
        return new CrashReason(Signals.Name(signal), signal, text, hasAddress ? notes.SignalAddress : null, isCrash);
    }

    private static int SignalOf(CoreNotes notes) => notes.Signal != 0 ? notes.Signal : notes.Threads.Count > 0 ? notes.Threads[0].Signal : 0;
}

/// <summary>Signals of Linux. Source: signal(7).</summary>
internal static class Signals
{
    public static string Name(int signal) => signal switch
    {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        4 => "SIGILL",
        5 => "SIGTRAP",
        6 => "SIGABRT",
        7 => "SIGBUS",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        15 => "SIGTERM",
        19 => "SIGSTOP",
        24 => "SIGXCPU",
        25 => "SIGXFSZ",
        31 => "SIGSYS",
        _ => $"signal {signal}",
    };

    public static string Meaning(int signal) => signal switch
    {
        3 => "asked to quit with a core",
        4 => "an instruction that does not exist; V8 and Node end so where a check of theirs fails",
        5 => "a breakpoint; V8 ends so where a check of its own fails, and gcore stops a process so",
        6 => "abort()",
        7 => "memory that could not be read",
        8 => "arithmetic that cannot be",
        11 => "an address that is not the process's",
        31 => "a system call that is not allowed",
        _ => "stopped",
    };

    /// <summary>Whether it ends a process with a core, and gcore does not use it.</summary>
    public static bool IsCrash(int signal) => signal is 3 or 4 or 6 or 7 or 8 or 11 or 24 or 25 or 31;

    public static bool HasAddress(int signal) => signal is 4 or 7 or 8 or 11;
}
