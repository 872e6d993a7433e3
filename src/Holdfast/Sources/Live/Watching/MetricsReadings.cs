using Holdfast.Common;
using Holdfast.Model.Watching;

namespace Holdfast.Sources.Live.Watching;

/// <summary>A process's own page of metrics.</summary>
internal sealed class MetricsReadings(Uri address, IReadOnlyList<string> wanted, HttpPages pages) : ReadingSource
{
    private bool _wasRead;

    public override string Description => $"metrics of {address}";

    public override Reading? Read(CancellationToken stop)
    {
        string text;
        try
        {
            text = pages.Get(address, stop);
        }
        catch (InputException) when (_wasRead)
        {
            // It was there before: the process ended, or is stuck.
            return null;
        }

        List<Measure> measures = MetricsPage.Read(text, wanted);
        if (!_wasRead) Check(text, measures);
        _wasRead = true;
        return new Reading(DateTimeOffset.UtcNow, measures, []);
    }

    public override void Dispose() => pages.Dispose();

    private void Check(string text, List<Measure> measures)
    {
        string[] names = [.. MetricsPage.Names(text)];
        if (measures.Count == 0)
            throw new InputException($"{address}: has {names.Length} metrics, none of Node's memory (nodejs_heap_size_used_bytes, process_resident_memory_bytes, with anything before them). Is it the right page?");
        if (wanted.FirstOrDefault(w => !measures.Any(m => m.Name == w)) is { } missing)
            throw new InputException($"{address}: has no metric {missing}. It has {string.Join(", ", names.Take(20))}{(names.Length > 20 ? ", …" : "")}.");
    }
}
