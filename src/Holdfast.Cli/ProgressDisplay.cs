using System.Runtime.ExceptionServices;
using Holdfast.Common;
using Spectre.Console;

namespace Holdfast.Cli;

/// <summary>Shows how far longer work has come, on a terminal's standard error.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan ShownAfter = TimeSpan.FromMilliseconds(500);

    public static T Run<T>(Func<IProgress<ProgressStep>?, T> work, bool shown)
    {
        if (!shown) return work(null);
        var latest = new Latest();
        Task<T> task = Task.Run(() => work(latest));
        if (!Wait(task, ShownAfter)) Show(task, latest);
        return task.GetAwaiter().GetResult();
    }

    private static bool Wait(Task task, TimeSpan time)
    {
        try
        {
            return task.Wait(time);
        }
        catch (AggregateException e)
        {
            ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
            throw;
        }
    }

    private static void Show(Task task, Latest latest)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .Start(context =>
            {
                ProgressTask bar = context.AddTask("working", maxValue: 1);
                while (!task.IsCompleted)
                {
                    ProgressStep step = latest.Step;
                    bar.Description = Markup.Escape(step.Stage);
                    bar.IsIndeterminate = step.Fraction < 0;
                    bar.Value = Math.Clamp(step.Fraction, 0, 1);
                    Thread.Sleep(80);
                }
            });
    }

    private sealed class Latest : IProgress<ProgressStep>
    {
        private readonly Lock _lock = new();
        private ProgressStep _step = new("working", -1);

        public ProgressStep Step
        {
            get
            {
                lock (_lock) return _step;
            }
        }

        public void Report(ProgressStep value)
        {
            lock (_lock) _step = value;
        }
    }
}
