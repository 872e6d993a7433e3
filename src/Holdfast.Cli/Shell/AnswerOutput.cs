using System.ComponentModel;
using System.Diagnostics;
using Holdfast.Views;

namespace Holdfast.Cli.Shell;

/// <summary>Where answers of the shell go: standard output, a command of the system, or the pager.</summary>
/// <param name="interactive">Whether somebody sits there to page.</param>
internal sealed class AnswerOutput(bool interactive)
{
    private const string SystemShell = "/bin/sh";

    /// <summary>Whether another program has the terminal; an interrupt is its business then.</summary>
    public bool IsElsewhere { get; private set; }

    /// <summary>Whether answers for programs go where a program reads them: one line each.</summary>
    public static bool IsForPrograms(string? pipe) => pipe is not null || Console.IsOutputRedirected;

    /// <param name="write">Writes the answer for a width.</param>
    /// <param name="pipe">A command of the system to give it to, or null.</param>
    public void Give(Action<Stream, int> write, string? pipe)
    {
        if (pipe is not null)
        {
            Pipe(write, pipe);
        }
        else if (interactive && !Console.IsOutputRedirected && Environment.GetEnvironmentVariable("PAGER") is not ("" or "cat"))
        {
            Page(write);
        }
        else
        {
            using Stream output = Console.OpenStandardOutput();
            write(output, Console.IsOutputRedirected ? TextView.Unlimited : Execution.TerminalWidth());
        }
    }

    private void Pipe(Action<Stream, int> write, string pipe)
    {
        using Process process = StartShell(pipe);
        Feed(process, stream => write(stream, TextView.Unlimited));
    }

    private void Page(Action<Stream, int> write)
    {
        using var paged = new PagedStream(Math.Max(2, Console.WindowHeight) - 1, StartPager);
        IsElsewhere = true;
        try
        {
            write(paged, Execution.TerminalWidth());
        }
        catch (IOException)
        {
            // The pager was left before the end.
        }
        finally
        {
            paged.Finish();
            IsElsewhere = false;
        }
    }

    private void Feed(Process process, Action<Stream> write)
    {
        IsElsewhere = true;
        try
        {
            write(process.StandardInput.BaseStream);
        }
        catch (IOException)
        {
            // Such as head: it has seen enough.
        }
        finally
        {
            PagedStream.Close(process);
            IsElsewhere = false;
        }
    }

    private static Process StartShell(string command) => OperatingSystem.IsWindows()
        ? Start(Environment.GetEnvironmentVariable("COMSPEC") ?? "cmd.exe", ["/c", command])
        : Start(SystemShell, ["-c", command]);

    /// <summary>Null where there is none.</summary>
    private static Process? StartPager()
    {
        try
        {
            return Environment.GetEnvironmentVariable("PAGER") is { Length: > 0 } pager ? StartShell(pager) : Start("less", ["-FRX"]);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static Process Start(string program, IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true })!;
}
