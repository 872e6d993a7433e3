using Holdfast.Model.Watching;

namespace Holdfast.Analyses.Growth;

/// <summary>The readings of one process so far, by figure.</summary>
public sealed class WatchedProcess
{
    private readonly Dictionary<(string Name, string? Thread), WatchedSeries> _series = [];
    private readonly List<WatchedSeries> _inOrder = [];
    private readonly int _mostSamples;
    private DateTimeOffset? _first;

    /// <param name="mostSamples">Readings of a figure that are kept; where there are more, every second one goes.</param>
    public WatchedProcess(int mostSamples = Common.Limits.MaxWatchSamples) => _mostSamples = mostSamples;

    /// <summary>In the order they came.</summary>
    public IReadOnlyList<WatchedSeries> Series => _inOrder;

    public int Readings { get; private set; }

    /// <summary>When the first reading was.</summary>
    public DateTimeOffset Start => _first ?? default;

    /// <summary>Time from the first to the last reading.</summary>
    public double Seconds { get; private set; }

    /// <summary>What the last reading's figures must not reach.</summary>
    public IReadOnlyList<MemoryLimit> Limits { get; private set; } = [];

    public void Add(Reading reading)
    {
        _first ??= reading.At;

        // Clocks of logs may go back: time does not.
        Seconds = Math.Max(Seconds, (reading.At - _first.Value).TotalSeconds);
        Readings++;
        Limits = reading.Limits;
        foreach (Measure measure in (IEnumerable<Measure>)[.. reading.Measures, .. OutsideHeap(reading)])
        {
            if (!_series.TryGetValue((measure.Name, measure.Thread), out WatchedSeries? series))
            {
                if (_inOrder.Count >= Common.Limits.MaxWatchedSeries) continue;
                series = _series[(measure.Name, measure.Thread)] = new WatchedSeries(measure.Name, measure.Thread, measure.Kind, _mostSamples);
                _inOrder.Add(series);
            }

            series.Add(new Sample(Seconds, measure.Value));
        }
    }

    /// <summary>Resident memory less V8's heaps, where a source does not say itself what is outside of them.</summary>
    private static IEnumerable<Measure> OutsideHeap(Reading reading)
    {
        double? rss = null;
        double heaps = 0;
        bool hasMain = false;
        foreach (Measure measure in reading.Measures)
        {
            if (measure.Name == MeasureNames.OutsideHeap) yield break;
            if (measure.Name == MeasureNames.Rss) rss = measure.Value;
            if (measure.Name != MeasureNames.HeapTotal) continue;
            heaps += measure.Value;
            hasMain |= measure.Thread is null or "main";
        }

        if (rss is { } all && hasMain) yield return new Measure(MeasureNames.OutsideHeap, null, MeasureKind.Bytes, Math.Max(0, all - heaps));
    }

    /// <summary>The series of a name; of several threads' the main one's, or the first.</summary>
    public WatchedSeries? Find(string name, string? thread = null) =>
        thread is not null ? _series.GetValueOrDefault((name, thread))
        : _series.GetValueOrDefault((name, null)) ?? _series.GetValueOrDefault((name, "main")) ?? _inOrder.Find(s => s.Name == name);
}

/// <summary>One figure over time.</summary>
public sealed class WatchedSeries(string name, string? thread, MeasureKind kind, int most)
{
    private readonly List<Sample> _samples = [];

    public string Name => name;

    public string? Thread => thread;

    public MeasureKind Kind => kind;

    public IReadOnlyList<Sample> Samples => _samples;

    public double Last => _samples[^1].Value;

    internal void Add(Sample sample)
    {
        if (_samples.Count >= most) Thin();
        _samples.Add(sample);
    }

    /// <summary>Of each two the lower one stays: floors are what is asked for.</summary>
    private void Thin()
    {
        int kept = 0;
        for (int i = 0; i + 1 < _samples.Count; i += 2) _samples[kept++] = _samples[i].Value <= _samples[i + 1].Value ? _samples[i] : _samples[i + 1];
        _samples.RemoveRange(kept, _samples.Count - kept);
    }
}
