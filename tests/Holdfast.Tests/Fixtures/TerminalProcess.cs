using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Holdfast.Tests.Fixtures;

/// <summary>Holdfast in a real terminal, which tmux is: keys go in, the screen comes out.</summary>
internal sealed class TerminalProcess : IDisposable
{
    /// <summary>Machines that test are slow and busy.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string _socket;

    /// <param name="folder">Of this test alone.</param>
    /// <param name="width">Columns.</param>
    /// <param name="height">Rows.</param>
    /// <param name="arguments">What is typed after the program's name.</param>
    public TerminalProcess(TemporaryFolder folder, int width, int height, params string[] arguments)
    {
        _socket = folder.File("tmux");
        string run = folder.Write("run.sh", Encoding.UTF8.GetBytes($"""
            #!/bin/sh
            # Ctrl-C is for holdfast: this script goes on.
            trap : INT
            cd '{RepositoryFiles.Root}'
            unset HOLDFAST_DEBUG PAGER LESS NO_COLOR
            export HOLDFAST_HISTORY='{folder.File("state/history")}' LC_ALL=C.UTF-8
            dotnet '{Path.Combine(AppContext.BaseDirectory, "Holdfast.Cli.dll")}' {string.Join(' ', arguments.Select(a => $"'{a}'"))}
            echo "ENDED $?"
            while :; do sleep 1; done
            """));
        Start(["-f", "/dev/null", "new-session", "-d", "-x", $"{width}", "-y", $"{height}", $"sh '{run}'"]);
    }

    /// <summary>The test is skipped where there is no terminal to be had.</summary>
    public static void SkipWithout(params string[] tools)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "tmux is needed: run this on Linux or macOS.");
        foreach (string tool in tools)
        {
            string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
            Assert.SkipUnless(folders.Any(f => File.Exists(Path.Combine(f, tool))), $"there is no {tool} in the path: install {tool} to run this test");
        }
    }

    /// <summary>What is on the screen, rows without what is blank at their ends.</summary>
    public string Screen => Tmux("capture-pane", "-p");

    /// <summary>Types text as it is.</summary>
    public TerminalProcess Type(string text)
    {
        Tmux("send-keys", "-l", "--", text);
        return this;
    }

    /// <summary>Presses keys as tmux calls them: Enter, Tab, C-c, Up.</summary>
    public TerminalProcess Press(params string[] keys)
    {
        Tmux(["send-keys", .. keys]);
        return this;
    }

    /// <summary>Pastes as a terminal does for a program that wants to know.</summary>
    public TerminalProcess Paste(string text)
    {
        Tmux("set-buffer", "--", text);
        Tmux("paste-buffer", "-p");
        return this;
    }

    public TerminalProcess Resize(int width, int height)
    {
        Tmux("resize-window", "-x", $"{width}", "-y", $"{height}");
        return this;
    }

    /// <summary>Waits until the screen shows something.</summary>
    public TerminalProcess WaitFor(string text) => WaitUntil(screen => screen.Contains(text, StringComparison.Ordinal), $"'{text}'");

    /// <summary>Waits for an empty prompt on the last row that is not blank.</summary>
    public TerminalProcess WaitForPrompt() => WaitForLine("holdfast>");

    /// <summary>Waits until the last row that is not blank is this.</summary>
    public TerminalProcess WaitForLine(string last) => WaitUntil(screen => screen.TrimEnd('\n').Split('\n')[^1] == last, $"'{last}' as the last row");

    public TerminalProcess WaitUntil(Predicate<string> isThere, string what)
    {
        var time = Stopwatch.StartNew();
        string screen;
        do
        {
            screen = Screen;
            if (isThere(screen)) return this;
            Thread.Sleep(50);
        }
        while (time.Elapsed < Patience);

        Assert.Fail($"{what} was not shown within {Patience}. The screen:\n{screen}");
        return this;
    }

    public void Dispose()
    {
        try
        {
            Tmux("kill-server");
        }
        catch (InvalidOperationException)
        {
            // It ended by itself.
        }
    }

    /// <summary>tmux's server sometimes ends as it begins ("server exited unexpectedly"): that is not what is tested.</summary>
    private void Start(string[] arguments)
    {
        const int Tries = 5;
        for (int i = 1; ; i++)
        {
            try
            {
                Tmux(arguments);
                return;
            }
            catch (InvalidOperationException e) when (i < Tries && e.Message.Contains("server exited", StringComparison.Ordinal))
            {
                Thread.Sleep(200);
            }
        }
    }

    private string Tmux(params string[] arguments)
    {
        var start = new ProcessStartInfo("tmux") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-S");
        start.ArgumentList.Add(_socket);
        foreach (string argument in arguments) start.ArgumentList.Add(argument);
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? output : throw new InvalidOperationException($"tmux {string.Join(' ', arguments)}: {error.Result}");
        }
        catch (Win32Exception)
        {
            Assert.Skip("there is no tmux in the path: install tmux to run this test");
            throw;
        }
    }
}
