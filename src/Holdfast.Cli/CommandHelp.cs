using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Holdfast.Cli.Shell;
using Holdfast.Commands;

namespace Holdfast.Cli;

/// <summary>The library's help, and below it what the command says of itself, with its example.</summary>
internal sealed class CommandHelp(HelpAction usual) : SynchronousCommandLineAction
{
    private const int Columns = 100;

    public override int Invoke(ParseResult parseResult)
    {
        int code = ShowUsual(parseResult);
        TextWriter output = parseResult.InvocationConfiguration.Output;
        string name = CommandSyntax.NameOf(parseResult.CommandResult);
        if (CommandRegistry.All.FirstOrDefault(c => c.Name == name) is { } command)
        {
            WriteExplained(output, command.Description, command.Example);
        }
        else if (name == ShellCommand.Name)
        {
            WriteExplained(output, ShellCommand.Description, ShellCommand.Example);
        }
        else if (parseResult.CommandResult.Command is RootCommand)
        {
            output.WriteLine("holdfast COMMAND --help says more of each, with an example.");
        }

        return code;
    }

    /// <summary>The library lists an option of all commands beside the command's own of that name, which is the one that counts.</summary>
    private int ShowUsual(ParseResult parsed)
    {
        System.CommandLine.Command command = parsed.CommandResult.Command;
        List<Option> replaced = [.. parsed.RootCommandResult.Command.Options.Where(o => o.Recursive && command.Options.Any(own => own != o && own.Name == o.Name))];
        replaced.ForEach(o => o.Hidden = true);
        try
        {
            return usual.Invoke(parsed);
        }
        finally
        {
            replaced.ForEach(o => o.Hidden = false);
        }
    }

    private static void WriteExplained(TextWriter output, string description, string example)
    {
        WriteWrapped(output, description);
        output.WriteLine($"\nExample:\n  {example}");
    }

    private static void WriteWrapped(TextWriter output, string text)
    {
        foreach (string paragraph in text.Split('\n'))
        {
            string line = "";
            foreach (string word in paragraph.Split(' '))
            {
                if (line.Length > 0 && line.Length + 1 + word.Length > Columns)
                {
                    output.WriteLine(line);
                    line = "";
                }

                line += line.Length > 0 ? " " + word : word;
            }

            output.WriteLine(line);
        }
    }
}
