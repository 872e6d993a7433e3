using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Holdfast.Cli.Shell;

/// <summary>The shell on a terminal: prompt, signals, resizes.</summary>
internal sealed class ShellTerminal(ShellSession session, AnswerOutput output, History history, OutputChoices choices) : IDisposable
{
    private const string Prompt = "holdfast> ";

    /// <summary>How long a command may take to stop before another Ctrl-C ends the shell.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly LineEditor _editor = new(
        new KeyReader(() => Console.ReadKey(intercept: true), () => Console.KeyAvailable), Console.Out, Width, history, new ShellCompleter(session.Names).Complete);

    private readonly CancellationTokenSource _opening = new();
    private bool _isOpen;
    private long _stoppedAt;

    /// <summary>Whether lines can be drawn anew: not into a file, nor where a terminal knows no sequences.</summary>
    private static bool CanEdit => !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb") || OperatingSystem.IsWindows();

    public int Run()
    {
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Interrupt);
        using PosixSignalRegistration? resize = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => _editor.Redraw(isNew: false));
        using PosixSignalRegistration? resume = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGCONT, _ => _editor.Redraw(isNew: true));
        string opened = session.Open(_opening.Token);
        _isOpen = true;
        if (!choices.Quiet) Console.Error.WriteLine($"{opened}; help lists commands");
        while (!session.IsOver && ReadLine() is { } line)
        {
            history.Add(line);
            foreach (string command in ShellLine.Split(line))
            {
                // What follows a command that failed was meant for its answer.
                if (session.Run(command) != ExitCode.Fine || session.IsOver) break;
            }
        }

        return ExitCode.Fine;
    }

    public void Dispose() => _opening.Dispose();

    private static int Width() => Console.WindowWidth is > 0 and var width ? width : 80;

    private string? ReadLine()
    {
        if (CanEdit) return _editor.Read(Prompt);
        if (!Console.IsOutputRedirected) Console.Out.Write(Prompt);
        return Console.In.ReadLine();
    }

    private void Interrupt(PosixSignalContext signal)
    {
        signal.Cancel = true;
        if (!_isOpen)
        {
            Execution.Stop(signal, _opening);
            return;
        }

        // A pager or another program has the terminal: it was interrupted, too.
        if (output.IsElsewhere || _editor.Interrupt()) return;
        if (session.Cancel())
        {
            _stoppedAt = Stopwatch.GetTimestamp();
            return;
        }

        if (CanEdit && (!session.IsRunning || Stopwatch.GetElapsedTime(_stoppedAt) < Patience)) return;

        // It does not listen, or no line can be given up.
        Console.Error.WriteLine("holdfast: interrupted");
        Environment.Exit(ExitCode.Interrupted);
    }
}
