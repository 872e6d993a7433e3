using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Reflection;
using Holdfast.Commands;
using Holdfast.Common;
using HoldfastCommand = Holdfast.Commands.Command;

namespace Holdfast.Cli;

/// <summary>Turns the registry into a command line, and a typed line into a run of one command.</summary>
internal static class CommandLine
{
    private static readonly Option<string> Format = OneOf(new Option<string>("--format")
    {
        Description = "text for people, json for programs",
        DefaultValueFactory = _ => "text",
        Recursive = true,
    }, "text", "json");

    private static readonly Option<string?> Output = new("--output", "-o")
    {
        Description = "write the answer to this file; where a command has an OUT, the same as OUT",
        HelpName = "FILE",
        Recursive = true,
    };

    private static readonly Option<bool> NoColor = new("--no-color")
    {
        Description = "no colours (also NO_COLOR; never where the output is no terminal)",
        Recursive = true,
    };

    private static readonly Option<bool> Quiet = new("--quiet", "-q")
    {
        Description = "no progress and no warnings",
        Recursive = true,
    };

    public static int Run(string[] args)
    {
        // The commonest question of scripts, answered before anything is set up.
        if (args is ["--version"]) return PrintVersion();
        if (args is ["help", .. var of]) args = [.. of, "--help"];
        if (args.Length == 0) args = ["--help"];
        return Execution.Guard(() => Invoke(args));
    }

    private static int PrintVersion()
    {
        Console.Out.WriteLine(Version);
        return ExitCode.Fine;
    }

    private static string Version =>
        typeof(CommandLine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    private static int Invoke(string[] args)
    {
        RootCommand root = BuildRoot();
        // "@76399" is an object here, not a file with more arguments.
        ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var configuration = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        if (parsed.Action is not ParseErrorAction errors) return parsed.Invoke(configuration);
        errors.ShowHelp = false;
        errors.ShowTypoCorrections = true;
        configuration.Output = Console.Error;
        parsed.Invoke(configuration);
        string name = parsed.CommandResult.Command is RootCommand ? "" : " " + parsed.CommandResult.Command.Name;
        Console.Error.WriteLine($"See: holdfast{name} --help");
        return ExitCode.BadInput;
    }

    private static RootCommand BuildRoot()
    {
        var root = new RootCommand("Finds what holds on to the memory of a Node.js process.") { Format, Output, NoColor, Quiet };
        foreach (HoldfastCommand command in CommandRegistry.All) root.Subcommands.Add(Build(command));
        root.Subcommands.Add(CompletionCommand.Build());
        HelpOption help = root.Options.OfType<HelpOption>().First();
        help.Action = new CommandHelp((HelpAction)help.Action!);
        return root;
    }

    private static System.CommandLine.Command Build(HoldfastCommand command)
    {
        var built = new System.CommandLine.Command(command.Name, command.Summary);
        var readers = new List<(string Name, Func<ParseResult, IReadOnlyList<string>> Read)>();
        foreach (Parameter parameter in command.AllParameters)
        {
            (Symbol symbol, Func<ParseResult, IReadOnlyList<string>> read) = Build(parameter);
            if (symbol is Argument argument) built.Arguments.Add(argument);
            else built.Options.Add((Option)symbol);
            readers.Add((parameter.Name, read));
        }

        built.SetAction(parsed =>
        {
            var given = readers.ToDictionary(r => r.Name, r => r.Read(parsed));
            OutputChoices choices = ReadOutput(parsed);
            if (command.WrittenFile is { } written && choices.File is { } file) choices = GiveFile(given, written, file, choices);
            return Execution.Run(command, new Arguments(command.AllParameters, given), choices);
        });
        return built;
    }

    /// <summary>What a command is there to write is its output: <c>-o</c> names that file, and the answer about it stays on standard output.</summary>
    private static OutputChoices GiveFile(Dictionary<string, IReadOnlyList<string>> given, string written, string file, OutputChoices choices)
    {
        if (given[written].Count > 0) throw new InputException($"{written} {given[written][0]} and -o {file} are two names for the file to write: give one of them.");
        given[written] = [file];
        return choices with { File = null };
    }

    private static (Symbol Symbol, Func<ParseResult, IReadOnlyList<string>> Read) Build(Parameter parameter)
    {
        if (parameter.IsPositional)
        {
            var argument = new Argument<string[]>(parameter.Name)
            {
                Description = parameter.Help,
                Arity = new ArgumentArity(parameter.AtLeast, parameter.AtMost),
                CustomParser = result => [.. result.Tokens.Select(token => token.Value)],
            };
            return (argument, parsed => parsed.GetValue(argument) ?? []);
        }

        string help = parameter.Help + (parameter.Default is { } value ? $" [default: {value}]" : "");
        if (parameter.Kind == ParameterKind.Flag)
        {
            var flag = new Option<bool>("--" + parameter.Name) { Description = help };
            return (flag, parsed => parsed.GetValue(flag) ? ["true"] : []);
        }

        if (parameter.AtMost > 1)
        {
            // How few are too few is the command's to say, with an example.
            var many = new Option<string[]>("--" + parameter.Name)
            {
                Description = help,
                HelpName = "FILE…",
                AllowMultipleArgumentsPerToken = true,
                Arity = new ArgumentArity(1, parameter.AtMost),
                CustomParser = result => [.. result.Tokens.Select(token => token.Value)],
            };
            return (many, parsed => parsed.GetValue(many) ?? []);
        }

        var option = new Option<string?>("--" + parameter.Name)
        {
            Description = help,
            HelpName = parameter.Choices is null ? parameter.Kind == ParameterKind.Number ? "N" : "TEXT" : null,
        };
        if (parameter.Choices is { } choices) OneOf(option, [.. choices]);
        return (option, parsed => parsed.GetValue(option) is { } text ? [text] : []);
    }

    private static Option<T> OneOf<T>(Option<T> option, params string[] choices)
    {
        option.AcceptOnlyFromAmong(choices);
        return option;
    }

    private static OutputChoices ReadOutput(ParseResult parsed) =>
        new(parsed.GetValue(Format) == "json", parsed.GetValue(Output), parsed.GetValue(NoColor), parsed.GetValue(Quiet));
}
