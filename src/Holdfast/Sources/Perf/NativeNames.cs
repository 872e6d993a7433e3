using Holdfast.Model;

namespace Holdfast.Sources.Perf;

/// <summary>What names of symbols and modules say.</summary>
internal static class NativeNames
{
    private static readonly byte[][] BuiltinPrefixes =
        [.. "Builtins_ Builtin: BytecodeHandler: Handler: Stub: RegExp: LoadIC: StoreIC: KeyedLoadIC: KeyedStoreIC:".Split(' ').Select(System.Text.Encoding.ASCII.GetBytes)];

    /// <summary>In the names of what V8 and its C++ heap do to collect garbage. Source: V8's src/heap, of 11.3 to 14.</summary>
    private static readonly byte[][] CollectorParts =
        [.. ("Scavenge MarkCompact ConcurrentMarking Sweeper CollectGarbage PerformGarbageCollection Evacuat MarkingVisitor MinorMark MinorGC IncrementalMarking "
            + "cppgc::internal:: GlobalHandles::Iterate RootScavengeVisitor PromotedObject WeakListVisitor ArrayBufferSweeper").Split(' ').Select(System.Text.Encoding.ASCII.GetBytes)];

    public static FrameKind KindOf(ReadOnlySpan<byte> symbol, ReadOnlySpan<byte> module, bool isUnknown)
    {
        if (IsKernel(module)) return FrameKind.Kernel;
        if (isUnknown) return FrameKind.Unknown;
        foreach (byte[] prefix in BuiltinPrefixes)
        {
            if (symbol.StartsWith(prefix)) return FrameKind.Builtin;
        }

        if (ScriptName.PrefixLength(symbol) > 0) return FrameKind.JavaScript;
        foreach (byte[] part in CollectorParts)
        {
            if (symbol.IndexOf(part) >= 0) return FrameKind.Collector;
        }

        return FrameKind.Native;
    }

    /// <summary>Whether code is the kernel's or a module's of it.</summary>
    public static bool IsKernel(ReadOnlySpan<byte> module)
    {
        if (module.EndsWith("vmlinux"u8) || module.EndsWith(".ko"u8)) return true;
        if (module is not [(byte)'[', .., (byte)']']) return false;
        return !module.SequenceEqual("[unknown]"u8) && !module.SequenceEqual("[vdso]"u8) && !module.SequenceEqual("[heap]"u8)
            && !module.StartsWith("[stack"u8) && !module.StartsWith("[anon"u8);
    }

    /// <summary>The same as the script sees it.</summary>
    public static bool IsMarkedKernel(ReadOnlySpan<byte> module) =>
        (module is [(byte)'[', ..] || module.EndsWith("vmlinux"u8)) && module.IndexOf("unknown"u8) < 0;

    /// <summary>Whether it has <c>/tmp/perf-N.map</c>: code made at run time.</summary>
    public static bool IsPerfMap(ReadOnlySpan<byte> module)
    {
        for (int at = module.IndexOf("/tmp/perf-"u8); at >= 0;)
        {
            ReadOnlySpan<byte> rest = module[(at + 10)..];
            int digits = 0;
            while (digits < rest.Length && PerfLine.IsDigit(rest[digits])) digits++;
            if (digits > 0 && rest[digits..].StartsWith(".map"u8)) return true;
            int next = rest.IndexOf("/tmp/perf-"u8);
            if (next < 0) return false;
            at += 10 + next;
        }

        return false;
    }

    /// <summary>Go's methods have a type in parentheses: <c>net/http.(*Client).Do</c>.</summary>
    public static bool IsGoMethod(ReadOnlySpan<byte> name)
    {
        int open = name.IndexOf(".("u8);
        return open >= 0 && name[(open + 2)..].IndexOf(")."u8) >= 0;
    }

    /// <summary>Where arguments begin: the first parenthesis that does not open <c>(anonymous namespace)</c>, or the end.</summary>
    public static int ArgumentsAt(ReadOnlySpan<byte> name)
    {
        for (int at = 0; at < name.Length; at++)
        {
            int open = name[at..].IndexOf((byte)'(');
            if (open < 0) break;
            at += open;
            if (!name[(at + 1)..].StartsWith("anonymous namespace)"u8)) return at;
        }

        return name.Length;
    }
}
