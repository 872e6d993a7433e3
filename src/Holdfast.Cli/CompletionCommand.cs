using System.CommandLine;

namespace Holdfast.Cli;

/// <summary>Prints what makes a shell complete Holdfast's commands and options.</summary>
internal static class CompletionCommand
{
    // The [suggest:N] directive of System.CommandLine does the completing; the scripts only pass the line on.
    private const string Bash = """
        _holdfast() {
            local IFS=$'\n'
            COMPREPLY=($(compgen -W "$(holdfast "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
            [ ${#COMPREPLY[@]} -eq 0 ] && COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o filenames -F _holdfast holdfast
        """;

    private const string Zsh = """
        #compdef holdfast
        _holdfast() {
            local completions
            completions=("${(@f)$(holdfast "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
            compadd -- "${completions[@]}"
            _files
        }
        compdef _holdfast holdfast
        """;

    private const string Fish = """
        complete -c holdfast -a '(holdfast "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'
        """;

    public static Command Build()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "print what makes a shell complete commands: source <(holdfast completion bash)") { shell };
        command.SetAction(parsed =>
        {
            Console.Out.WriteLine(parsed.GetValue(shell) switch
            {
                "bash" => Bash,
                "zsh" => Zsh,
                _ => Fish,
            });
        });
        return command;
    }
}
