using CsCheck;
using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Analyses;

/// <summary>Retaining paths of many objects, merged into one tree.</summary>
public sealed class RetainingPathsTests
{
    private static readonly PathOptions Everything = new(int.MaxValue, int.MaxValue, 0, All: false);

    [Fact]
    public void Ways_by_the_same_steps_are_one_branch_with_their_objects_and_bytes()
    {
        var builder = new HeapBuilder();
        NodeIndex store = builder.RootObject("Store"), cache = builder.RootObject("Cache");
        for (uint i = 0; i < 3; i++) builder.Element(store, i, builder.Object("Foo", 10));
        builder.Property(cache, "last", builder.Object("Foo", 100));
        RetainingPaths found = Run(builder);
        Assert.Equal(
            [("[]", "Store", -1, 3, 30L, 0), ("[]", "Foo", 0, 3, 30L, 3), ("[]", "Cache", -1, 1, 100L, 0), ("last", "Foo", 2, 1, 100L, 1)],
            found.Branches.Select(b => (b.Step.Edge, b.Step.Label, b.Parent, b.Count, b.ShallowSize, b.Own)));
        Assert.Equal((4, 130L, 130L, 4, 0, 0, 4), (found.Instances, found.ShallowSize, found.RetainedSize, found.Reached, found.OnlyNoise, found.Unreached, found.AllBranches));
    }

    [Fact]
    public void An_object_below_another_is_not_counted_again_in_what_they_retain()
    {
        var builder = new HeapBuilder();
        NodeIndex outer = builder.RootObject("Foo", 10), inner = builder.Object("Foo", 20), payload = builder.Object("Payload", 300);
        builder.Property(outer, "inner", inner).Property(inner, "payload", payload);
        RetainingPaths found = Run(builder);
        Assert.Equal((30L, 330L), (found.ShallowSize, found.RetainedSize));
        Assert.Equal([(2, 330L), (1, 0L)], found.Branches.Select(b => (b.Count, b.RetainedSize)));
    }

    [Fact]
    public void Objects_held_by_bookkeeping_only_or_weakly_are_counted_apart()
    {
        var builder = new HeapBuilder();
        NodeIndex vector = builder.Node(NodeType.Hidden, "system / FeedbackVector", 8), held = builder.RootObject("Foo");
        builder.Element(builder.Root, 2, vector).Internal(vector, "0", builder.Object("Foo")).Internal(vector, "1", held);
        NodeIndex holder = builder.RootObject("Holder");
        builder.Weak(holder, "a", builder.Object("Foo")).Weak(holder, "b", builder.Object("Foo")).Weak(holder, "c", held);
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        RetainingPaths usual = Run(heap, Everything), all = Run(heap, Everything with { All = true });
        Assert.Equal((4, 1, 1, 2), (usual.Instances, usual.Reached, usual.OnlyNoise, usual.Unreached));
        Assert.Equal(["Foo"], usual.Branches.Select(b => b.Step.Label));
        Assert.Equal((2, 2), (all.Reached, all.Unreached));
        Assert.Contains("system / FeedbackVector", all.Branches.Select(b => b.Step.Label));
    }

    [Fact]
    public void Where_only_bookkeeping_holds_the_objects_its_paths_are_given()
    {
        var builder = new HeapBuilder();
        builder.RootObject("Other");
        NodeIndex vector = builder.Node(NodeType.Hidden, "system / FeedbackVector", 8);
        builder.Element(builder.Root, 2, vector).Internal(vector, "0", builder.Object("Foo"));
        RetainingPaths found = Run(builder);
        Assert.Equal((1, 1, 0), (found.Reached, found.OnlyNoise, found.Unreached));
        Assert.Equal(["system / FeedbackVector", "Foo"], found.Branches.Select(b => b.Step.Label));
    }

    [Fact]
    public void Objects_nothing_holds_have_an_empty_tree()
    {
        var builder = new HeapBuilder();
        builder.Weak(builder.RootObject("Holder"), "foo", builder.Object("Foo"));
        RetainingPaths found = Run(builder, Everything with { Samples = 5 });
        Assert.Equal((1, 0, 0, 1), (found.Instances, found.Reached, found.OnlyNoise, found.Unreached));
        Assert.Empty(found.Branches);
        Assert.Empty(found.Samples);
    }

    [Fact]
    public async Task A_list_of_a_million_links_is_one_branch_on_a_small_stack()
    {
        const int length = 1_000_001;
        var result = new TaskCompletionSource<RetainingPaths>();
        var thread = new Thread(
            () =>
            {
                try
                {
                    using var heap = new Heap(DeepGraphs.Chain(length), new Work(threads: 1));
                    result.SetResult(Run(heap, Everything with { Samples = 1 }, "Link"));
                }
                catch (Exception e)
                {
                    result.SetException(e);
                }
            },
            maxStackSize: 256 * 1024);
        thread.Start();
        RetainingPaths found = await result.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        PathBranch branch = Assert.Single(found.Branches);
        Assert.Equal((length - 1, length - 1, length - 1), (branch.Count, branch.Own, branch.Step.Repeat));
        Assert.Equal(16L * (length - 1), found.RetainedSize);
        Assert.Equal(1, found.AllBranches);
    }

    [Fact]
    public void The_path_to_the_end_of_a_long_list_is_one_step_that_repeats()
    {
        const int length = 100_001;
        using var heap = new Heap(DeepGraphs.Chain(length), Work.Unwatched);
        using NodeSet last = NodeSet.Single(heap.Graph, (NodeIndex)(length - 1));
        RetainingPaths found = RetainingPaths.Run(heap, last, Everything with { Samples = 1 }, Work.Unwatched);
        PathStep step = Assert.Single(Assert.Single(found.Samples).Steps);
        Assert.Equal((length - 1, (NodeIndex)(length - 1)), (step.Repeat, step.Node));
        Assert.Equal(1, Assert.Single(found.Branches).Count);
    }

    [Fact]
    public void Three_steps_that_come_again_and_again_stay_on_their_branches()
    {
        const int rounds = 300;
        using var heap = new Heap(Cycle(rounds, out NodeIndex last).Build(), Work.Unwatched);
        RetainingPaths found = Run(heap, Everything, "C");
        Assert.InRange(found.AllBranches, 3, 6);
        Assert.Equal(rounds, found.Branches.Sum(b => b.Own));
        Assert.InRange(found.Branches.Max(b => b.Step.Repeat), rounds - 2, rounds);

        using NodeSet one = NodeSet.Single(heap.Graph, last);
        PathSample sample = Assert.Single(RetainingPaths.Run(heap, one, Everything with { Samples = 3 }, Work.Unwatched).Samples);
        Assert.Equal(
            [("A", 1), ("B", rounds - 1), ("C", rounds - 1), ("A", rounds - 1), ("B", 1), ("C", 1)],
            sample.Steps.Select(s => (s.Label, s.Repeat)));
    }

    [Fact]
    public void The_keys_of_a_dictionary_fold_into_one_branch_that_says_how_many_they_are()
    {
        var builder = new HeapBuilder();
        NodeIndex small = builder.RootObject("Small"), big = builder.RootObject("Big");
        for (int i = 0; i < 32; i++) builder.Property(small, $"key{i}", builder.Object("Foo"));
        for (int i = 0; i < 33; i++) builder.Property(big, $"key{i}", builder.Object("Foo"));
        builder.Property(big, "other", builder.Object("Bar"));
        RetainingPaths found = Run(builder);
        PathBranch folded = Assert.Single(found.Branches, b => b.Step.Edge == "*");
        Assert.Equal((33, 33, 33), (folded.Step.EdgeNames, folded.Count, folded.Own));
        Assert.Equal(32, found.Branches.Count(b => b.Step.Edge.StartsWith("key", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_limit_leaves_out_the_branches_with_fewest_objects_and_says_what_they_hold()
    {
        var builder = new HeapBuilder();
        foreach ((string name, uint count) in ((string, uint)[])[("A", 2), ("B", 3), ("C", 1)])
        {
            NodeIndex holder = builder.RootObject(name);
            for (uint i = 0; i < count; i++) builder.Element(holder, i, builder.Object("Foo", 10));
        }

        RetainingPaths found = Run(builder, Everything with { Limit = 1 });
        Assert.Equal((2, 3, 30L), (found.LeftOutBranches, found.LeftOutCount, found.LeftOutSize));
        Assert.Equal(6, found.AllBranches);
        Assert.Equal(["B", "Foo"], found.Branches.Select(b => b.Step.Label));
    }

    [Fact]
    public void A_branch_that_goes_on_with_all_of_its_objects_does_not_end_halfway_because_of_a_limit()
    {
        var builder = new HeapBuilder();
        NodeIndex a = builder.RootObject("A"), b = builder.Object("B"), c = builder.Object("C");
        builder.Property(a, "b", b).Property(b, "c", c);
        for (uint i = 0; i < 5; i++) builder.Element(c, i, builder.Object("Foo"));
        builder.Property(builder.RootObject("Z"), "foo", builder.Object("Foo"));
        RetainingPaths found = Run(builder, Everything with { Limit = 1 });
        Assert.Equal(["A", "B", "C", "Foo"], found.Branches.Select(x => x.Step.Label));
        Assert.All(found.Branches, x => Assert.Equal(0, x.LeftOutBranches));
    }

    [Fact]
    public void A_depth_leaves_out_the_steps_further_on_and_says_what_they_hold()
    {
        var builder = new HeapBuilder();
        NodeIndex a = builder.RootObject("A"), b = builder.Object("B");
        builder.Property(a, "b", b);
        for (uint i = 0; i < 5; i++) builder.Element(b, i, builder.Object("Foo", 10));
        builder.Property(b, "extra", builder.Object("Foo", 7));
        RetainingPaths found = Run(builder, Everything with { Depth = 2 });
        Assert.Equal([("A", 0, 0, 0L), ("B", 2, 6, 57L)], found.Branches.Select(x => (x.Step.Label, x.LeftOutBranches, x.LeftOutCount, x.LeftOutSize)));
        Assert.Equal(0, found.LeftOutBranches);
    }

    [Fact]
    public void Samples_lead_from_below_the_root_to_an_object_one_of_each_branch_first()
    {
        var builder = new HeapBuilder();
        NodeIndex many = builder.RootObject("Many"), few = builder.RootObject("Few");
        NodeIndex[] foos = [.. Enumerable.Range(0, 4).Select(_ => builder.Object("Foo"))];
        builder.Element(many, 0, foos[0]).Element(many, 1, foos[1]).Element(many, 2, foos[2]).Property(few, "foo", foos[3]);
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        IReadOnlyList<PathSample> two = Run(heap, Everything with { Samples = 2 }).Samples;
        Assert.Equal([foos[0], foos[3]], two.Select(s => s.Object));
        Assert.Equal([[many, foos[0]], [few, foos[3]]], two.Select(s => s.Steps.Select(x => x.Node)));
        Assert.Equal([("1", "element"), ("foo", "property")], two[1].Steps.Select(x => (x.Edge, x.EdgeType)));
        IReadOnlyList<PathSample> all = Run(heap, Everything with { Samples = 100 }).Samples;
        Assert.Equal([foos[0], foos[3], foos[1], foos[2]], all.Select(s => s.Object));
    }

    [Fact]
    public void A_way_through_a_WeakMap_says_so()
    {
        var builder = new HeapBuilder();
        NodeIndex key = builder.RootObject("Key");
        builder.Internal(key, "1 / part of key (Key @3) -> value (Foo @5) pair in WeakMap (table @77)", builder.Object("Foo"));
        Assert.Equal("value in WeakMap (table @77)", Run(builder).Branches[1].Step.Edge);
    }

    [Fact]
    public void The_numbers_of_every_tree_add_up_whatever_is_left_out() => Gen.Select(HeapShape.Any, Gen.Int[1, 4], Gen.Int[1, 4], Gen.Bool).Sample(
        (shape, limit, depth, all) =>
        {
            using var heap = new Heap(shape.Build(), Work.Unwatched);
            using NodeSet? objects = FindFoo(heap);
            if (objects is null) return;
            RetainingPaths whole = RetainingPaths.Run(heap, objects, Everything with { All = all }, Work.Unwatched);
            AssertAddsUp(whole, objects);
            Assert.Equal(whole.AllBranches, whole.Branches.Count);
            Assert.All(whole.Branches, b => Assert.Equal(0, b.LeftOutBranches));

            RetainingPaths cut = RetainingPaths.Run(heap, objects, new PathOptions(limit, depth, 0, all), Work.Unwatched);
            AssertAddsUp(cut, objects);
            Assert.Equal((whole.Reached, whole.RetainedSize, whole.AllBranches), (cut.Reached, cut.RetainedSize, cut.AllBranches));
            Assert.Equal(cut.Branches, RetainingPaths.Run(heap, objects, new PathOptions(limit, depth, 0, all), Work.Unwatched).Branches);
        },
        iter: 3_000);

    private static void AssertAddsUp(RetainingPaths paths, NodeSet objects)
    {
        Assert.Equal(objects.Count, paths.Instances);
        PathBranch[] top = [.. paths.Branches.Where(b => b.Parent < 0)];
        Assert.Equal(paths.Reached, top.Sum(b => b.Count) + paths.LeftOutCount);
        Assert.InRange(top.Sum(b => b.RetainedSize), 0, paths.RetainedSize);
        for (int i = 0; i < paths.Branches.Count; i++)
        {
            PathBranch branch = paths.Branches[i];
            PathBranch[] children = [.. paths.Branches.Where(b => b.Parent == i)];
            Assert.Equal(branch.Count, children.Sum(c => c.Count) + branch.Own + branch.LeftOutCount);
            Assert.InRange(children.Sum(c => c.ShallowSize) + branch.LeftOutSize, 0, branch.ShallowSize);
            Assert.InRange(children.Sum(c => c.RetainedSize), 0, branch.RetainedSize);
            Assert.True(branch.Parent < i, "a parent comes before its children");
            Assert.Equal(branch.Own > 0, branch.OwnExample != NodeIndex.None);
        }
    }

    private static NodeSet? FindFoo(Heap heap)
    {
        try
        {
            return ConstructorPattern.Match(heap, "Foo", Work.Unwatched);
        }
        catch (InputException)
        {
            return null;
        }
    }

    /// <summary>A holds B holds C holds A and so on, this many rounds.</summary>
    private static HeapBuilder Cycle(int rounds, out NodeIndex last)
    {
        var builder = new HeapBuilder();
        last = builder.RootObject("A");
        for (int i = 0; i < rounds; i++)
        {
            foreach (string name in i == 0 ? (string[])["B", "C"] : ["A", "B", "C"])
            {
                NodeIndex next = builder.Object(name);
                builder.Property(last, name, next);
                last = next;
            }
        }

        return builder;
    }

    private static RetainingPaths Run(HeapBuilder builder, PathOptions? options = null)
    {
        using var heap = new Heap(builder.Build(), Work.Unwatched);
        return Run(heap, options ?? Everything);
    }

    private static RetainingPaths Run(Heap heap, PathOptions options, string pattern = "Foo")
    {
        using NodeSet objects = ConstructorPattern.Match(heap, pattern, Work.Unwatched);
        return RetainingPaths.Run(heap, objects, options, Work.Unwatched);
    }
}
