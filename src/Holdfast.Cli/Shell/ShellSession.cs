using System.CommandLine;
using System.Text;
using Holdfast.Analyses;
using Holdfast.Commands;
using Holdfast.Common;
using Holdfast.Sources.CoreDump;
using HoldfastCommand = Holdfast.Commands.Command;

namespace Holdfast.Cli.Shell;

/// <summary>An input that is open, and the commands that are asked of it one after another.</summary>
internal sealed class ShellSession : IDisposable
{
    private readonly string _input;
    private readonly IReadOnlyDictionary<string, IReadOnlyList<string>> _inputOptions;
    private readonly OutputChoices _usual;
    private readonly AnswerOutput _output;
    private readonly History? _history;
    private readonly CoreOptions _cores;
    private readonly Dictionary<CoreOptions, KeptInputs> _kept = [];
    private readonly StandardInputCopy _standardInput = new();
    private readonly RootCommand _root;
    private readonly Lock _lock = new();
    private CancellationTokenSource? _running;
    private string? _pipe;
    private bool _isGraphKnown;

    /// <param name="input">What is asked.</param>
    /// <param name="inputOptions">Options of the input (<see cref="InputOptions"/>) that hold where a command has none of its own.</param>
    /// <param name="usual">How answers are given where a command does not say.</param>
    /// <param name="output">Where answers go.</param>
    /// <param name="history">For <c>history</c>; null where nothing is typed.</param>
    public ShellSession(
        string input, IReadOnlyDictionary<string, IReadOnlyList<string>> inputOptions, OutputChoices usual, AnswerOutput output, History? history)
    {
        (_input, _inputOptions, _usual, _output, _history) = (input, inputOptions, usual, output, history);
        _cores = InputOptions.Read(new Arguments(InputOptions.All, inputOptions));
        Names = new ShellNames(() => _kept.GetValueOrDefault(_cores)?.Heap(_input), () => _kept.GetValueOrDefault(_cores)?.Core(_input));
        _root = new RootCommand("Commands of the shell.");
        var options = new OutputOptions();
        options.AddTo(_root);
        foreach (HoldfastCommand command in CommandRegistry.ForShell)
        {
            _root.Subcommands.Add(CommandSyntax.Build(command, command.AllParameters.Where(p => !IsLeftOut(p)).Select(Typed), parsed => options.Read(parsed, _usual),
                (given, choices) => Ask(command, given, choices)));
        }

        CommandLine.ExplainCommands(_root);
    }

    /// <summary>What answers so far showed, and what the heap has.</summary>
    public ShellNames Names { get; }

    /// <summary>Whether the user wants to leave.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether a command is running.</summary>
    public bool IsRunning
    {
        get
        {
            lock (_lock) return _running is not null;
        }
    }

    /// <summary>Opens the input; gives one line on what it is.</summary>
    public string Open(CancellationToken stop) => Execution.Watch(
        work =>
        {
            using var context = new CommandContext(work, _standardInput.Open, _cores, Kept(_cores));
            if (context.TryOpenCore(_input) is { } core)
            {
                string threads = core.ThreadCount == 1 ? "1 thread" : $"{core.Thread} of {core.ThreadCount} threads";
                return $"{_input}: core dump of Node.js with V8 {core.V8Version}, {threads}, {core.ObjectCount:N0} objects";
            }

            Heap heap = context.Open(_input);
            return $"{_input}: heap snapshot, {heap.Graph.NodeCount:N0} nodes, {heap.Graph.EdgeCount:N0} edges";
        },
        _usual,
        stop);

    /// <summary>Runs one command as typed; what goes wrong is said, and is the exit code.</summary>
    public int Run(string command)
    {
        using var running = new CancellationTokenSource();
        lock (_lock) _running = running;
        int code = Execution.Guard(() => RunLine(ShellLine.Parse(command, Result)));
        lock (_lock) _running = null;
        return code;
    }

    /// <summary>Stops the command that is running.</summary>
    /// <returns>Whether there is one, and it was not stopped before.</returns>
    public bool Cancel()
    {
        lock (_lock)
        {
            if (_running is null or { IsCancellationRequested: true }) return false;
            _running.Cancel();
            return true;
        }
    }

    public void Dispose()
    {
        foreach (KeptInputs kept in _kept.Values) kept.Dispose();
        _standardInput.Dispose();
    }

    /// <summary>The one heap of most commands is the shell's.</summary>
    private static bool IsLeftOut(Parameter parameter) => parameter is { IsInput: true, IsPositional: true, AtMost: 1 };

    /// <summary>Of several, the shell's is one.</summary>
    private static Parameter Typed(Parameter parameter) =>
        parameter is { IsInput: true, IsPositional: true } ? parameter with { AtLeast = Math.Max(0, parameter.AtLeast - 1) } : parameter;

    private string Result(string name) => name == "in" ? _input : Names.Result(name);

    private KeptInputs Kept(CoreOptions options)
    {
        if (!_kept.TryGetValue(options, out KeptInputs? kept)) _kept.Add(options, kept = new KeptInputs());
        return kept;
    }

    private int RunLine(ShellLine line)
    {
        IReadOnlyList<string> words = line.Words;
        if (words is []) return line.Pipe is null ? ExitCode.Fine : throw new InputException("a command is missing before the |.");
        _pipe = line.Pipe;
        if (ForeignWords.Translate(words) is { } foreign)
        {
            if (foreign.Problem is { } problem) throw new InputException(problem);
            CheckIsHere(words, foreign.Words!);
            words = foreign.Words!;
        }

        switch (words)
        {
            case ["quit" or "exit" or "q"]:
                IsOver = true;
                return ExitCode.Fine;
            case ["help"]:
                return Say(ShellHelp.Overview());
            case ["help", "words"]:
                return Say(ShellHelp.Words());
            case ["help", var name]:
                return Explain(name);
            case ["history"]:
                return Say(string.Concat((_history?.Lines ?? []).Select(l => l + "\n")));
            case ["help" or "quit" or "exit" or "history", ..]:
                throw new InputException($"{string.Join(' ', words)}: after {words[0]} nothing is expected{(words[0] == "help" ? " but one command" : "")}.");
        }

        CheckIsCommand(words[0]);

        // Who has the command line in their fingers names the input all the same.
        if (words.Count > 1 && words[1] == _input && CommandRegistry.ForShell.Any(c => c.Name == words[0] && c.Parameters.Any(IsLeftOut))) words = [words[0], .. words.Skip(2)];
        return CommandLine.Invoke(_root, words, "");
    }

    /// <summary>A word of another debugger may stand for what another version of Holdfast has.</summary>
    private static void CheckIsHere(IReadOnlyList<string> theirs, IReadOnlyList<string> ours)
    {
        if (ours[0] == "help") return;
        HoldfastCommand? command = CommandRegistry.ForShell.FirstOrDefault(c => c.Name == ours[0]);
        string? missing = command is null ? ours[0] : ours.Skip(1).FirstOrDefault(w => w.StartsWith("--", StringComparison.Ordinal) && command.AllParameters.All(p => "--" + p.Name != w));
        if (missing is not null)
            throw new InputException($"{string.Join(' ', theirs)}: that is `{string.Join(' ', ours)}` here, and this version of Holdfast has no `{missing}`.");
    }

    private static void CheckIsCommand(string name)
    {
        if (CommandRegistry.ForShell.Any(c => c.Name == name)) return;
        IReadOnlyList<string> near = NearestNames.Find(name, CommandRegistry.ForShell.Select(c => c.Name).Concat(["help", "history", "quit", "exit"]));
        string advice = near.Count > 0 ? $"Did you mean {string.Join(" or ", near)}? " : "";
        throw new InputException($"{name}: there is no such command. {advice}`help` lists them.");
    }

    private int Explain(string name)
    {
        CheckIsCommand(name);
        using var text = new StringWriter { NewLine = "\n" };
        _root.Parse([name, "--help"]).Invoke(new InvocationConfiguration { Output = text, EnableDefaultExceptionHandler = false });
        return Say(text.ToString().Replace($"\n  {RootCommand.ExecutableName} {name}", $"\n  {name}", StringComparison.Ordinal));
    }

    private int Say(string text)
    {
        _output.Give((stream, _) => stream.Write(Encoding.UTF8.GetBytes(text)), _pipe);
        return ExitCode.Fine;
    }

    private int Ask(HoldfastCommand command, Dictionary<string, IReadOnlyList<string>> given, OutputChoices choices)
    {
        foreach (Parameter parameter in command.Parameters)
        {
            if (IsLeftOut(parameter)) given[parameter.Name] = [_input];
            else if (parameter is { IsInput: true, IsPositional: true } && !given[parameter.Name].Contains(_input)) given[parameter.Name] = [_input, .. given[parameter.Name]];
        }

        foreach ((string name, IReadOnlyList<string> values) in _inputOptions)
        {
            if (values.Count > 0 && command.Parameters.All(p => p.Name != name) && given[name].Count == 0) given[name] = values;
        }

        var arguments = new Arguments(command.AllParameters, given);
        string[] inputs = [.. command.Parameters.Where(p => p.IsInput).SelectMany(p => arguments.Texts(p.Name))];
        if (choices.File is { } file) OutputFiles.Check(file, command.Parameters.SelectMany(p => arguments.Texts(p.Name)));
        CommandResult result = Execution.Answer(command, arguments, choices, KeptFor(arguments, inputs), _standardInput.Open, _running!.Token);
        Learn(result);
        Execution.GiveAlong(result);
        Give(command, result, choices);
        return ExitCode.Fine;
    }

    /// <summary>
    /// What stays open between commands is the shell's input alone. A comparison classes the objects of one snapshot as another's,
    /// and lets go of what it needs no longer: it has its own.
    /// </summary>
    private KeptInputs? KeptFor(Arguments arguments, string[] inputs) =>
        inputs is [var only] && only == _input ? Kept(InputOptions.Read(arguments)) : null;

    private void Learn(CommandResult result)
    {
        if (!_isGraphKnown && _kept[_cores].Heap(_input) is not null)
        {
            _isGraphKnown = true;
            Names.Reread();
        }

        Names.Remember(result.Report);
    }

    private void Give(HoldfastCommand command, CommandResult result, OutputChoices choices)
    {
        if (choices.File is { } file)
        {
            AtomicFile.Write(file, stream => Execution.Write(command, result, choices, stream, Views.TextView.Unlimited, color: false));
            return;
        }

        bool compact = choices.Json && AnswerOutput.IsForPrograms(_pipe);
        bool color = _pipe is null && Execution.HasColor(choices);
        _output.Give((stream, width) => Execution.Write(command, result, choices, stream, width, color, compact), _pipe);
    }
}
