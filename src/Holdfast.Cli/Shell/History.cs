using System.Text;

namespace Holdfast.Cli.Shell;

/// <summary>
/// Lines typed before, in this run and earlier ones. They may hold what is secret: the file is its owner's only, a line that begins
/// with a blank is not kept, and HOLDFAST_HISTORY names another file or, set to <c>off</c>, none.
/// </summary>
internal sealed class History
{
    /// <summary>Lines that are kept; a file with twice as many is cut to these.</summary>
    public const int MostLines = 1000;

    public const string Variable = "HOLDFAST_HISTORY";

    private readonly List<string> _lines = [];
    private readonly Action<string> _warn;
    private string? _file;

    /// <param name="file">Where lines are kept, or null for this run only.</param>
    /// <param name="warn">Told once where they cannot be.</param>
    public History(string? file, Action<string> warn)
    {
        _file = file;
        _warn = warn;
        Try(Load);
    }

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Where the environment says it is: below XDG_STATE_HOME, or <c>~/.local/state</c>.</summary>
    public static string? DefaultFile(Func<string, string?> environment)
    {
        if (environment(Variable) is { } chosen) return chosen is "" or "off" or "0" ? null : chosen;
        string? state = environment("XDG_STATE_HOME");
        if (string.IsNullOrEmpty(state) || !Path.IsPathRooted(state))
        {
            if (environment("HOME") is not { Length: > 0 } home) return null;
            state = Path.Combine(home, ".local", "state");
        }

        return Path.Combine(state, "holdfast", "history");
    }

    public void Add(string line)
    {
        if (line.Length == 0 || char.IsWhiteSpace(line[0])) return;
        line = line.TrimEnd();
        if (_lines.Count > 0 && _lines[^1] == line) return;
        _lines.Add(line);
        Try(() => Write(_file!, FileMode.Append, [line]));
    }

    private void Load()
    {
        if (!File.Exists(_file)) return;
        Protect(_file);
        string[] lines = File.ReadAllLines(_file, Encoding.UTF8);
        _lines.AddRange(lines.TakeLast(MostLines).Where(l => l.Length > 0));
        if (lines.Length <= 2 * MostLines) return;
        string shorter = _file + ".new";
        File.Delete(shorter);
        Write(shorter, FileMode.CreateNew, _lines);
        File.Move(shorter, _file, overwrite: true);
    }

    private static void Write(string file, FileMode mode, IEnumerable<string> lines)
    {
        string? folder = Path.GetDirectoryName(Path.GetFullPath(file));
        if (folder is not null && !Directory.Exists(folder))
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.ReadWrite };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(file, options);

        // In one piece: another shell may be writing, too.
        stream.Write(Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n"))));
    }

    private static void Protect(string file)
    {
        if (OperatingSystem.IsWindows()) return;
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if ((File.GetUnixFileMode(file) & ~Owner) != 0) File.SetUnixFileMode(file, Owner);
    }

    private void Try(Action work)
    {
        if (_file is null) return;
        try
        {
            work();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            _warn($"{_file}: no history is kept: {e.Message}. {Variable} names another file, or is off.");
            _file = null;
        }
    }
}
