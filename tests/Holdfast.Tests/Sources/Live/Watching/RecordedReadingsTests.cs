using Holdfast.Common;
using Holdfast.Model.Watching;
using Holdfast.Sources.Live.Watching;

namespace Holdfast.Tests.Sources.Live.Watching;

/// <summary>Logs of process.memoryUsage() and pages of metrics, as text.</summary>
public sealed class RecordedReadingsTests
{
    [Fact]
    public void JSON_lines_are_read_wherever_the_figures_are_in_them()
    {
        List<Reading> found = ReadLog("""
            {"time":"2026-01-02T03:04:05.500Z","rss":100,"heapTotal":50,"heapUsed":40,"external":7,"arrayBuffers":3}
            {"level":30,"time":1767323050500,"msg":"hello"}
            something else
            {"level":30,"ts":1767323055500,"mem":{"rss":110,"heapTotal":50,"heapUsed":41,"external":7,"arrayBuffers":3},"pid":1}
            """);
        Assert.Equal([0.0, 10.0], found.Select(r => (r.At - found[0].At).TotalSeconds));
        Assert.Equal([40.0, 41.0], found.Select(r => Value(r, "heap_used")));
        Assert.Equal((110.0, 50.0, 7.0, 3.0), (Value(found[1], "rss"), Value(found[1], "heap_total"), Value(found[1], "external"), Value(found[1], "array_buffers")));
    }

    [Fact]
    public void What_the_console_prints_is_read_on_one_line_or_several_with_times_before_it()
    {
        List<Reading> found = ReadLog("""
            2026-01-02 03:04:05 {
              rss: 36_962_304,
              heapTotal: 4792320,
              heapUsed: 3_852_264,
              external: 1074135,
              arrayBuffers: 10515
            }
            [2026-01-02T03:04:07Z] memory: { rss: 5, heapTotal: 4, heapUsed: 3, external: 2, arrayBuffers: 1 }
            { rss: 6, heapUsed: 4 } { rss: 7, heapUsed: 5 }
            rss=100.5 MB heapUsed=50 MiB
            """);
        Assert.Equal([3852264, 3, 4, 5, 50 << 20], found.Select(r => Value(r, "heap_used")));
        Assert.Equal(100.5e6, Value(found[4], "rss"));
        Assert.Equal(2, (found[1].At - found[0].At).TotalSeconds);
    }

    [Fact]
    public void Without_times_readings_are_as_far_apart_as_was_said()
    {
        using var log = new MemoryLog(new StringReader("{ rss: 1, heapUsed: 2 }\n{ rss: 1, heapUsed: 3 }\n"), TimeSpan.FromSeconds(30));
        Reading first = log.Read(TestContext.Current.CancellationToken)!, second = log.Read(TestContext.Current.CancellationToken)!;
        Assert.Equal(30, (second.At - first.At).TotalSeconds);
        Assert.True(log.LacksTimes);
        Assert.Null(log.Read(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Threads_are_told_apart() =>
        Assert.Equal(["main", "network"], ReadLog("{\"thread\":\"main\",\"rss\":5,\"heapUsed\":1}\n{\"thread\":\"network\",\"rss\":5,\"heapUsed\":2}\n").Select(r => r.Measures[0].Thread));

    [Fact]
    public void A_log_without_figures_has_no_readings_and_of_a_line_MaxLogLine_characters_are_looked_at()
    {
        Assert.Empty(ReadLog("rss: 5\nnothing\n"));
        Assert.Empty(ReadLog(new string('x', Limits.MaxLogLine) + "{ rss: 1, heapUsed: 2 }\n"));
        Assert.Single(ReadLog(new string('x', 100) + "{ rss: 1, heapUsed: 2 }\n"));
    }

    [Fact]
    public void A_page_of_metrics_has_figures_of_threads_by_what_stands_before_their_names()
    {
        const string Page = """
            # HELP nodejs_heap_size_used_bytes Process heap size used.
            # TYPE nodejs_heap_size_used_bytes gauge
            nodejs_heap_size_used_bytes 1.5e+06
            nodejs_heap_size_total_bytes{app="x"} 2000000 1395066363000
            nodejs_external_memory_bytes 300
            process_resident_memory_bytes 9000000
            nodejs_heap_space_size_used_bytes{space="old"} 700
            nodejs_heap_space_size_used_bytes{space="new"} 70
            network_worker_nodejs_heap_size_used_bytes 42
            network_worker_nodejs_heap_space_size_used_bytes{space="old"} 41
            nodejs_active_handles{type="Socket"} 3
            nodejs_active_handles_total 4
            streams_total{dir="in",peer="a}b"} 5
            streams_total{dir="out"} 6
            peers NaN
            broken{x="1" 5
            """;
        List<Measure> found = MetricsPage.Read(Page, ["streams_total", "streams_total{dir=\"out\"}"]);
        double Of(string name, string? thread = null) => found.Single(m => m.Name == name && m.Thread == thread).Value;
        Assert.Equal((1.5e6, 2e6, 300.0, 9e6, 700.0, 4.0), (Of("heap_used"), Of("heap_total"), Of("external"), Of("rss"), Of("old_space"), Of("handles")));
        Assert.Equal((42.0, 41.0), (Of("heap_used", "network_worker"), Of("old_space", "network_worker")));
        Assert.Equal((11.0, 6.0), (Of("streams_total"), Of("streams_total{dir=\"out\"}")));
        Assert.Empty(MetricsPage.Read("go_goroutines 5\n", []));
    }

    private static List<Reading> ReadLog(string text)
    {
        using var log = new MemoryLog(new StringReader(text), TimeSpan.FromSeconds(1));
        var found = new List<Reading>();
        while (log.Read(TestContext.Current.CancellationToken) is { } reading) found.Add(reading);
        return found;
    }

    private static double Value(Reading reading, string name) => reading.Measures.Single(m => m.Name == name).Value;
}
