using BenchmarkDotNet.Attributes;
using Holdfast.Analyses;
using Holdfast.Analyses.Derived;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Benchmarks;

/// <summary>What is derived from every graph.</summary>
[MemoryDiagnoser]
public class DerivedBenchmarks
{
    private HeapGraph _graph = null!;
    private WeakMapEdges _weakMaps = null!;
    private DomState _dom = null!;
    private BitColumn _owned = null!;
    private BitColumn _essential = null!;
    private Heap _heap = null!;

    [GlobalSetup]
    public void Load()
    {
        _graph = BenchmarkFile.Load(Work.Unwatched);
        _weakMaps = WeakMapEdges.Run(_graph, Work.Unwatched);
        _dom = DomState.Run(_graph, Work.Unwatched);
        _owned = PageOwnership.Start(_graph);
        PageOwnership.Complete(_graph, _owned, Work.Unwatched);
        _essential = EssentialEdges.Run(_graph, _owned, _weakMaps, Work.Unwatched);
        _heap = new Heap(_graph, Work.Unwatched);
        _ = ClassTable.Run(_heap, Work.Unwatched);
    }

    [Benchmark]
    public int RetainersOfAll()
    {
        using Retainers retainers = Retainers.Run(_graph, Work.Unwatched);
        return retainers.First.Length;
    }

    [Benchmark]
    public int DistancesOfAll()
    {
        using BitColumn marks = PageOwnership.Start(_graph);
        using Distances distances = Distances.Run(_graph, _weakMaps, marks, Work.Unwatched);
        return distances.Span.Length;
    }

    [Benchmark]
    public int Essential()
    {
        using BitColumn essential = EssentialEdges.Run(_graph, _owned, _weakMaps, Work.Unwatched);
        return essential.Length;
    }

    [Benchmark]
    public int Dominators()
    {
        using DominatorTree tree = DominatorTree.Run(_graph, _essential, Work.Unwatched);
        return tree.Order.Length;
    }

    [Benchmark]
    public int Shallow()
    {
        using ShallowSizes sizes = ShallowSizes.Run(_graph, Work.Unwatched);
        return sizes.Column.Length;
    }

    [Benchmark]
    public int Naming()
    {
        using Classes classes = Classes.Run(_graph, _dom, null, new ClassCatalog(), Work.Unwatched);
        return classes.Catalog.Count;
    }

    [Benchmark]
    public int Table() => ClassTable.Run(_heap, Work.Unwatched).Count;
}
