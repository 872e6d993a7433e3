using System.Text;
using Holdfast.Cli.Shell;
using Holdfast.Commands;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Commands;

/// <summary>docs/commands.md, from what the commands say of themselves and what their examples print.</summary>
internal static class CommandDocumentation
{
    public static string Write(Func<string, string> runExample)
    {
        var text = new StringBuilder("""
            # Commands

            <!-- Written by a test from the commands themselves: HOLDFAST_BLESS=1 dotnet test -->

            All commands also take `--format text|json`, `-o FILE`, `--no-color`, `--quiet` and `--help`. An answer for programs
            (`--format json`) has sizes in bytes and keeps to `docs/schemas/COMMAND.schema.json`. `-o FILE` writes the answer to a
            file; where a command is there to write a file (its OUT), `-o` is that file, and the answer says what was written.
            Where an input is a core dump:

            """);
        text.Append("\n| option | what it is |\n|---|---|\n");
        foreach (Parameter option in InputOptions.All) text.Append($"| `--{option.Name}` | {Escape(option.Help)} |\n");
        foreach (Command command in CommandRegistry.All) WriteOne(text, command, runExample(command.Name));
        WriteShell(text);
        return text.ToString();
    }

    private static void WriteShell(StringBuilder text)
    {
        ProcessAnswer answer = HoldfastProcess.Run(HoldfastProcess.Split(ShellCommand.Example)[1..]);
        text.Append($"\n## {ShellCommand.Name} IN\n{Sentence(ShellCommand.Summary)}\n\n{ShellCommand.Description}\n\n");
        text.Append("| parameter | what it is |\n|---|---|\n| `IN` | the heap |\n| `--command`, `-c` | a command, or several with `;` between them; may be given several times |\n");
        text.Append("| `--keep-going` | scripts: go on after a command that failed |\n");
        text.Append($"\n```console\n$ {ShellCommand.Example}\n{answer.Output}```\n");
    }

    private static void WriteOne(StringBuilder text, Command command, string output)
    {
        string usage = string.Join(' ', command.Parameters.Where(p => p.IsPositional).Select(Usage));
        text.Append($"\n## {command.Name} {usage}".TrimEnd()).Append($"\n{Sentence(command.Summary)}\n\n{command.Description}\n\n");
        text.Append("| parameter | what it is | default |\n|---|---|---|\n");
        foreach (Parameter parameter in command.Parameters)
        {
            string name = parameter.IsPositional ? parameter.Name : $"--{parameter.Name}";
            string choices = parameter.Choices is null ? "" : $" ({string.Join(", ", parameter.Choices)})";
            text.Append($"| `{name}` | {Escape(parameter.Help + choices)} | {(parameter.Default is null ? "" : $"`{parameter.Default}`")} |\n");
        }

        text.Append($"\n```console\n$ {command.Example}\n{output}```\n");
    }

    private static string Usage(Parameter parameter) =>
        (parameter.AtLeast == 0 ? $"[{parameter.Name}]" : parameter.Name) + (parameter.AtMost > 1 ? "…" : "");

    private static string Sentence(string words) => char.ToUpperInvariant(words[0]) + words[1..] + ".";

    private static string Escape(string words) => words.Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
