using System.Diagnostics;
using Holdfast.Analyses.Growth;
using Holdfast.Common;
using Holdfast.Model.Watching;
using Holdfast.Reports;
using Holdfast.Sources.Live.Watching;

namespace Holdfast.Commands;

/// <summary>Takes readings until it is time, there are no more, a condition holds, or it is interrupted.</summary>
internal sealed class WatchRun(WatchSettings settings, ReadingSource source, WatchCapture? capture, CommandContext context)
{
    public const string Time = "time";
    public const string NoMore = "no_more";
    public const string Captured = "captured";
    public const string Interrupted = "interrupted";

    /// <summary>Logs are read faster than anyone looks.</summary>
    private static readonly TimeSpan ShownEvery = TimeSpan.FromMilliseconds(200);

    public WatchedProcess Process { get; } = new();

    /// <summary>Why it ended.</summary>
    public string End { get; private set; } = NoMore;

    public WatchCaptureRecord? Capture { get; private set; }

    /// <param name="describe">What is shown meanwhile.</param>
    public void Run(Func<Report> describe)
    {
        var clock = Stopwatch.StartNew();
        TimeSpan shown = TimeSpan.MinValue, due = TimeSpan.Zero;
        if (settings.CaptureWhen is { } condition) Capture = new WatchCaptureRecord(condition.Text, null, [], null);
        try
        {
            while (source.Read(context.Work.Cancellation) is { } reading)
            {
                Process.Add(OfThread(reading));
                if (shown + ShownEvery <= clock.Elapsed || shown == TimeSpan.MinValue)
                {
                    context.Live?.Invoke(describe());
                    shown = clock.Elapsed;
                }

                if (IsToCapture())
                {
                    End = Captured;
                    return;
                }

                if (source.IsRecorded) continue;
                due += settings.Every;
                if (settings.For is { } time && due > time)
                {
                    End = Time;
                    return;
                }

                // A reading that took long does not delay those that come after.
                TimeSpan wait = due - clock.Elapsed;
                if (wait <= TimeSpan.Zero) due = clock.Elapsed;
                else if (context.Work.Cancellation.WaitHandle.WaitOne(wait)) break;
                context.Work.ThrowIfCancelled();
            }
        }
        catch (OperationCanceledException) when (Process.Readings > 0)
        {
            End = Interrupted;
            return;
        }

        if (context.Work.Cancellation.IsCancellationRequested) End = Interrupted;
    }

    private Reading OfThread(Reading reading)
    {
        if (settings.Thread is not { } thread || thread == "all") return reading;
        Measure[] own = [.. reading.Measures.Where(m => m.Thread is null || m.Thread == thread)];
        if (own.Any(m => m.Thread == thread)) return reading with { Measures = own };
        string names = string.Join(", ", reading.Measures.Select(m => m.Thread).Where(t => t is not null).Distinct());
        throw new InputException($"{settings.Target}: has no thread {thread}. It has {(names.Length == 0 ? "none that can be told apart" : names)}.");
    }

    private bool IsToCapture()
    {
        if (capture is null || settings.CaptureWhen is not { } condition || !condition.Holds(Process)) return false;
        try
        {
            Capture = new WatchCaptureRecord(condition.Text, Process.Seconds, capture.Run(context), null);
        }
        catch (InputException e)
        {
            // What was seen until then is still worth saying.
            Capture = new WatchCaptureRecord(condition.Text, Process.Seconds, [], e.Message);
            context.Work.Warn($"nothing was captured: {e.Message}");
        }

        return true;
    }
}
