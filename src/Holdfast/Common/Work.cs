namespace Holdfast.Common;

/// <summary>A step of a longer piece of work, for a progress display.</summary>
/// <param name="Stage">What is being done, in a few words.</param>
/// <param name="Fraction">How much of this stage is done, 0 to 1, or a negative number where that is not known.</param>
public readonly record struct ProgressStep(string Stage, double Fraction);

/// <summary>
/// What every longer piece of work is given: where to report progress and warnings, when to stop,
/// and how many threads it may use.
/// </summary>
public sealed class Work
{
    private readonly IProgress<ProgressStep>? _progress;
    private readonly Action<string>? _warn;
    private readonly Action<string>? _announce;

    public Work(
        IProgress<ProgressStep>? progress = null,
        Action<string>? warn = null,
        int threads = 0,
        Action<string>? announce = null,
        CancellationToken cancellation = default)
    {
        _announce = announce;
        Cancellation = cancellation;
        _progress = progress;
        _warn = warn;
        Threads = threads > 0 ? threads : Math.Clamp(Environment.ProcessorCount, 1, 16);
    }

    /// <summary>Work nobody watches: no progress, no warnings shown, never cancelled.</summary>
    public static Work Unwatched { get; } = new();

    public CancellationToken Cancellation { get; }

    /// <summary>Threads this work may keep busy, at least 1.</summary>
    public int Threads { get; }

    public void Report(string stage, double fraction = -1) => _progress?.Report(new ProgressStep(stage, fraction));

    /// <summary>Says something the user must know about the answer: what is missing from it, or how it was arrived at.</summary>
    public void Warn(string message) => _warn?.Invoke(message);

    /// <summary>Waits, and less where it is cancelled.</summary>
    public void Wait(TimeSpan time)
    {
        Cancellation.WaitHandle.WaitOne(time);
        ThrowIfCancelled();
    }

    /// <summary>Says something before the work goes on, which whoever waits may want to stop for.</summary>
    public void Announce(string message) => (_announce ?? _warn)?.Invoke(message);

    public void ThrowIfCancelled() => Cancellation.ThrowIfCancellationRequested();

    /// <summary>Cheap check for hot loops: looks at the token every 64 Ki items.</summary>
    public void ThrowIfCancelled(int item)
    {
        if ((item & 0xFFFF) == 0) Cancellation.ThrowIfCancellationRequested();
    }
}
