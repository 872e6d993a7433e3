using System.CommandLine;
using System.CommandLine.Parsing;
using Holdfast.Commands;
using Holdfast.Common;
using HoldfastCommand = Holdfast.Commands.Command;

namespace Holdfast.Cli;

/// <summary>A command of the registry as a command of System.CommandLine, for the command line and for the shell.</summary>
internal static class CommandSyntax
{
    /// <param name="command">The command.</param>
    /// <param name="parameters">Those of its parameters that are typed.</param>
    /// <param name="output">Reads how the answer is to be given.</param>
    /// <param name="run">Runs it with what was typed, by name of parameter.</param>
    public static System.CommandLine.Command Build(
        HoldfastCommand command,
        IEnumerable<Parameter> parameters,
        Func<ParseResult, OutputChoices> output,
        Func<Dictionary<string, IReadOnlyList<string>>, OutputChoices, int> run)
    {
        var built = new System.CommandLine.Command(command.Name.Split(' ')[^1], command.Summary);
        if (command.Drawings.Count > 0)
        {
            string[] formats = ["text", "json", .. command.Drawings.Select(d => d.Name)];
            built.Options.Add(OneOf(new Option<string?>("--format") { Description = "how the answer is given; else by the end of -o's name" }, formats));
        }

        Func<ParseResult, Dictionary<string, IReadOnlyList<string>>> read = AddParameters(built, parameters);
        built.SetAction(parsed =>
        {
            Dictionary<string, IReadOnlyList<string>> given = read(parsed);
            OutputChoices choices = output(parsed);
            choices = ChooseByName(command, choices);
            if (command.WrittenFile is { } written && choices.File is { } file) choices = GiveFile(given, written, file, choices);
            return run(given, choices);
        });
        return built;
    }

    /// <summary>Adds parameters to a command; gives what reads what was typed for them, by name.</summary>
    public static Func<ParseResult, Dictionary<string, IReadOnlyList<string>>> AddParameters(
        System.CommandLine.Command built, IEnumerable<Parameter> parameters)
    {
        var readers = new List<(string Name, Func<ParseResult, IReadOnlyList<string>> Read)>();
        foreach (Parameter parameter in parameters)
        {
            (Symbol symbol, Func<ParseResult, IReadOnlyList<string>> read) = Build(parameter);
            if (symbol is Argument argument) built.Arguments.Add(argument);
            else built.Options.Add((Option)symbol);
            readers.Add((parameter.Name, read));
        }

        return parsed => readers.ToDictionary(r => r.Name, r => r.Read(parsed));
    }

    public static Option<T> OneOf<T>(Option<T> option, params string[] choices)
    {
        option.AcceptOnlyFromAmong(choices);
        return option;
    }

    /// <summary>The whole of what was typed for a command: <c>flame diff</c>.</summary>
    public static string NameOf(System.CommandLine.Parsing.CommandResult result)
    {
        string name = result.Command.Name;
        for (SymbolResult? outer = result.Parent; outer is System.CommandLine.Parsing.CommandResult { Command: not RootCommand } above; outer = outer.Parent) name = above.Command.Name + " " + name;
        return name;
    }

    /// <summary>Where no format was typed, the end of the file's name says which drawing, or JSON.</summary>
    private static OutputChoices ChooseByName(HoldfastCommand command, OutputChoices choices)
    {
        if (choices.IsFormatGiven || command.Drawings.Count == 0 || choices.File is not { } file) return choices;
        DrawingFormat? drawing = command.Drawings.FirstOrDefault(d => d.Endings.Any(e => file.EndsWith(e, StringComparison.OrdinalIgnoreCase)));
        return choices with { Drawing = drawing?.Name, Json = choices.Json || (drawing is null && file.EndsWith(".json", StringComparison.OrdinalIgnoreCase)) };
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
}
