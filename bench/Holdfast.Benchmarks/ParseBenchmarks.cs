using System.Text;
using BenchmarkDotNet.Attributes;
using Holdfast.Common;
using Holdfast.Sources.Snapshot;

namespace Holdfast.Benchmarks;

/// <summary>Text to numbers, by the vector path and its plain twin, and a whole file to a graph on one and on all threads.</summary>
[MemoryDiagnoser]
public class ParseBenchmarks
{
    private const int TextBytes = 1 << 20;
    private readonly ulong[] _values = new ulong[4096];
    private byte[] _padded = [];

    [Params(false, true)]
    public bool Newlines { get; set; }

    [GlobalSetup]
    public void MakeText()
    {
        var random = new Random(1);
        var text = new StringBuilder(new string(' ', NumberTokenizer.FrontPadding));
        while (text.Length < TextBytes)
        {
            text.Append(random.Next(7)).Append(',').Append(random.Next(1 << random.Next(1, 20))).Append(',')
                .Append(random.Next(40_000_000)).Append(Newlines ? "\n," : ",");
        }

        _padded = Encoding.ASCII.GetBytes(text.ToString());
    }

    [Benchmark(Baseline = true)]
    public int TokenizePlain() => Tokenize(vector: false);

    [Benchmark]
    public int TokenizeVector() => Tokenize(vector: true);

    [Benchmark]
    public int ReadFileOneThread() => ReadFile(1);

    [Benchmark]
    public int ReadFileAllThreads() => ReadFile(0);

    private static int ReadFile(int threads)
    {
        using var graph = BenchmarkFile.Load(new Work(threads: threads));
        return graph.NodeCount;
    }

    private int Tokenize(bool vector)
    {
        var tokens = new NumberTokenizer(_padded, vector);
        int count = 0, read;
        while ((read = tokens.Read(_values)) > 0) count += read;
        return count;
    }
}
