using Holdfast.Common;
using Holdfast.Sources.Live.Inspector;

namespace Holdfast.Sources.Live.Watching;

/// <summary>How readings are to be had.</summary>
/// <param name="Every">Time between two.</param>
/// <param name="Wanted">Other figures to read by name.</param>
/// <param name="UseInspector">Whether a process is to be asked by its inspector and not looked at from outside.</param>
/// <param name="OpenInspector">Whether that may be opened.</param>
internal sealed record ReadingOptions(TimeSpan Every, IReadOnlyList<string> Wanted, bool UseInspector, bool OpenInspector);

/// <summary>Finds what gives readings of a target.</summary>
internal static class ReadingSources
{
    /// <param name="target">A live target, the path of a log, or <c>-</c>.</param>
    /// <param name="standardInput">Where <c>-</c> reads from.</param>
    /// <param name="proc">Where processes are looked up.</param>
    /// <param name="options">How.</param>
    /// <param name="work">Cancellation.</param>
    /// <exception cref="InputException">It is none of these, or is not there.</exception>
    public static ReadingSource Open(string target, Func<Stream> standardInput, ProcFolder proc, ReadingOptions options, Work work)
    {
        if (!LiveTarget.IsOne(target)) return new MemoryLog(OpenLog(target, standardInput), options.Every);
        LiveTarget live = LiveTarget.Parse(target);
        switch (live.Kind)
        {
            case LiveTargetKind.Process:
                NodeProcess process = new NodeProcesses(proc).Get(live.Pid);
                return options.UseInspector || options.OpenInspector ? OfInspector(proc, process, options, work) : new ProcReadings(proc, process, work);
            case LiveTargetKind.WebSocket:
                InspectorClient client = InspectorClient.Connect(live.Address!, work.Cancellation);
                return new InspectorReadings(client, target, client);
            default:
                return OfPage(live.Address!, options, work);
        }
    }

    private static InspectorReadings OfInspector(ProcFolder proc, NodeProcess process, ReadingOptions options, Work work)
    {
        using var pages = new HttpPages();
        OpenedInspector opened = OpenedInspector.Connect(proc, process, options.OpenInspector, pages, work.Cancellation);
        return new InspectorReadings(opened.Client, $"pid:{process.Pid}", opened);
    }

    /// <summary>A host without a path may be an inspector; otherwise its metrics are where they usually are.</summary>
    private static ReadingSource OfPage(Uri address, ReadingOptions options, Work work)
    {
        var pages = new HttpPages();
        try
        {
            if (address.AbsolutePath is not ("" or "/")) return new MetricsReadings(address, options.Wanted, pages);
            if (InspectorAddress.TryFind(address, pages, work.Cancellation) is not { } session) return new MetricsReadings(new Uri(address, "/metrics"), options.Wanted, pages);
            InspectorClient client = InspectorClient.Connect(session, work.Cancellation);
            pages.Dispose();
            return new InspectorReadings(client, address.ToString(), client);
        }
        catch
        {
            pages.Dispose();
            throw;
        }
    }

    private static StreamReader OpenLog(string path, Func<Stream> standardInput)
    {
        if (path == "-") return new StreamReader(standardInput());
        try
        {
            return new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new InputException($"{path}: cannot be opened: {e.Message} Expected pid:N, ws://…, http://…, or a log with what process.memoryUsage() gave.", e);
        }
    }
}
