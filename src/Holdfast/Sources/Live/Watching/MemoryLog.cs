using System.Globalization;
using System.Text.RegularExpressions;
using Holdfast.Common;
using Holdfast.Model.Watching;

namespace Holdfast.Sources.Live.Watching;

/// <summary>
/// A log with what <c>process.memoryUsage()</c> gave, among other lines: as JSON, or as the console prints it, on one line or several; with a
/// time on the line or before it, or none.
/// </summary>
/// <param name="text">The log.</param>
/// <param name="every">Time between readings that have none of their own.</param>
internal sealed partial class MemoryLog(TextReader text, TimeSpan every) : ReadingSource
{
    private readonly Dictionary<string, double> _figures = [];
    private DateTimeOffset? _time;
    private DateTimeOffset _last = DateTimeOffset.UnixEpoch;
    private string? _thread;
    private readonly Queue<Reading> _ready = [];

    public override string Description => "a log of process.memoryUsage()";

    public override bool IsRecorded => true;

    /// <summary>Whether a reading had no time of its own.</summary>
    public bool LacksTimes { get; private set; }

    public override Reading? Read(CancellationToken stop)
    {
        while (_ready.Count == 0)
        {
            stop.ThrowIfCancellationRequested();
            if (ReadLine() is not { } line)
            {
                Finish();
                break;
            }

            ReadFigures(line);
        }

        return _ready.TryDequeue(out Reading? reading) ? reading : null;
    }

    public override void Dispose() => text.Dispose();

    private string? ReadLine()
    {
        try
        {
            // A line of no end would be all of memory.
            var line = new System.Text.StringBuilder();
            for (int c; (c = text.Read()) >= 0;)
            {
                if (c == '\n') return line.ToString();
                if (line.Length < Limits.MaxLogLine) line.Append((char)c);
            }

            return line.Length == 0 ? null : line.ToString();
        }
        catch (IOException e)
        {
            throw new InputException($"the log cannot be read any further: {e.Message}", e);
        }
    }

    private void ReadFigures(string line)
    {
        if (TimeOf(line) is { } time)
        {
            // What came before a new time is another reading.
            if (_figures.Count > 0) Finish();
            _time = time;
        }

        MatchCollection found = Figure().Matches(line);
        if (found.Count > 0 && ThreadName().Match(line) is { Success: true } thread) _thread = thread.Groups["name"].Value;
        foreach (Match match in found)
        {
            string name = match.Groups["name"].Value;
            if (_figures.ContainsKey(name)) Finish();
            if (double.TryParse(match.Groups["number"].Value.Replace("_", "", StringComparison.Ordinal), NumberStyles.Float, CultureInfo.InvariantCulture, out double value))
                _figures[name] = value * Unit(match.Groups["unit"].Value);
        }

        if (_figures.Count > 0 && line.Contains('}')) Finish();
    }

    private void Finish()
    {
        // Other programs say rss, too.
        if (_figures.ContainsKey("heapUsed"))
        {
            LacksTimes |= _time is null;
            _last = _time ?? _last + every;
            Measure[] measures =
            [
                .. Measured("heapUsed", MeasureNames.HeapUsed, MeasureKind.CollectedBytes, _thread), .. Measured("heapTotal", MeasureNames.HeapTotal, MeasureKind.Bytes, _thread),
                .. Measured("external", MeasureNames.External, MeasureKind.Bytes, _thread), .. Measured("arrayBuffers", MeasureNames.ArrayBuffers, MeasureKind.Bytes, _thread),
                .. Measured("rss", MeasureNames.Rss, MeasureKind.Bytes, null),
            ];
            _ready.Enqueue(new Reading(_last, measures, []));
        }

        _figures.Clear();
        (_time, _thread) = (null, null);
    }

    private IEnumerable<Measure> Measured(string name, string measure, MeasureKind kind, string? thread) =>
        _figures.TryGetValue(name, out double value) ? [new Measure(measure, thread, kind, value)] : [];

    private static double Unit(string unit) => unit.ToUpperInvariant() switch
    {
        "KB" => 1e3,
        "MB" => 1e6,
        "GB" => 1e9,
        "KIB" => 1 << 10,
        "MIB" => 1 << 20,
        "GIB" => 1 << 30,
        _ => 1,
    };

    private static DateTimeOffset? TimeOf(string line)
    {
        if (Iso().Match(line) is { Success: true } iso
            && DateTimeOffset.TryParse(iso.ValueSpan, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)) return time;
        if (Epoch().Match(line) is not { Success: true } epoch || !long.TryParse(epoch.Groups["number"].ValueSpan, CultureInfo.InvariantCulture, out long number)) return null;

        // Seconds, or milliseconds, of this age.
        return number > 100_000_000_000 ? DateTimeOffset.FromUnixTimeMilliseconds(number) : DateTimeOffset.FromUnixTimeSeconds(number);
    }

    [GeneratedRegex(@"\b(?<name>rss|heapTotal|heapUsed|external|arrayBuffers)['""]?\s*[:=]\s*['""]?(?<number>\d[\d_]*(?:\.\d+)?)\s*(?<unit>[KMGkmg]i?[Bb])?")]
    private static partial Regex Figure();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?")]
    private static partial Regex Iso();

    [GeneratedRegex(@"(?:^\s*\[?|['""]?(?:time|ts|timestamp|t|now|date)['""]?\s*[:=]\s*)(?<number>1\d{9}(?:\d{3})?)\b", RegexOptions.IgnoreCase)]
    private static partial Regex Epoch();

    [GeneratedRegex(@"['""]?(?:thread|threadName|worker)['""]?\s*[:=]\s*['""]?(?<name>[\w.-]{1,64})", RegexOptions.IgnoreCase)]
    private static partial Regex ThreadName();
}
