using BenchmarkDotNet.Attributes;
using Holdfast.Analyses;
using Holdfast.Common;

namespace Holdfast.Benchmarks;

/// <summary>Ordering objects by id, beside the framework's sort.</summary>
public class DiffBenchmarks
{
    private readonly ulong[] _ids = new ulong[1 << 20];
    private readonly int[] _nodes = new int[1 << 20];
    private ulong[] _source = [];

    [GlobalSetup]
    public void MakeIds()
    {
        _source = new ulong[_ids.Length];
        for (int i = 0; i < _source.Length; i++) _source[i] = (ulong)i * 2 + 1;
        new Random(1).Shuffle(_source);
    }

    [IterationSetup]
    public void Reset()
    {
        _source.CopyTo(_ids, 0);
        for (int i = 0; i < _nodes.Length; i++) _nodes[i] = i;
    }

    [Benchmark(Baseline = true)]
    public void FrameworkSort() => Array.Sort(_ids, _nodes);

    [Benchmark]
    public void OrderByNarrowIds() => ObjectIds.SortNarrow(_ids, _nodes, Work.Unwatched);

    [Benchmark]
    public void OrderByIds() => ObjectIds.Sort(_ids, _nodes, Work.Unwatched);
}
