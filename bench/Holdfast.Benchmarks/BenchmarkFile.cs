using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources;

namespace Holdfast.Benchmarks;

/// <summary>
/// The snapshot that is measured: the one HOLDFAST_BENCH_FILE names (bench/compare.sh makes large ones), else the
/// repository's sample.
/// </summary>
public static class BenchmarkFile
{
    public static string Path { get; } = Environment.GetEnvironmentVariable("HOLDFAST_BENCH_FILE") ?? FindSample();

    public static HeapGraph Load(Work work) => SourceDetector.Load(Path, Console.OpenStandardInput, work);

    private static string FindSample()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            string sample = System.IO.Path.Combine(folder.FullName, "samples", "leaky-t2.heapsnapshot.zst");
            if (File.Exists(sample)) return sample;
        }

        throw new FileNotFoundException("samples/leaky-t2.heapsnapshot.zst is not above the benchmark's folder; set HOLDFAST_BENCH_FILE.");
    }
}
