using System.Globalization;
using System.Text;
using Holdfast.Common;

namespace Holdfast.Sources.Live;

/// <summary>
/// What the kernel says of processes, by file: <c>/proc</c>, or where it is mounted or was copied to. Nothing here does anything to a
/// process: files are read. A process can end at any moment, so that what is not there reads as nothing.
/// </summary>
/// <param name="root">The folder.</param>
/// <param name="mostEntries">Processes, threads or files that are listed.</param>
/// <param name="mostBytes">Bytes of a file that are read.</param>
public sealed class ProcFolder(string root = ProcFolder.Usual, int mostEntries = Limits.MaxProcEntries, int mostBytes = Limits.MaxProcFileBytes)
{
    public const string Usual = "/proc";

    public string Root => root;

    /// <summary>Whether it is this machine's own, so that its processes can be asked and not only looked up.</summary>
    public bool IsLive => root == Usual;

    /// <summary>The ids of all processes, in order.</summary>
    /// <exception cref="InputException">There is no such folder.</exception>
    public IReadOnlyList<int> Ids()
    {
        try
        {
            return [.. Numbers(root).Take(mostEntries).Order()];
        }
        catch (Exception e) when (IsGone(e))
        {
            throw new InputException($"{root}: cannot be listed: {e.Message}. Processes are read from /proc, which only Linux has; --proc names another place it is mounted at.", e);
        }
    }

    /// <summary>The ids of a process's threads, in order; none where it is gone.</summary>
    public IReadOnlyList<int> ThreadIds(int pid)
    {
        try
        {
            return [.. Numbers(PathOf(pid, "task")).Take(mostEntries).Order()];
        }
        catch (Exception e) when (IsGone(e))
        {
            return [];
        }
    }

    /// <summary>The path of a process's file: <c>status</c>, <c>task/12/comm</c>.</summary>
    public string PathOf(int pid, string file) => Path.Combine(root, pid.ToString(CultureInfo.InvariantCulture), file);

    /// <summary>A process's file; null where it is gone, or closed to this user.</summary>
    public string? Text(int pid, string file) => TextOf(PathOf(pid, file), mostBytes);

    /// <summary>A file that is of no process: <c>meminfo</c>.</summary>
    public string? Text(string file) => TextOf(Path.Combine(root, file), mostBytes);

    /// <summary>Where a link of a process leads (<c>exe</c>, <c>cwd</c>, <c>fd/3</c>); null where that cannot be seen.</summary>
    public string? Link(int pid, string file)
    {
        try
        {
            return new FileInfo(PathOf(pid, file)).LinkTarget;
        }
        catch (Exception e) when (IsGone(e))
        {
            return null;
        }
    }

    /// <summary>Where each open file of a process leads, by its number; null where that may not be seen.</summary>
    public IReadOnlyList<string>? OpenFiles(int pid)
    {
        try
        {
            return [.. Numbers(PathOf(pid, "fd"), links: true).Take(mostEntries).Select(n => Link(pid, $"fd/{n}") ?? "?")];
        }
        catch (Exception e) when (IsGone(e))
        {
            return null;
        }
    }

    /// <summary>How many files a process has open; null where that may not be seen.</summary>
    public int? CountOpenFiles(int pid)
    {
        try
        {
            return Numbers(PathOf(pid, "fd"), links: true).Take(mostEntries).Count();
        }
        catch (Exception e) when (IsGone(e))
        {
            return null;
        }
    }

    /// <summary>Strings that each end with a zero: <c>cmdline</c>, <c>environ</c>.</summary>
    public IReadOnlyList<string> Strings(int pid, string file) => Text(pid, file)?.TrimEnd('\0') is { Length: > 0 } text ? text.Split('\0') : [];

    internal static bool IsGone(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException;

    private static IEnumerable<int> Numbers(string folder, bool links = false)
    {
        foreach (string path in links ? Directory.EnumerateFileSystemEntries(folder) : Directory.EnumerateDirectories(folder))
        {
            if (int.TryParse(Path.GetFileName(path.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out int number)) yield return number;
        }
    }

    internal static string? TextOf(string path, int most = Limits.MaxProcFileBytes)
    {
        try
        {
            // The kernel says that these files have no length.
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var bytes = new byte[16 << 10];
            int length = 0;
            for (int read; length < most && (read = file.Read(bytes, length, Math.Min(bytes.Length, most) - length)) > 0;)
            {
                length += read;
                if (length == bytes.Length) Array.Resize(ref bytes, bytes.Length * 2);
            }

            return Encoding.UTF8.GetString(bytes, 0, length);
        }
        catch (Exception e) when (IsGone(e))
        {
            return null;
        }
    }
}
