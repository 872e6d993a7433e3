namespace Holdfast.Commands;

/// <summary>
/// One thing Holdfast can be asked. The command line, and whatever else comes to drive commands, needs no more than
/// this and the list in <see cref="CommandRegistry"/>.
/// </summary>
public abstract class Command
{
    /// <summary>What is typed: <c>summary</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What it answers, in one line.</summary>
    public abstract string Summary { get; }

    /// <summary>More about it: what is shown, how it is counted.</summary>
    public abstract string Description { get; }

    /// <summary>A command line that shows it at work on the samples of the repository.</summary>
    public abstract string Example { get; }

    /// <summary>What it takes: first the positional ones in order, then options.</summary>
    public abstract IReadOnlyList<Parameter> Parameters { get; }

    /// <summary><see cref="Parameters"/> and the options of all commands that read heaps.</summary>
    public IReadOnlyList<Parameter> AllParameters => [.. Parameters, .. InputOptions.All];

    /// <summary>
    /// The positional parameter that names the file a command is there to write, for which <c>-o FILE</c> is another way to say it;
    /// null where the answer is all it gives.
    /// </summary>
    public virtual string? WrittenFile => null;

    /// <summary>
    /// Whether it goes on until somebody has seen enough: it shows what it has (<see cref="CommandContext.Live"/>), and answers when it is
    /// interrupted.
    /// </summary>
    public virtual bool ShowsLive => false;

    /// <summary>
    /// Formats beside text and json that <c>--format</c> takes, with the ends of file names that ask for them: what
    /// <see cref="CommandResult.Graph"/> can be drawn as.
    /// </summary>
    public virtual IReadOnlyList<DrawingFormat> Drawings => [];

    /// <summary>Whether a shell, which has one heap open, can be asked it.</summary>
    public virtual bool IsForShell => true;

    /// <summary>Whether its example gives the same everywhere, so that a test can run it.</summary>
    public virtual bool HasRunnableExample => true;

    /// <summary>The shape of <see cref="CommandResult.Record"/>, for JSON and its schema.</summary>
    public abstract System.Text.Json.Serialization.Metadata.JsonTypeInfo RecordType { get; }

    public abstract CommandResult Run(Arguments arguments, CommandContext context);
}
