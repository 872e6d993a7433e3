using Holdfast.Common;
using Holdfast.Sources.CoreDump.V8;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.CoreDump.V8;

/// <summary>Each list of what keeps objects alive: followed, in a circle, and to where nothing is.</summary>
public sealed class RootFinderTests
{
    private readonly HeapCoreBuilder _heap = new();

    public static TheoryData<string> Versions => ["10.2.154.26", "12.4.254.21", "13.6.233.17"];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Roots_of_V8s_table_have_their_names(string version)
    {
        var heap = new HeapCoreBuilder(version);
        ulong list = heap.Array(1);
        heap.Root("empty_fixed_array", list);
        RootEdge root = Assert.Single(Find(heap), r => r.Name == "empty_fixed_array");
        Assert.Equal(RootCategory.ReadOnlyRoots, root.Category);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Global_handles_are_strong_or_weak_and_their_blocks_may_lead_in_a_circle(string version)
    {
        var heap = new HeapCoreBuilder(version);
        ulong strong = heap.Array(1), weak = heap.Array(2), free = heap.Array(3), second = heap.Array(4);
        heap.Keep(strong);
        heap.Keep(weak, state: 2);
        heap.Keep(free, state: 0);
        ulong block = heap.Memory(0x3000), first = heap.FirstHandle;
        heap.Set(block, second);
        heap.Set(block + 8, 1UL << 24);
        heap.Set(first + (ulong)heap.Layout.Offset("GlobalHandles.next_used", 8216), block);
        heap.Set(block + (ulong)heap.Layout.Offset("GlobalHandles.next_used", 8216), first);

        using OpenCore core = OpenCore.Of(heap);
        RootEdge[] found = [.. Find(core).Where(r => r.Category == RootCategory.GlobalHandles)];
        Assert.Equal([strong, weak, second], found.Select(r => core.Heap[r.Object].Address));
        Assert.Equal([false, true, false], found.Select(r => r.IsWeak));
    }

    [Fact]
    public void A_block_of_handles_that_leads_to_itself_is_read_once()
    {
        _heap.Keep(_heap.Array(1));
        _heap.Set(_heap.FirstHandle + (ulong)_heap.Layout.Offset("GlobalHandles.next_used", 8216), _heap.FirstHandle);
        Assert.Single(Find(_heap), r => r.Category == RootCategory.GlobalHandles);
    }

    [Fact]
    public void Handles_of_scopes_end_where_the_next_one_would_be()
    {
        ulong first = _heap.Array(1), second = _heap.Array(2), unused = _heap.Array(3);
        ulong implementer = _heap.Memory(0x100), blocks = _heap.Memory(0x100), full = _heap.Memory(0x2000), last = _heap.Memory(0x2000);
        Point("Isolate.handle_scope_implementer", implementer);
        Point("Isolate.handle_scope_data", last + 8);
        _heap.Write(implementer, [0, blocks, 2, 2]);
        _heap.Write(blocks, [full, last]);
        _heap.Write(full, [first]);
        _heap.Write(last, [second, unused]);
        AssertFound(RootCategory.HandleScope, first, second);
    }

    [Fact]
    public void Queues_of_microtasks_are_rings_in_a_ring()
    {
        ulong a = _heap.Array(1), b = _heap.Array(2), c = _heap.Array(3), old = _heap.Array(4);
        ulong queue = _heap.Memory(0x100), second = _heap.Memory(0x100), ring = _heap.Memory(0x100), secondRing = _heap.Memory(0x100);
        Point("Isolate.default_microtask_queue", queue);
        _heap.Write(queue, [0, 2, 3, 2, ring, 0, second]);
        _heap.Write(ring, [b, old, a]);

        // One that says it has more tasks than there is room for.
        _heap.Write(second, [0, ulong.MaxValue, 1, ulong.MaxValue, secondRing, 0, queue]);
        _heap.Write(secondRing, [c]);
        AssertFound(RootCategory.MicroTasks, a, b, c);
    }

    [Fact]
    public void Traced_handles_and_lists_of_strong_roots_may_lead_in_circles()
    {
        ulong traced = _heap.Array(1), free = _heap.Array(2), strong = _heap.Array(3);
        ulong block = _heap.Memory(0x200), entry = _heap.Memory(0x100), words = _heap.Memory(0x100);
        ulong nodes = (ulong)_heap.Offset("TracedHandles.nodes");
        Point("Isolate.traced_handles", block);
        _heap.SetInt32(block + (ulong)_heap.Offset("TracedHandles.cap"), 2);
        _heap.Set(block + (ulong)_heap.Offset("TracedHandles.next"), block);
        _heap.Write(block + nodes, [traced, 1UL << 32, free, 0]);
        _heap.Set(_heap.Heap + (ulong)_heap.Offset("Isolate.heap_strong_roots_head"), entry);
        _heap.Write(entry, [0, words, words + 8, 0, entry]);
        _heap.Write(words, [strong]);
        AssertFound(RootCategory.TracedHandles, traced);
        AssertFound(RootCategory.StrongRoots, strong);
    }

    [Fact]
    public void Eternal_handles_have_a_number_and_blocks()
    {
        ulong[] kept = [.. Enumerable.Range(0, 258).Select(i => _heap.Array((ulong)i * 2))];
        ulong eternal = _heap.Memory(0x100), blocks = _heap.Memory(0x100), first = _heap.Memory(0x1000), second = _heap.Memory(0x1000);
        Point("Isolate.eternal_handles", eternal);
        _heap.Set(eternal, 257);
        _heap.Set(eternal + 8, blocks);
        _heap.Write(blocks, [first, second]);
        _heap.Write(first, kept.AsSpan(0, 256));
        _heap.Write(second, kept.AsSpan(256));
        AssertFound(RootCategory.EternalHandles, kept[..257]);
    }

    [Fact]
    public void Internalized_strings_are_held_weakly_by_their_table()
    {
        ulong text = _heap.String("text", true), other = _heap.String("other", true), behind = _heap.String("behind", true);
        ulong table = _heap.Memory(0x100), data = _heap.Memory(0x100);
        Point("Isolate.string_table", table);
        _heap.Set(table, data);
        _heap.SetInt32(data + 16, 3);
        _heap.Write(data + 24, [text, HeapCoreBuilder.Smi(1), other, behind]);
        AssertFound(RootCategory.InternalizedStrings, text, other);
        Assert.All(Find(_heap).Where(r => r.Category == RootCategory.InternalizedStrings), r => Assert.True(r.IsWeak));
    }

    [Fact]
    public void The_stack_is_read_from_where_JavaScript_was_left_to_where_it_was_entered()
    {
        ulong above = _heap.Array(1), inside = _heap.Array(2), below = _heap.Array(3), exit = HeapCoreBuilder.Stack + 0x300;
        _heap.Set(HeapCoreBuilder.Stack + 0x200, above);
        _heap.Set(HeapCoreBuilder.Stack + 0x400, inside);
        _heap.Set(HeapCoreBuilder.Stack + 0x900, below);
        AssertFound(RootCategory.StackRoots, above, inside);
        _heap.Set(HeapCoreBuilder.Isolate + (ulong)(_heap.Offset("Isolate.thread_local_top") + _heap.Offset("ThreadLocalTop.c_entry_fp")), exit);
        AssertFound(RootCategory.StackRoots, inside);
    }

    [Fact]
    public void An_isolate_that_is_not_known_keeps_what_looks_like_references_near_it_and_on_stacks()
    {
        ulong near = _heap.Array(1), onStack = _heap.Array(2), lost = _heap.Array(3);
        _heap.Set(HeapCoreBuilder.Isolate + (ulong)(_heap.Offset("Isolate.thread_local_top") + _heap.Offset("ThreadLocalTop.isolate")), 0);
        _heap.Set(HeapCoreBuilder.Isolate + 0x500, near);
        _heap.Set(HeapCoreBuilder.Stack + 0x400, onStack);
        _heap.Set(HeapCoreBuilder.Stack + 0x80, lost);

        // Threads that say they have the same stack are of it once.
        for (int i = 0; i < 50; i++) _heap.Threads.Add((2000 + i, HeapCoreBuilder.Stack + 0x100 + ((ulong)i * 8)));
        using OpenCore core = OpenCore.Of(_heap);
        IReadOnlyList<RootEdge> roots = Find(core);
        Assert.Contains(roots, r => core.Heap[r.Object].Address == near && r.Category == RootCategory.Isolate);
        Assert.Single(roots, r => core.Heap[r.Object].Address == onStack && r.Category == RootCategory.StackRoots);
        Assert.DoesNotContain(roots, r => core.Heap[r.Object].Address == lost);
    }

    [Fact]
    public void Pointers_to_where_nothing_is_keep_nothing()
    {
        _heap.Keep(_heap.Array(1));
        int expected = Find(_heap).Count;
        foreach (ulong pointer in new[] { 0x6666_0000_0000UL, 1UL << 63, ulong.MaxValue - 15, ulong.MaxValue - 7, ulong.MaxValue })
        {
            foreach (string field in Fields) Point(field, pointer);
            _heap.Set(_heap.Heap + (ulong)_heap.Offset("Isolate.heap_strong_roots_head"), pointer);
            Assert.Equal(expected, Find(_heap).Count);
        }
    }

    [Fact]
    public void Lists_that_say_they_reach_over_the_end_of_the_address_space_come_to_an_end()
    {
        _heap.Keep(_heap.Array(1));
        ulong places = _heap.Memory(0x1000);
        for (ulong at = 0; at < 0x1000; at += 8) _heap.Set(places + at, at % 16 == 0 ? ulong.MaxValue - 15 : ulong.MaxValue - 7);
        foreach (string field in Fields)
        {
            ulong before = _heap.Word(HeapCoreBuilder.Isolate + (ulong)_heap.Offset(field));
            Point(field, places);
            try
            {
                Assert.NotEmpty(Find(_heap));
            }
            catch (InputException e)
            {
                Assert.Contains(nameof(Limits.MaxMissingRoots), e.Message, StringComparison.Ordinal);
            }

            Point(field, before);
        }
    }

    private static string[] Fields =>
    [
        "Isolate.handle_scope_implementer", "Isolate.handle_scope_data", "Isolate.traced_handles", "Isolate.eternal_handles", "Isolate.debug", "Isolate.bootstrapper",
        "Isolate.compilation_cache", "Isolate.default_microtask_queue", "Isolate.persistent_handles_list", "Isolate.startup_object_cache_vector", "Isolate.string_table",
    ];

    private static List<RootEdge> Find(HeapCoreBuilder heap)
    {
        using OpenCore core = OpenCore.Of(heap);
        return Find(core);
    }

    private static List<RootEdge> Find(OpenCore core)
    {
        IsolateInfo isolate = Assert.Single(IsolateFinder.Find(core.Image, core.Heap));
        return RootFinder.Run(core.Image, core.Heap, isolate, Work.Unwatched);
    }

    private void Point(string field, ulong address) => _heap.Set(HeapCoreBuilder.Isolate + (ulong)_heap.Offset(field), address);

    private void AssertFound(string category, params ulong[] expected)
    {
        using OpenCore core = OpenCore.Of(_heap);
        Assert.Equal(expected, Find(core).Where(r => r.Category == category && core.Heap[r.Object].Address != _heap.Undefined).Select(r => core.Heap[r.Object].Address));
    }
}
