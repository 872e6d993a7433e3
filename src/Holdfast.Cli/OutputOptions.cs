using System.CommandLine;

namespace Holdfast.Cli;

/// <summary>The options of every command that say how its answer is given.</summary>
internal sealed class OutputOptions
{
    private readonly Option<string> _format = CommandSyntax.OneOf(new Option<string>("--format")
    {
        Description = "text for people, json for programs",
        DefaultValueFactory = _ => "text",
        Recursive = true,
    }, "text", "json");

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "write the answer to this file; where a command has an OUT, the same as OUT",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<bool> _noColor = new("--no-color")
    {
        Description = "no colours (also NO_COLOR; never where the output is no terminal)",
        Recursive = true,
    };

    private readonly Option<bool> _quiet = new("--quiet", "-q")
    {
        Description = "no progress and no warnings",
        Recursive = true,
    };

    public void AddTo(Command root)
    {
        root.Options.Add(_format);
        root.Options.Add(_output);
        root.Options.Add(_noColor);
        root.Options.Add(_quiet);
    }

    /// <param name="parsed">What was typed.</param>
    /// <param name="usual">What holds where nothing was typed.</param>
    public OutputChoices Read(ParseResult parsed, OutputChoices? usual = null)
    {
        // A command that draws has an option of its own, with more formats.
        Option<string?>? own = parsed.CommandResult.Command.Options.OfType<Option<string?>>().FirstOrDefault(o => o.Name == _format.Name && o != _format);
        string? format = own is null ? parsed.GetResult(_format) is { Implicit: false } ? parsed.GetValue(_format) : null : parsed.GetValue(own);
        return new OutputChoices(
            format is null ? usual is { Json: true } : format == "json",
            parsed.GetValue(_output),
            parsed.GetValue(_noColor) || usual is { NoColor: true },
            parsed.GetValue(_quiet) || usual is { Quiet: true })
        {
            Drawing = format is null or "text" or "json" ? null : format,
            IsFormatGiven = format is not null,
        };
    }
}
