using Holdfast.Cli.Shell;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Cli;

/// <summary>What is kept of what was typed.</summary>
public sealed class HistoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_are_there_in_the_next_run()
    {
        string file = _folder.File("a/b/history");
        History first = Open(file);
        foreach (string line in new[] { "one", "one", " secret", "", "two  ", "three 日本" }) first.Add(line);
        Assert.Equal(["one", "two", "three 日本"], first.Lines);
        Assert.Equal(first.Lines, Open(file).Lines);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Nobody_else_may_read_them()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix file modes are needed: run this on Linux or macOS.");
        string file = _folder.File("state/history"), old = _folder.Write("old", "find x\n"u8);
        Open(file).Add("find secret");
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(file)!));
        File.SetUnixFileMode(old, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Open(old);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(old));
    }

    [Fact]
    public void A_long_file_is_cut_to_its_last_lines()
    {
        string file = _folder.File("history");
        File.WriteAllLines(file, Enumerable.Range(0, 3 * History.MostLines).Select(i => $"line {i}"));
        Assert.Equal(History.MostLines, Open(file).Lines.Count);
        string[] left = File.ReadAllLines(file);
        Assert.Equal((History.MostLines, "line 2999"), (left.Length, left[^1]));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public void Where_nothing_can_be_kept_the_run_has_its_own()
    {
        History history = Open(Path.Combine(_folder.Write("file", "x"u8), "history"));
        history.Add("one");
        history.Add("two");
        Assert.Equal(["one", "two"], history.Lines);
        Assert.Single(_warnings);
        Assert.Equal(["one"], AddedTo(Open(null), "one").Lines);
    }

    [Theory]
    [InlineData("HOME=/h", "/h/.local/state/holdfast/history")]
    [InlineData("HOME=/h XDG_STATE_HOME=/s", "/s/holdfast/history")]
    [InlineData("HOME=/h XDG_STATE_HOME=relative", "/h/.local/state/holdfast/history")]
    [InlineData("HOME=/h HOLDFAST_HISTORY=/x/y", "/x/y")]
    [InlineData("HOME=/h HOLDFAST_HISTORY=off", null)]
    [InlineData("HOME=/h HOLDFAST_HISTORY=", null)]
    [InlineData("", null)]
    public void The_environment_says_where(string environment, string? file)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(v => v.Split('=')).ToDictionary(v => v[0], v => v[1]);
        Assert.Equal(file, History.DefaultFile(variables.GetValueOrDefault));
    }

    private static History AddedTo(History history, string line)
    {
        history.Add(line);
        return history;
    }

    private History Open(string? file) => new(file, _warnings.Add);
}
