using Holdfast.Common;

namespace Holdfast.Commands;

/// <summary>What is done when a condition holds: the <c>capture</c> command is run on the same target, as if it had been typed.</summary>
internal sealed class WatchCapture
{
    private const string CommandName = "capture";

    private readonly Command _command;
    private readonly Dictionary<string, IReadOnlyList<string>> _given;

    private WatchCapture(Command command, Dictionary<string, IReadOnlyList<string>> given) => (_command, _given) = (command, given);

    /// <summary>Finds the command before anything is watched: a watch of hours must not end with "unknown command".</summary>
    /// <param name="target">What is watched.</param>
    /// <param name="folder">Where the capture goes.</param>
    /// <param name="commands">The commands there are.</param>
    /// <exception cref="InputException">There is no such command here, or the target cannot be captured.</exception>
    public static WatchCapture Prepare(string target, string folder, IReadOnlyList<Command> commands)
    {
        Command command = commands.FirstOrDefault(c => c.Name == CommandName)
            ?? throw new InputException("--capture-when: this build of holdfast has no command capture. Without it, watch only says that the condition held.");
        if (!Sources.Live.LiveTarget.IsOne(target)) throw new InputException($"--capture-when: {target} is a log, and what it is of is not known. Watch pid:N, ws://… or http://….");
        string input = command.Parameters.First(p => p.IsPositional).Name;
        string output = command.WrittenFile ?? "output";
        return new WatchCapture(command, new Dictionary<string, IReadOnlyList<string>> { [input] = [target], [output] = [folder] });
    }

    /// <summary>Captures; gives the names of the files.</summary>
    public IReadOnlyList<string> Run(CommandContext context) =>
        _command.Run(new Arguments(_command.AllParameters, _given), context).Record is CaptureRecord record ? [.. record.Captures.Select(c => c.File)] : [];
}
