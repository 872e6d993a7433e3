using Holdfast.Common;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.V8;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.CoreDump.V8;

public sealed class HeapWalkerTests
{
    private const ulong Other = HeapCoreBuilder.Page + HeapPage.Size;

    private readonly HeapCoreBuilder _heap = new();

    [Fact]
    public void Objects_follow_each_other_and_fillers_are_none()
    {
        ulong first = _heap.Array(1, 2, 3);
        _heap.New(_heap.MapOf("FILLER"));
        ulong free = _heap.Allocate(64);
        _heap.SetField(free, 0, _heap.MapOf("FREE_SPACE"));
        _heap.SetField(free, 8, HeapCoreBuilder.Smi(8));
        ulong last = _heap.String("last");
        using OpenCore core = OpenCore.Of(_heap);
        Assert.Equal(core.Heap.IndexOf(first) + 1, core.Heap.IndexOf(last));
        Assert.Equal(-1, core.Heap.IndexOf(free));
        Assert.Equal(0, core.Heap.UnparsedBytes);
    }

    [Fact]
    public void Between_top_and_limit_of_a_buffer_is_anything()
    {
        ulong before = _heap.Array(1);
        ulong gap = _heap.Allocate(0x800);
        _heap.At(gap - 1)[..0x800].Fill(0xAB);

        // What looks like an object is none there.
        _heap.SetField(gap, 0x100, _heap.MapOf("FIXED_ARRAY"));
        _heap.SetField(gap, 0x108, HeapCoreBuilder.Smi(2));
        _heap.SetField(gap, 0x120, _heap.MapOf("FIXED_ARRAY"));
        ulong after = _heap.Array(1);
        _heap.Write(HeapCoreBuilder.Isolate + 0x8000, [gap - 1, gap - 1 + 0x800]);
        using OpenCore core = OpenCore.Of(_heap);
        Assert.Equal(core.Heap.IndexOf(before) + 1, core.Heap.IndexOf(after));
        Assert.Equal(0, core.Heap.UnparsedBytes);
    }

    [Fact]
    public void A_buffer_of_a_space_that_owns_pages_counts_too()
    {
        ulong owner = _heap.Memory(0x1000);
        _heap.AddPage(Other, _heap.Heap, owner);
        _heap.CurrentPage = Other;
        ulong gap = _heap.Allocate(0x100);
        _heap.At(gap - 1)[..0x100].Fill(0xAB);
        ulong after = _heap.Array(1);
        _heap.Write(owner + 0x3F0, [gap - 1, gap - 1 + 0x100]);
        using OpenCore core = OpenCore.Of(_heap);
        Assert.True(core.Heap.IndexOf(after) >= 0);
        Assert.Equal(0, core.Heap.UnparsedBytes);
    }

    [Fact]
    public void Bytes_that_are_no_object_are_counted_and_what_follows_is_found_again()
    {
        ulong before = _heap.Array(1);
        ulong bad = _heap.Allocate(0x80);
        _heap.At(bad - 1)[..0x80].Fill(0xAB);

        // The first place that looks like an object is not followed by another.
        _heap.SetField(bad, 0x20, _heap.MapOf("FIXED_ARRAY"));
        _heap.SetField(bad, 0x28, HeapCoreBuilder.Smi(1));
        ulong after = _heap.Array(1);
        using OpenCore core = OpenCore.Of(_heap);
        Assert.Equal(core.Heap.IndexOf(before) + 1, core.Heap.IndexOf(after));
        Assert.Equal(0x80, core.Heap.UnparsedBytes);
        Assert.Empty(core.Warnings);
    }

    [Fact]
    public void Zeros_are_memory_that_nobody_used_yet()
    {
        _heap.Allocate(0x400);
        ulong after = _heap.Array(1);
        using OpenCore core = OpenCore.Of(_heap);
        Assert.True(core.Heap.IndexOf(after) >= 0);
        Assert.Equal(0, core.Heap.UnparsedBytes);
    }

    [Fact]
    public void A_heap_with_too_many_bytes_that_are_no_objects_is_refused_and_read_all_the_same_with_force()
    {
        ulong list = _heap.Array(1);
        ulong bad = _heap.Allocate(0x4000);
        _heap.At(bad - 1)[..0x4000].Fill(0xAB);
        _heap.Keep(list);

        InputException e = OpenCore.Fails(_heap.Build());
        Assert.Contains("3.13 % of the heap's bytes (16384 of 523776)", e.Message, StringComparison.Ordinal);
        Assert.Contains("V8 13.6.233.17", e.Message, StringComparison.Ordinal);
        Assert.Contains("0.5 % is allowed (limit MostUnparsed)", e.Message, StringComparison.Ordinal);
        Assert.Contains("16384 bytes at or after FIXED_ARRAY", e.Message, StringComparison.Ordinal);
        Assert.Contains("--force", e.Message, StringComparison.Ordinal);

        var warnings = new List<string>();
        using Holdfast.Model.HeapGraph graph = OpenCore.Read(_heap.Build(), new CoreOptions { Force = true }, warnings);
        Assert.True(OpenCore.TryNode(graph, list, out _));
        Assert.Equal(0x4000, graph.Origin!.UnparsedBytes);
        Assert.Contains("3.13 %", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_core_of_another_version_than_it_says_is_refused()
    {
        _heap.Keep(_heap.Array(1));
        _heap.Note = "v8 10.2.154.26\n";
        InputException e = OpenCore.Fails(_heap.Build());
        Assert.Contains("could not be read as objects of V8 10.2", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ABCDEF", -1)]
    [InlineData("SEQ_ONE_BYTE_STRING", -5)]
    [InlineData("SEQ_ONE_BYTE_STRING", int.MaxValue)]
    [InlineData("FIXED_ARRAY", -1)]
    [InlineData("FIXED_ARRAY", 0x7FFFFFF)]
    [InlineData("FIXED_ARRAY", int.MinValue)]
    [InlineData("BYTE_ARRAY", int.MaxValue)]
    [InlineData("FREE_SPACE", -1)]
    [InlineData("FREE_SPACE", 0)]
    [InlineData("BYTECODE_ARRAY", int.MaxValue)]
    [InlineData("SWISS_NAME_DICTIONARY", int.MaxValue)]
    [InlineData("WASM_DISPATCH_TABLE", int.MaxValue)]
    public void Sizes_that_cannot_be_are_none(string type, int length)
    {
        ulong before = _heap.Array(1);
        ulong bad = _heap.Allocate(0x40);
        if (type != "ABCDEF") _heap.SetField(bad, 0, _heap.MapOf(type));
        else _heap.At(bad - 1)[..8].Fill(1);
        _heap.SetField(bad, 8, HeapCoreBuilder.Smi(length));
        _heap.At(bad + 15)[..0x30].Fill(0xFF);
        ulong after = _heap.Array(1);
        using OpenCore core = OpenCore.Of(_heap, force: true);
        Assert.Equal(-1, core.Heap.IndexOf(bad));
        Assert.Equal(core.Heap.IndexOf(before) + 1, core.Heap.IndexOf(after));
        Assert.Equal(0x40, core.Heap.UnparsedBytes);
    }

    [Fact]
    public void Objects_on_the_move_are_found_where_they_went()
    {
        // V8 is collecting garbage: half of the young objects have their new address where their map was.
        _heap.AddPage(Other, _heap.Heap, owner: 0x77, flags: 8);
        ulong top = HeapCoreBuilder.Isolate + (ulong)_heap.Offset("Isolate.thread_local_top");
        _heap.SetInt32(top + (ulong)_heap.Offset("ThreadLocalTop.vm_state"), 1);
        ulong now = _heap.Array(11, 22);
        _heap.CurrentPage = Other;
        ulong moved = _heap.Array(11, 22), stays = _heap.Array(moved);
        _heap.SetField(moved, 0, now - 1);
        _heap.Keep(stays);

        using OpenCore core = OpenCore.Of(_heap);
        Assert.Equal(core.Heap.IndexOf(now), core.Heap.IndexOf(moved));
        Assert.True(core.Heap.IndexOf(stays) >= 0);
        Assert.Contains("during a garbage collection, with 1 objects on the move", Assert.Single(core.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void The_empty_half_of_the_young_generation_has_no_objects()
    {
        _heap.AddPage(Other, _heap.Heap, owner: 0x77, flags: 8);
        _heap.CurrentPage = Other;
        ulong old = _heap.Array(1);
        using OpenCore core = OpenCore.Of(_heap);
        Assert.Equal(-1, core.Heap.IndexOf(old));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(500)]
    public void Maps_and_objects_that_went_round_in_a_circle_come_to_an_end(int length)
    {
        ulong before = _heap.Array(1);
        var circle = new ulong[length];
        for (int i = 0; i < length; i++) circle[i] = _heap.Allocate(V8Layout.MapSize);
        for (int i = 0; i < length; i++) _heap.SetField(circle[i], 0, circle[(i + 1) % length] - 1);
        ulong lost = _heap.New(circle[0], 5, 6, 7);
        ulong after = _heap.Array(1);
        using OpenCore core = OpenCore.Of(_heap, force: true);
        Assert.Equal(core.Heap.IndexOf(before) + 1, core.Heap.IndexOf(after));
        Assert.Equal(-1, core.Heap.IndexOf(lost));
        foreach (ulong place in circle) Assert.Equal(-1, core.Heap.IndexOf(place));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(15, true)]
    [InlineData(40, false)]
    public void A_map_that_moved_is_followed_as_far_as_V8_moves_one(int moves, bool found)
    {
        ulong map = _heap.Map("FIXED_ARRAY");
        for (int i = 0; i < moves; i++)
        {
            ulong before = _heap.Allocate(V8Layout.MapSize);
            _heap.SetField(before, 0, map - 1);
            map = before;
        }

        ulong list = _heap.New(map, HeapCoreBuilder.Smi(1), _heap.Undefined);
        using OpenCore core = OpenCore.Of(_heap, force: true);
        Assert.Equal(found, core.Heap.IndexOf(list) >= 0);
    }

    [Fact]
    public void A_large_page_has_one_object_and_none_where_that_cannot_be_read()
    {
        const ulong Large = 0x2100_0000_0000;
        int length = (2 * HeapPage.Size / 8) + 77;
        _heap.AddPage(Large, _heap.Heap, owner: 0x77, bytes: 3 * HeapPage.Size);
        _heap.AddPage(Large + (4 * HeapPage.Size), _heap.Heap, owner: 0x77, bytes: 3 * HeapPage.Size);
        _heap.CurrentPage = Large;
        ulong large = _heap.Array(new ulong[length]);
        ulong next = _heap.Array(1, 2);
        _heap.CurrentPage = Large + (4 * HeapPage.Size);
        ulong bad = _heap.Allocate(0x80);
        _heap.At(bad - 1)[..0x80].Fill(0xAB);
        _heap.Allocate(2 * HeapPage.Size);
        ulong behind = _heap.Array(1, 2), behind2 = _heap.Array(3);

        using OpenCore core = OpenCore.Of(_heap, force: true);
        Assert.Equal(16L + (8 * length), core[large].Size);
        foreach (ulong none in new[] { next, bad, behind, behind2 }) Assert.Equal(-1, core.Heap.IndexOf(none));
        Assert.True(core.Heap.UnparsedBytes > HeapPage.Size);
        for (int i = 0; i < core.Heap.Count; i++) Assert.Equal(i, core.Heap.IndexOf(core.Heap[i].Address));
    }
}
