namespace Holdfast.Sources.Live;

/// <summary>Tells a process from another that has its number later: the number and when it began, in the kernel's ticks since the machine did.</summary>
internal static class ProcessKey
{
    /// <summary>Field 22 of <c>/proc/N/stat</c> is when it began; the second, the name, may have blanks and brackets in it.</summary>
    private const int StartField = 22;

    /// <summary>Null where it is gone.</summary>
    public static string? Of(ProcFolder proc, int pid)
    {
        if (proc.Text(pid, "stat") is not { } text || text.LastIndexOf(')') is not (>= 0 and var end)) return null;
        string[] fields = text[(end + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > StartField - 3 ? $"{pid}-{fields[StartField - 3]}" : null;
    }
}
