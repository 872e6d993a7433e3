using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;
using Holdfast.Cli.Shell;
using Holdfast.Commands;
using HoldfastCommand = Holdfast.Commands.Command;

namespace Holdfast.Cli;

/// <summary>Turns the registry into a command line, and a typed line into a run of one command.</summary>
internal static class CommandLine
{
    public static int Run(string[] args)
    {
        // The commonest question of scripts, answered before anything is set up.
        if (args is ["--version"]) return PrintVersion();
        if (args is ["help", .. var of]) args = [.. of, "--help"];
        if (args.Length == 0) args = ["--help"];
        return Execution.Guard(() => Invoke(BuildRoot(), args, "holdfast "));
    }

    /// <summary>Runs what was typed; what cannot be understood is said on standard error.</summary>
    /// <param name="root">What can be typed.</param>
    /// <param name="args">What was.</param>
    /// <param name="program">What stands before a command where help is asked for.</param>
    internal static int Invoke(System.CommandLine.Command root, IReadOnlyList<string> args, string program)
    {
        // "@76399" is an object here, not a file with more arguments.
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        if (parsed.Action is not ParseErrorAction errors) return parsed.Invoke(configuration);
        errors.ShowHelp = false;
        errors.ShowTypoCorrections = true;
        configuration.Output = Console.Error;
        parsed.Invoke(configuration);
        string name = parsed.CommandResult.Command == root ? "" : CommandSyntax.NameOf(parsed.CommandResult) + " ";
        Console.Error.WriteLine($"See: {program}{name}--help");
        return ExitCode.BadInput;
    }

    /// <summary>Has a root's help say more of each command.</summary>
    internal static void ExplainCommands(System.CommandLine.Command root)
    {
        HelpOption help = root.Options.OfType<HelpOption>().First();
        help.Action = new CommandHelp((HelpAction)help.Action!);
    }

    private static int PrintVersion()
    {
        Console.Out.WriteLine(Version);
        return ExitCode.Fine;
    }

    private static string Version =>
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static RootCommand BuildRoot()
    {
        var root = new RootCommand("Finds what holds on to the memory of a Node.js process.");
        var output = new OutputOptions();
        output.AddTo(root);
        foreach (HoldfastCommand command in CommandRegistry.All)
        {
            System.CommandLine.Command above = command.Name.Split(' ') is [var outer, _] ? root.Subcommands.Single(c => c.Name == outer) : root;
            above.Subcommands.Add(CommandSyntax.Build(command, command.AllParameters, parsed => output.Read(parsed),
                (given, choices) => Execution.Run(command, new Arguments(command.AllParameters, given), choices)));
        }

        root.Subcommands.Add(ShellCommand.Build(output));
        root.Subcommands.Add(CompletionCommand.Build());
        ExplainCommands(root);
        return root;
    }
}
