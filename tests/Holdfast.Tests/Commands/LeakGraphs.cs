using Holdfast.Model;
using Holdfast.Tests.Analyses.Leaks;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Commands;

/// <summary>Series for the tests of commands that look for leaks.</summary>
internal static class LeakGraphs
{
    /// <summary>Objects left behind in every interval.</summary>
    public const int Growth = 30;

    /// <summary>Three snapshots in which 30 objects of 100 bytes of every class are added to a Map of its own each time.</summary>
    public static HeapGraph[] Leaky(params string[] classes)
    {
        var heap = new LiveHeap();
        int[] tables = [.. classes.Select((_, i) => heap.Table(heap.Global($"map{i}", "Map")))];
        return Build(heap.Rounds(3, round =>
        {
            for (int i = 0; i < classes.Length; i++) LeakSearchTests.Fill(heap, tables[i], round, classes[i], size: 100);
        }));
    }

    /// <summary>Three snapshots in which 30 objects take the place of 30 others.</summary>
    public static HeapGraph[] Quiet()
    {
        var heap = new LiveHeap();
        int table = heap.Table(heap.Global("cache", "Map"));
        return Build(heap.Rounds(3, _ => LeakSearchTests.Fill(heap, table, 0, "Page")));
    }

    public static string[] Write(TemporaryFolder folder, HeapGraph[] graphs) =>
        [.. graphs.Select((graph, i) => folder.Write($"{i}.heapsnapshot", Snapshots.Write(graph)))];

    private static HeapGraph[] Build(Func<HeapGraph>[] snapshots) => [.. snapshots.Select(s => s())];
}
