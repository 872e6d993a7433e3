using CsCheck;
using Holdfast.Analyses;
using Holdfast.Analyses.Leaks;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses.Leaks;

/// <summary>What sets of objects keep alone equals its definition, on any graph.</summary>
public sealed class RetainedGrowthTests
{
    private const int Sets = 3;

    [Fact]
    public void Bytes_of_a_set_are_what_nothing_else_reaches_once_all_sets_are_gone() =>
        Gen.Select(HeapShape.Any, Gen.Int[-1, Sets - 1].Array[14], Gen.Bool.Array[14]).Sample(
            (shape, sets, counts) =>
            {
                sets[0] = -1;
                Assert.Equal(Naive(shape, sets, counts), Measure(shape.Build(), sets, counts));
            },
            iter: 3000);

    [Fact]
    public void What_two_sets_lead_to_counts_for_none_of_them()
    {
        var builder = new HeapBuilder();
        NodeIndex a = builder.RootObject("A", 10), b = builder.RootObject("B", 20), shared = builder.Object("C", 300), own = builder.Object("D", 4000), below = builder.Object("E", 50_000);
        builder.Property(a, "x", shared).Property(b, "x", shared).Property(a, "y", own).Property(shared, "z", below);
        Assert.Equal([4010L, 20], Measure(builder.Build(), [-1, 0, 1, -1, -1, -1], [.. Enumerable.Repeat(true, 6)], number: 2));
    }

    [Fact]
    public void What_is_reached_from_elsewhere_does_not_count()
    {
        var builder = new HeapBuilder();
        NodeIndex a = builder.RootObject("A", 10), other = builder.RootObject("B", 20);
        NodeIndex value = builder.Object("C", 300), cached = builder.Object("D", 4000), cache = builder.Node(NodeType.Hidden, "system / FeedbackCell");
        builder.Property(a, "x", value).Property(other, "x", value).Property(a, "y", cached).Internal(builder.Root, "cell", cache).Internal(cache, "value", cached);
        Assert.Equal([4010L], Measure(builder.Build(), [-1, 0, -1, -1, -1, -1], [.. Enumerable.Repeat(true, 6)], number: 1));
    }

    private static long[] Measure(HeapGraph graph, int[] sets, bool[] counts, int number = Sets)
    {
        using var heap = new Heap(graph, Work.Unwatched);
        using V8Noise noise = V8Noise.Run(graph, Work.Unwatched);
        using var column = new Column<short>(graph.NodeCount);
        for (int node = 0; node < graph.NodeCount; node++) column[node] = (short)sets[node];
        return RetainedGrowth.Run(heap, noise, column, number, node => counts[(int)node], Work.Unwatched);
    }

    private static long[] Naive(HeapShape shape, int[] sets, bool[] counts)
    {
        long[] shallow = new NaiveHeap(shape).ShallowSizes();
        HashSet<int> reached = Reach(shape, sets, [0]);
        HashSet<int>[] led = [.. Enumerable.Range(0, Sets).Select(set =>
            Reach(shape, sets, Enumerable.Range(0, shape.Nodes.Length).Where(node => sets[node] == set)).Where(node => sets[node] < 0).Except(reached).ToHashSet())];
        return
        [
            .. Enumerable.Range(0, Sets).Select(set => Enumerable.Range(0, shape.Nodes.Length)
                .Where(node => counts[node] && (sets[node] == set || (led[set].Contains(node) && led.Count(l => l.Contains(node)) == 1)))
                .Sum(node => shallow[node])),
        ];
    }

    /// <summary>What some nodes lead to without passing a node of a set; these nodes are among it.</summary>
    private static HashSet<int> Reach(HeapShape shape, int[] sets, IEnumerable<int> from)
    {
        var reached = new HashSet<int>(from);
        var waiting = new Queue<int>(reached);
        while (waiting.TryDequeue(out int node))
        {
            foreach (EdgeShape edge in shape.EdgesFrom[node])
            {
                if (edge.Type != EdgeType.Weak && !NaiveHeap.IsFromOwnTable(edge) && sets[edge.To] < 0 && reached.Add(edge.To)) waiting.Enqueue(edge.To);
            }
        }

        return reached;
    }
}
