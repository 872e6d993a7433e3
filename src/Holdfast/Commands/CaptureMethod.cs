using System.Globalization;
using System.Text;

namespace Holdfast.Commands;

/// <summary>A way to take what is in a process's memory.</summary>
internal abstract class CaptureMethod
{
    /// <summary>What <c>--method</c> calls it.</summary>
    public abstract string Name { get; }

    /// <summary>Takes it once.</summary>
    /// <param name="folder">Where the files go.</param>
    /// <param name="context">Progress, warnings and cancellation.</param>
    public abstract IReadOnlyList<CapturedFileRecord> Take(string folder, CommandContext context);

    /// <summary>The process's resident memory now, where that can be seen.</summary>
    public virtual long? Resident() => null;

    /// <summary>A name for a file: <c>HOST-PID-THREAD-TIME.ENDING</c>, with nothing in it that a shell or a file system minds.</summary>
    protected static string FileName(string host, int? pid, string thread, DateTimeOffset time, string ending)
    {
        var name = new StringBuilder();
        foreach (char c in $"{host}-{pid?.ToString(CultureInfo.InvariantCulture) ?? "process"}-{thread}")
            name.Append(char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_');
        if (name[0] is '-' or '.') name.Insert(0, '_');
        return string.Create(CultureInfo.InvariantCulture, $"{name}-{time.UtcDateTime:yyyyMMdd'T'HHmmss.fff'Z'}.{ending}");
    }
}
