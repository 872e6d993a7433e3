using System.Globalization;
using Holdfast.Model.Watching;

namespace Holdfast.Sources.Live.Watching;

/// <summary>A page of metrics in Prometheus' text format. Source: prometheus.io, Exposition formats; names as prom-client has them.</summary>
internal static class MetricsPage
{
    private const string SpaceUsed = "nodejs_heap_space_size_used_bytes";

    /// <summary>What is read of any page, whatever stands before these names.</summary>
    private static readonly (string Metric, string Name, MeasureKind Kind)[] Known =
    [
        ("nodejs_heap_size_used_bytes", MeasureNames.HeapUsed, MeasureKind.CollectedBytes),
        ("nodejs_heap_size_total_bytes", MeasureNames.HeapTotal, MeasureKind.Bytes),
        ("nodejs_external_memory_bytes", MeasureNames.External, MeasureKind.Bytes),
        ("nodejs_array_buffers_bytes", MeasureNames.ArrayBuffers, MeasureKind.Bytes),
        ("process_resident_memory_bytes", MeasureNames.Rss, MeasureKind.Bytes),
        ("process_open_fds", MeasureNames.OpenFiles, MeasureKind.Count),
        ("nodejs_active_handles_total", MeasureNames.Handles, MeasureKind.Count),
    ];

    /// <summary>A metric with what stands in its braces.</summary>
    internal readonly record struct Metric(string Name, string Labels, double Value);

    /// <param name="text">The page.</param>
    /// <param name="wanted">Other metrics to read by name, with braces or summed over all.</param>
    public static List<Measure> Read(string text, IReadOnlyList<string> wanted)
    {
        var found = new List<Measure>();
        List<Metric> metrics = Parse(text);
        foreach (Metric metric in metrics)
        {
            foreach ((string name, string measure, MeasureKind kind) in Known)
            {
                if (ThreadOf(metric.Name, name) is { } thread) Add(found, new(measure, Named(thread), kind, metric.Value));
            }

            if (ThreadOf(metric.Name, SpaceUsed) is { } owner && Label(metric.Labels, "space") is { } space)
                Add(found, new(MeasureNames.Space(space), Named(owner), space is "new" or "new_space" ? MeasureKind.Bytes : MeasureKind.CollectedBytes, metric.Value));
        }

        foreach (string name in wanted)
        {
            Metric[] own = [.. metrics.Where(m => m.Name == name || $"{m.Name}{{{m.Labels}}}" == name)];
            if (own.Length > 0) found.Add(new(name, null, MeasureKind.Count, own.Sum(m => m.Value)));
        }

        return found;
    }

    /// <summary>Names of all metrics, for saying which there are.</summary>
    public static IEnumerable<string> Names(string text) => Parse(text).Select(m => m.Name).Distinct();

    internal static List<Metric> Parse(string text)
    {
        var found = new List<Metric>();
        foreach (ReadOnlySpan<char> raw in text.AsSpan().EnumerateLines())
        {
            ReadOnlySpan<char> line = raw.Trim();
            if (line.IsEmpty || line[0] == '#') continue;
            int brace = line.IndexOf('{'), blank = line.IndexOfAny(' ', '\t');
            string labels = "";
            ReadOnlySpan<char> name, rest;
            if (brace >= 0 && (blank < 0 || brace < blank))
            {
                int end = EndOfLabels(line, brace);
                if (end < 0) continue;
                name = line[..brace];
                labels = line[(brace + 1)..end].ToString();
                rest = line[(end + 1)..].Trim();
            }
            else if (blank > 0)
            {
                name = line[..blank];
                rest = line[blank..].Trim();
            }
            else
            {
                continue;
            }

            int next = rest.IndexOfAny(' ', '\t');
            if (double.TryParse(next < 0 ? rest : rest[..next], NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value))
                found.Add(new Metric(name.ToString(), labels, value));
        }

        return found;
    }

    /// <summary>Where the brace closes: not inside a text.</summary>
    private static int EndOfLabels(ReadOnlySpan<char> line, int from)
    {
        bool inText = false;
        for (int i = from; i < line.Length; i++)
        {
            if (inText && line[i] == '\\') i++;
            else if (line[i] == '"') inText = !inText;
            else if (!inText && line[i] == '}') return i;
        }

        return -1;
    }

    /// <summary>What stands before a known name: empty where nothing does; null where the name is another.</summary>
    private static string? ThreadOf(string metric, string name) =>
        metric == name ? "" : metric.EndsWith("_" + name, StringComparison.Ordinal) ? metric[..^(name.Length + 1)] : null;

    private static string? Named(string prefix) => prefix.Length == 0 ? null : prefix;

    private static string? Label(string labels, string name)
    {
        int at = labels.IndexOf(name + "=\"", StringComparison.Ordinal);
        if (at < 0) return null;
        int from = at + name.Length + 2, to = labels.IndexOf('"', from);
        return to < 0 ? null : labels[from..to];
    }

    /// <summary>Several of one name, by other labels, are one figure.</summary>
    private static void Add(List<Measure> found, Measure measure)
    {
        int at = found.FindIndex(m => m.Name == measure.Name && m.Thread == measure.Thread);
        if (at < 0) found.Add(measure);
        else found[at] = found[at] with { Value = found[at].Value + measure.Value };
    }
}
