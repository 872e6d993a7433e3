using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Cli;

/// <summary>The shell in a real terminal.</summary>
public sealed class ShellTerminalTests : IDisposable
{
    private const string Sample = "samples/leaky-t2.heapsnapshot.zst";

    private readonly TemporaryFolder _folder = new();

    public ShellTerminalTests() => TerminalProcess.SkipWithout("tmux");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Tab_completes_commands_options_classes_properties_and_objects_of_answers()
    {
        using TerminalProcess terminal = Open(Sample);
        terminal.Type("su").Press("Tab").WaitForLine("holdfast> summary");
        terminal.Type("--lim").Press("Tab").WaitForLine("holdfast> summary --limit").Press("C-u");
        terminal.Type("paths Sessi").Press("Tab").WaitForLine("holdfast> paths Session").Press("C-u");
        terminal.Type("find edge:userAg").Press("Tab").WaitForLine("holdfast> find edge:userAgent").Press("C-u");
        terminal.Type("find class:Session --limit 1").Press("Enter").WaitFor("649 more objects").WaitForPrompt();
        terminal.Type("inspect @").Press("Tab").WaitForLine("holdfast> inspect @149053").Press("C-u");
        terminal.Type("inspect $_ --limit 1").Press("Enter").WaitFor("leaky-server.js:36:14").WaitForPrompt();
    }

    [Fact]
    public void What_could_be_meant_is_listed()
    {
        using TerminalProcess terminal = Open(Sample);
        terminal.Type("dominators --").Press("Tab").WaitFor("--min-size").WaitForLine("holdfast> dominators --");
    }

    [Fact]
    public void History_is_kept_for_the_next_run_and_for_its_owner_only()
    {
        using (TerminalProcess first = Open(Sample))
        {
            first.Type("find class:Session --limit 1").Press("Enter").WaitFor("649 more").WaitForPrompt();
            first.Type(" find secret").Press("Enter").WaitFor("called").WaitForPrompt();
            first.Type("help history").Press("Enter").WaitFor("no such command").WaitForPrompt();
            first.Type("quit").Press("Enter").WaitFor("ENDED 0");
        }

        string file = _folder.File("state/history");
        Assert.Equal("find class:Session --limit 1\nhelp history\nquit\n", File.ReadAllText(file));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));

        using TerminalProcess second = Open(Sample);
        second.Press("Up", "Up").WaitForLine("holdfast> help history").Press("C-u").WaitForPrompt();
        second.Press("C-r").Type("class").WaitForLine("(search) 'class': find class:Session --limit 1");
        second.Press("Enter").WaitFor("649 more").WaitForPrompt();
        second.Press("C-d").WaitFor("ENDED 0");
    }

    [Fact]
    public void An_interrupt_gives_up_the_line_or_the_command_and_never_the_shell()
    {
        LargeSnapshot.Write(_folder.File("large.heapsnapshot"), 1_000_000);
        using TerminalProcess terminal = Open(_folder.File("large.heapsnapshot"));
        terminal.Type("find Nothing").Press("C-c").WaitFor("find Nothing^C").WaitForPrompt();

        // The progress says that it is at work, and has been for half a second.
        terminal.Type("strings --limit 1").Press("Enter").WaitFor("%").Press("C-c").WaitFor("holdfast: interrupted").WaitForPrompt();
        terminal.Type("find class:Holder --limit 2").Press("Enter").WaitFor("999,998 more").WaitForPrompt();
    }

    [Fact]
    public void A_program_that_was_piped_to_is_interrupted_alone()
    {
        using TerminalProcess terminal = Open(Sample);
        terminal.Type("find Session --limit 1 | sh -c \"echo at work; exec sleep 1000\"").Press("Enter").WaitForLine("at work").Press("C-c").WaitForPrompt();
        terminal.Type("quit").Press("Enter").WaitFor("ENDED 0");
    }

    [Fact]
    public void A_line_is_drawn_anew_where_the_terminal_changes_its_size()
    {
        using TerminalProcess terminal = Open(Sample, 80);
        string text = "find " + string.Join(' ', Enumerable.Range(10, 30));
        terminal.Type(text).WaitFor("38 39");
        foreach (int width in new[] { 50, 33, 100 })
        {
            terminal.Resize(width, 30).WaitUntil(s => Shown(s, width) == "holdfast> " + text, $"the line in {width} columns");
            terminal.Press("C-a", "X").WaitUntil(s => Shown(s, width) == "holdfast> X" + text, "what was typed at its beginning");
            terminal.Press("C-a", "C-d", "C-e").WaitUntil(s => Shown(s, width) == "holdfast> " + text, "the line as before");
        }

        terminal.Press("C-u").Type("find class:Session --limit 1").Press("Enter").WaitFor("649 more").WaitForPrompt();
    }

    [Fact]
    public void Wide_characters_and_pastes_are_edited_as_they_look()
    {
        using TerminalProcess terminal = Open(Sample, 40);
        terminal.Type("日本語😀é").WaitForLine("holdfast> 日本語😀é").Press("Left", "Left", "Left", "BSpace", "x").WaitForLine("holdfast> 日x語😀é").Press("C-e", "C-u").WaitForPrompt();
        terminal.Paste("find class:Session --limit 1\n# what it is\ninspect $1 | grep loc\n")
            .WaitUntil(s => Shown(s, 40) == "holdfast> find class:Session --limit 1; inspect $1 | grep loc", "what was pasted, in one line");
        terminal.Press("Enter").WaitFor("location  ").WaitFor("js:36:14").WaitForPrompt();
    }

    [Fact]
    public void A_hundred_thousand_rows_are_paged_and_may_be_left()
    {
        TerminalProcess.SkipWithout("less");
        LargeSnapshot.Write(_folder.File("large.heapsnapshot"), 200_000);
        using TerminalProcess terminal = Open(_folder.File("large.heapsnapshot"));
        terminal.Type("strings --limit 0").Press("Enter").WaitFor("100,000").WaitForLine(":");
        terminal.Press("q").WaitForPrompt();
        terminal.Type("strings --limit 0").Press("Enter").WaitForLine(":").Press("G").WaitForLine("(END)");
        Assert.Contains("text 99999", terminal.Screen, StringComparison.Ordinal);
        terminal.Press("q").WaitForPrompt();
        terminal.Type("strings --limit 0 | head 1").Press("Enter").WaitFor("strings compared").WaitForPrompt();
        Assert.DoesNotContain("holdfast: ", terminal.Screen, StringComparison.Ordinal);
        terminal.Press("C-l").Type("strings --limit 0 | grep -c ^").Press("Enter").WaitFor("100006").WaitForPrompt();
    }

    private TerminalProcess Open(string input, int width = 110)
    {
        var terminal = new TerminalProcess(_folder, width, 30, "shell", input);
        return terminal.WaitForPrompt();
    }

    /// <summary>The end of the screen from the last prompt, with the rows of a line put together.</summary>
    private static string Shown(string screen, int width)
    {
        string[] rows = screen.TrimEnd('\n').Split('\n');
        int first = Array.FindLastIndex(rows, r => r.StartsWith("holdfast>", StringComparison.Ordinal));
        return first < 0 ? "" : string.Concat(rows[first..^1].Select(r => r.PadRight(width))) + rows[^1];
    }
}
