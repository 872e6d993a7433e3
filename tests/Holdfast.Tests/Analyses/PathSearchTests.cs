using System.Globalization;
using CsCheck;
using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses;

/// <summary>Which way from the root counts as an object's retaining path.</summary>
public sealed class PathSearchTests
{
    [Fact]
    public void The_shortest_way_is_chosen()
    {
        var builder = new HeapBuilder();
        NodeIndex foo = builder.Object("Foo"), near = builder.Object("Near");
        NodeIndex above = builder.RootObject("A"), far = builder.Object("Far");
        builder.Property(above, "far", far).Property(far, "near", near).Property(near, "foo", foo).Property(above, "near", near);
        Assert.Equal([builder.Root, above, near, foo], PathTo(builder, foo));
    }

    [Fact]
    public void Of_equal_ways_the_first_in_the_order_of_the_graph_is_chosen()
    {
        var builder = new HeapBuilder();
        NodeIndex foo = builder.Object("Foo");
        NodeIndex first = builder.RootObject("A"), second = builder.RootObject("B");
        builder.Property(second, "foo", foo).Property(first, "foo", foo);
        Assert.Equal([builder.Root, first, foo], PathTo(builder, foo));
    }

    [Fact]
    public void A_longer_way_from_the_programs_roots_is_better_than_a_short_one_from_V8s()
    {
        var builder = new HeapBuilder();
        NodeIndex foo = builder.Object("Foo"), handles = builder.Node(NodeType.Synthetic, "(Global handles)");
        builder.Element(builder.Root, 1, handles).Internal(handles, "1", foo);
        NodeIndex global = builder.RootObject("Global"), a = builder.Object("A"), b = builder.Object("B");
        builder.Property(global, "a", a).Property(a, "b", b).Property(b, "foo", foo);
        Assert.Equal([builder.Root, global, a, b, foo], PathTo(builder, foo));
    }

    [Fact]
    public void What_only_V8s_roots_hold_is_found_from_there()
    {
        var builder = new HeapBuilder();
        builder.RootObject("Global");
        NodeIndex foo = builder.Object("Foo"), handles = builder.Node(NodeType.Synthetic, "(Global handles)");
        builder.Element(builder.Root, 2, handles).Internal(handles, "1", foo);
        Assert.Equal([builder.Root, handles, foo], PathTo(builder, foo));
    }

    [Fact]
    public void Weak_edges_lead_nowhere()
    {
        var builder = new HeapBuilder();
        NodeIndex global = builder.RootObject("Global"), strong = builder.Object("A"), foo = builder.Object("Foo"), loose = builder.Object("Loose");
        builder.Weak(global, "foo", foo).Property(global, "a", strong).Property(strong, "foo", foo).Weak(global, "loose", loose);
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        using PathSearch search = PathSearch.Run(heap, null, Work.Unwatched);
        Assert.Equal([builder.Root, global, strong, foo], search.PathTo(foo));
        Assert.False(search.IsReached(loose));
    }

    [Fact]
    public void A_value_of_a_WeakMap_hangs_under_its_key_even_if_the_table_is_nearer()
    {
        var builder = new HeapBuilder();
        NodeIndex table = builder.RootObject("Table"), holder = builder.RootObject("Holder"), key = builder.Object("Key"), foo = builder.Object("Foo");
        builder.Property(holder, "key", key);
        foreach ((NodeIndex from, int number) in ((NodeIndex, int)[])[(table, 1), (key, 2)])
        {
            builder.Internal(from, $"{number} / part of key (Key @{HeapShape.IdOf((int)key)}) -> value (Foo @{HeapShape.IdOf((int)foo)}) "
                + $"pair in WeakMap (table @{HeapShape.IdOf((int)table)})", foo);
        }

        Assert.Equal([builder.Root, holder, key, foo], PathTo(builder, foo));
    }

    [Fact]
    public void V8s_own_bookkeeping_is_left_only_after_everything_else()
    {
        var builder = new HeapBuilder();
        NodeIndex vector = builder.Node(NodeType.Hidden, "system / FeedbackVector", 8), foo = builder.Object("Foo"), only = builder.Object("Only");
        builder.Element(builder.Root, 1, vector).Internal(vector, "0", foo).Internal(vector, "1", only);
        NodeIndex handles = builder.Node(NodeType.Synthetic, "(Global handles)"), a = builder.Object("A");
        builder.Element(builder.Root, 2, handles).Internal(handles, "1", a).Property(a, "foo", foo);
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        using V8Noise noise = V8Noise.Run(heap.Graph, Work.Unwatched);
        using PathSearch without = PathSearch.Run(heap, noise, Work.Unwatched), with = PathSearch.Run(heap, null, Work.Unwatched);
        Assert.Equal([builder.Root, handles, a, foo], without.PathTo(foo));
        Assert.Equal([builder.Root, vector, foo], with.PathTo(foo));
        Assert.Equal([builder.Root, vector, only], without.PathTo(only));
        Assert.DoesNotContain(only, without.Order[..without.ReachedWithoutNoise].ToArray());
        Assert.Contains(foo, without.Order[..without.ReachedWithoutNoise].ToArray());
    }

    [Fact]
    public void On_random_graphs_every_way_is_made_of_edges_that_count_and_none_is_shorter() => HeapShape.Any.Sample(
        shape =>
        {
            using var heap = new Heap(shape.Build(), Work.Unwatched);
            using PathSearch search = PathSearch.Run(heap, null, Work.Unwatched);
            int[] expected = Lengths(shape);
            for (int node = 0; node < expected.Length; node++)
            {
                Assert.Equal(expected[node] >= 0, search.IsReached((NodeIndex)node));
                if (expected[node] < 0) continue;
                List<NodeIndex> path = search.PathTo((NodeIndex)node);
                Assert.Equal(expected[node], path.Count - 1);
                for (int i = 1; i < path.Count; i++)
                {
                    var edge = (int)search.ParentEdge(path[i]);
                    Assert.Equal(path[i], heap.Graph.EdgeTargets[edge]);
                    Assert.InRange(edge, heap.Graph.FirstEdges[(int)path[i - 1]], heap.Graph.FirstEdges[(int)path[i - 1] + 1] - 1);
                    Assert.NotEqual(EdgeType.Weak, heap.Graph.EdgeTypes[edge]);
                }
            }
        },
        iter: 4_000);

    /// <summary>Edges of the shortest way to each node, from the program's roots if there is one, else from any; -1 for none.</summary>
    private static int[] Lengths(HeapShape shape)
    {
        bool IsUserRoot(EdgeShape e) => e.From == 0 && e.To != 0 && shape.Nodes[e.To] is not { Type: NodeType.Synthetic, Name: not "(Document DOM trees)" };
        EdgeShape[] strong = [.. shape.Edges.Where(e => e.Type != EdgeType.Weak)];
        EdgeShape[] counted = [.. strong.Where(e => !IsFromTable(e))];
        int[] user = Relax(shape.Nodes.Length, [.. strong.Where(IsUserRoot), .. counted.Where(e => e.From != 0)]);
        int[] any = Relax(shape.Nodes.Length, [.. strong.Where(IsUserRoot), .. counted]);
        return [.. user.Zip(any, (u, a) => u >= 0 ? u : a)];
    }

    private static bool IsFromTable(EdgeShape edge) => edge.Type == EdgeType.Internal
        && edge.Name.EndsWith(string.Create(CultureInfo.InvariantCulture, $"(table @{HeapShape.IdOf(edge.From)})"), StringComparison.Ordinal);

    private static int[] Relax(int count, EdgeShape[] edges)
    {
        int[] lengths = [0, .. Enumerable.Repeat(-1, count - 1)];
        for (int round = 0; round < count; round++)
        {
            foreach (EdgeShape e in edges)
            {
                if (lengths[e.From] >= 0 && (lengths[e.To] < 0 || lengths[e.To] > lengths[e.From] + 1)) lengths[e.To] = lengths[e.From] + 1;
            }
        }

        return lengths;
    }

    private static List<NodeIndex> PathTo(HeapBuilder builder, NodeIndex node)
    {
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        using PathSearch search = PathSearch.Run(heap, null, Work.Unwatched);
        return search.PathTo(node);
    }
}
