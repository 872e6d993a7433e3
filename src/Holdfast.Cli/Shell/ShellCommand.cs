using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text;
using Holdfast.Commands;
using Holdfast.Common;

namespace Holdfast.Cli.Shell;

/// <summary>The command that opens an input and takes commands.</summary>
internal static class ShellCommand
{
    public const string Name = "shell";

    public const string Summary = "opens a heap once and takes commands: line by line, from a script, or from -c";

    public const string Description =
        "Reads the input once and then answers every command in the time the answer itself takes. On a terminal with line editing, a history "
        + "that is kept, and completion; `help` there says more. IN is left out in its commands; $_, $1, $2 … are the objects of the answer before; an answer "
        + "goes through | to a command of your system. The words of llnode and mdb_v8 are understood.\n"
        + "Commands come from standard input where that is no terminal, or from -c, several with ; between them. The first one that fails ends a "
        + "script, with exit code 2, unless --keep-going is given. Of --format json each answer is one line. Exit codes: 0, 2 where a command "
        + "failed, 130 interrupted; a closed output is no error.";

    public const string Example = "holdfast shell samples/leaky-t2.heapsnapshot.zst -c 'find class:Session --limit 2; inspect $1 --limit 3'";

    private static readonly Option<string[]> Commands = new("--command", "-c")
    {
        Description = "a command to run, or several with ; between them; may be given several times",
        HelpName = "COMMAND",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => [.. result.Tokens.Select(token => token.Value)],
    };

    private static readonly Option<bool> KeepGoing = new("--keep-going") { Description = "scripts: go on after a command that failed" };

    private static readonly Argument<string> Input = new(Parameter.Input.Name) { Description = Parameter.Input.Help };

    public static System.CommandLine.Command Build(OutputOptions output)
    {
        var command = new System.CommandLine.Command(Name, Summary) { Input, Commands, KeepGoing };
        var inputOptions = CommandSyntax.AddParameters(command, InputOptions.All);
        command.SetAction(parsed => Run(
            parsed.GetValue(Input)!, parsed.GetValue(Commands) ?? [], parsed.GetValue(KeepGoing), inputOptions(parsed), output.Read(parsed)));
        return command;
    }

    private static int Run(
        string input, string[] commands, bool keepGoing, IReadOnlyDictionary<string, IReadOnlyList<string>> inputOptions, OutputChoices choices)
    {
        if (choices.File is not null) throw new InputException("-o FILE is for one answer: give it to a command of the shell.");
        if (input == "-" && commands is [])
            throw new InputException("- (standard input) cannot be the heap and the commands at once: give commands with -c, or put the heap into a file.");
        bool interactive = commands is [] && !Console.IsInputRedirected;
        History? history = interactive ? new History(History.DefaultFile(Environment.GetEnvironmentVariable), Warn) : null;
        var output = new AnswerOutput(interactive);
        using var session = new ShellSession(input, inputOptions, choices, output, history);
        if (history is not null)
        {
            using var terminal = new ShellTerminal(session, output, history, choices);
            return terminal.Run();
        }

        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => End(signal, session, stop));
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => End(signal, session, stop));
        session.Open(stop.Token);
        return RunScript(session, commands is [] ? StandardInput() : commands, keepGoing, stop.Token);
    }

    private static int RunScript(ShellSession session, IEnumerable<string> lines, bool keepGoing, CancellationToken stop)
    {
        int failed = ExitCode.Fine;
        foreach (string command in lines.SelectMany(ShellLine.Split))
        {
            int code = session.Run(command);
            if (stop.IsCancellationRequested || code == ExitCode.Interrupted) return ExitCode.Interrupted;
            if (session.IsOver) break;
            if (code == ExitCode.Fine) continue;
            failed = ExitCode.BadInput;
            if (!keepGoing) break;
        }

        return failed;
    }

    private static IEnumerable<string> StandardInput()
    {
        using var reader = new StreamReader(Console.OpenStandardInput(), new UTF8Encoding(false));
        while (reader.ReadLine() is { } line) yield return line;
    }

    private static void End(PosixSignalContext signal, ShellSession session, CancellationTokenSource stop)
    {
        session.Cancel();
        Execution.Stop(signal, stop);
    }

    private static void Warn(string message) => Console.Error.WriteLine($"holdfast: warning: {message}");
}
