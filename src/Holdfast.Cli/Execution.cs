using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Holdfast.Commands;
using Holdfast.Common;
using Holdfast.Views;
using HoldfastCommand = Holdfast.Commands.Command;

namespace Holdfast.Cli;

/// <summary>Runs one command: signals, progress, the answer, and what goes wrong.</summary>
internal static class Execution
{
    /// <summary>How long a command may take to notice an interrupt before the process ends without it.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromMilliseconds(150);

    /// <summary>The same for one that still has an answer to give, and may have something to close.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    public static int Run(HoldfastCommand command, Arguments arguments, OutputChoices choices)
    {
        if (choices.File is { } answer) OutputFiles.Check(answer, command.Parameters.SelectMany(p => arguments.Texts(p.Name)));
        using var stop = new CancellationTokenSource();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, stop, command.ShowsLive));
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, stop, command.ShowsLive));
        CommandResult result = command.ShowsLive
            ? AnswerLive(command, arguments, choices, stop.Token)
            : Answer(command, arguments, choices, null, Console.OpenStandardInput, stop.Token);
        GiveAlong(result);
        try
        {
            Write(command, result, choices);
        }
        catch (IOException e) when (choices.File is null && IsClosedPipe(e))
        {
            // Whoever read the answer has seen enough; what was found is still said by the exit code.
        }

        if (result.IsInterrupted) return ExitCode.Interrupted;
        return result.Found ? ExitCode.Found : ExitCode.Fine;
    }

    /// <summary>Runs a command that shows what it has so far, in place of a progress bar.</summary>
    private static CommandResult AnswerLive(HoldfastCommand command, Arguments arguments, OutputChoices choices, CancellationToken stop)
    {
        bool isShown = !choices.Quiet && !Console.IsErrorRedirected;
        using var display = new LiveDisplay(Console.Error, isShown && !choices.NoColor && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")));
        var warnings = new List<string>();
        try
        {
            using var context = new CommandContext(new Work(null, warnings.Add, cancellation: stop), Console.OpenStandardInput, InputOptions.Read(arguments)) { Live = isShown ? display.Show : null };
            return command.Run(arguments, context);
        }
        finally
        {
            display.Dispose();
            if (!choices.Quiet) warnings.ForEach(warning => Console.Error.WriteLine($"holdfast: warning: {warning}"));
        }
    }

    /// <summary>Runs a command under the eyes of whoever waits, and says what it warns of.</summary>
    public static CommandResult Answer(HoldfastCommand command, Arguments arguments, OutputChoices choices, KeptInputs? kept, Func<Stream> standardInput, CancellationToken stop) =>
        Watch(
            work =>
            {
                using var context = new CommandContext(work, standardInput, InputOptions.Read(arguments), kept);
                return command.Run(arguments, context);
            },
            choices,
            stop);

    /// <summary>Does something with progress shown, and warnings after it.</summary>
    public static T Watch<T>(Func<Work, T> run, OutputChoices choices, CancellationToken stop)
    {
        var warnings = new List<string>();
        try
        {
            return ProgressDisplay.Run(
                progress => run(new Work(progress, warnings.Add, cancellation: stop)),
                shown: !choices.Quiet && !Console.IsErrorRedirected);
        }
        finally
        {
            // Where the command failed they say why, too: that the input is cut.
            if (!choices.Quiet) warnings.ForEach(warning => Console.Error.WriteLine($"holdfast: warning: {warning}"));
        }
    }

    /// <summary>Writes what comes with an answer and is no part of it.</summary>
    public static void GiveAlong(CommandResult result)
    {
        foreach (AttachedFile file in result.Files) AtomicFile.Write(file.Path, stream => stream.Write(Encoding.UTF8.GetBytes(file.Text)));
        foreach (string note in result.Notes) Console.Error.WriteLine(note);
    }

    /// <summary>Runs and turns what goes wrong into a message and an exit code.</summary>
    public static int Guard(Func<int> run)
    {
        try
        {
            return run();
        }
        catch (InputException e)
        {
            return Report(e, e.Message, ExitCode.BadInput);
        }
        catch (OperationCanceledException e)
        {
            return Report(e, "interrupted", ExitCode.Interrupted);
        }
        catch (IOException e) when (IsClosedPipe(e))
        {
            return ExitCode.Fine;
        }
        catch (OutOfMemoryException e)
        {
            return Report(e, "not enough memory. A snapshot needs up to 1.5 times the size of its file.", ExitCode.BadInput);
        }
        catch (Exception e) when (Environment.GetEnvironmentVariable("HOLDFAST_DEBUG") != "1")
        {
            return Report(e, $"internal error: {e.GetType().Name}: {e.Message}. Please report it; HOLDFAST_DEBUG=1 shows where.", ExitCode.BadInput);
        }
    }

    private static int Report(Exception e, string message, int code)
    {
        Console.Error.WriteLine($"holdfast: {message}");
        if (Environment.GetEnvironmentVariable("HOLDFAST_DEBUG") == "1") Console.Error.WriteLine(e);
        return code;
    }

    /// <summary>Ends the process: with grace if the command notices soon, else without.</summary>
    public static void Stop(PosixSignalContext context, CancellationTokenSource stop, bool hasAnswer = false)
    {
        context.Cancel = true;
        stop.Cancel();
        _ = Task.Delay(hasAnswer ? AnswerWithin : StopWithin).ContinueWith(
            _ =>
            {
                Console.Error.WriteLine("holdfast: interrupted");
                Environment.Exit(ExitCode.Interrupted);
            },
            TaskScheduler.Default);
    }

    private static void Write(HoldfastCommand command, CommandResult result, OutputChoices choices)
    {
        if (choices.File is { } file)
        {
            AtomicFile.Write(file, stream => Write(command, result, choices, stream, TextView.Unlimited, color: false));
            return;
        }

        using Stream output = Console.OpenStandardOutput();
        Write(command, result, choices, output, Console.IsOutputRedirected ? TextView.Unlimited : TerminalWidth(), HasColor(choices));
    }

    /// <summary>Whether an answer on standard output has colours.</summary>
    public static bool HasColor(OutputChoices choices) =>
        !Console.IsOutputRedirected && !choices.NoColor && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Writes an answer.</summary>
    /// <param name="command">What was asked.</param>
    /// <param name="result">The answer.</param>
    /// <param name="choices">How it is wanted.</param>
    /// <param name="output">Where to.</param>
    /// <param name="width">Columns.</param>
    /// <param name="color">Whether it has colours.</param>
    /// <param name="compact">Whether JSON is one line.</param>
    public static void Write(HoldfastCommand command, CommandResult result, OutputChoices choices, Stream output, int width, bool color, bool compact = false)
    {
        var buffered = new BufferedStream(output, 64 << 10);
        if (choices.Drawing is { } drawing && result.Graph is { } graph)
        {
            FlameViews.Write(drawing, graph, buffered);
        }
        else if (choices.Json)
        {
            WriteJson(command, result, buffered, compact);
        }
        else
        {
            using var writer = new StreamWriter(buffered, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\n" };
            new TextView(writer, width, color).Write(result.Report);
        }

        // Not closed: what could not be written would be tried again.
        buffered.Flush();
    }

    private static void WriteJson(HoldfastCommand command, CommandResult result, Stream output, bool compact)
    {
        if (compact)
        {
            using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { MaxDepth = command.RecordType.Options.MaxDepth });
            JsonSerializer.Serialize(writer, result.Record, command.RecordType);
        }
        else
        {
            JsonSerializer.Serialize(output, result.Record, command.RecordType);
        }

        output.WriteByte((byte)'\n');
    }

    public static int TerminalWidth() => Console.WindowWidth is > 20 and var width ? width : 80;

    /// <summary>EPIPE: whoever read the output has seen enough.</summary>
    public static bool IsClosedPipe(IOException e) =>
        e.HResult is 32 or unchecked((int)0x8007006D) || e.Message.Contains("Broken pipe", StringComparison.OrdinalIgnoreCase);
}
