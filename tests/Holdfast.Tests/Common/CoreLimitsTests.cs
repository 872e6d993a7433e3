using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.CoreDump.Elf;
using Holdfast.Sources.CoreDump.V8;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Common;

/// <summary>Each named limit of reading cores, gone past.</summary>
public sealed class CoreLimitsTests
{
    private const ulong Far = 0x2100_0000_0000;

    [Fact]
    public void More_than_MaxSegments_segments_are_refused()
    {
        using (var core = new MappedCore(Core(Limits.MaxSegments))) Assert.Equal(Limits.MaxSegments, core.Header.SegmentCount);
        InputException e = OpenCore.Fails(Core(Limits.MaxSegments + 1));
        Assert.Contains($"{Limits.MaxSegments + 1} segments", e.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Limits.MaxSegments), e.Message, StringComparison.Ordinal);

        static byte[] Core(long segments) => new CoreBuilder { CountsInSection = true, SegmentCount = (uint)segments }.Segment(0x1000, new byte[8]).Build();
    }

    [Fact]
    public void Threads_beyond_MaxThreads_are_passed_over()
    {
        // A million notes are too much for a test.
        using var core = new MappedCore(new CoreBuilder().Thread(1).Thread(2).Thread(3).Signal(6).Build());
        Assert.Equal([1, 2], CoreNotes.Read(core.File, core.Header, mostThreads: 2).Threads.Select(t => t.Id));
        Assert.Equal(6, CoreNotes.Read(core.File, core.Header, mostThreads: 2).Signal);
        Assert.Equal(3, CoreNotes.Read(core.File, core.Header, Limits.MaxThreads).Threads.Count);
    }

    [Fact]
    public void More_than_MaxHeapPages_pages_are_refused()
    {
        using OpenCore core = OpenCore.Of(new HeapCoreBuilder());
        Assert.Equal(2, PageFinder.Find(core.Image.Memory, core.Image.Name, _ => false, Work.Unwatched, most: 2).Count);
        InputException e = Assert.Throws<InputException>(() => PageFinder.Find(core.Image.Memory, core.Image.Name, _ => false, Work.Unwatched, most: 1));
        Assert.Contains(nameof(Limits.MaxHeapPages), e.Message, StringComparison.Ordinal);
        Assert.Contains(OpenCore.Name, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Objects_of_more_than_MaxObjectBytes_are_none()
    {
        var heap = new HeapCoreBuilder();
        ulong map = heap.MapOf("FIXED_ARRAY");
        using OpenCore core = OpenCore.Of(heap);
        var sizes = new ObjectSizes(core.Heap.Layout);
        Span<int> words = [0, 0, 0, 1 << 27];
        unsafe
        {
            fixed (int* data = words)
            {
                MapInfo info = core.Heap.FindMap(map)!;
                Assert.Equal(16 + (1L << 30), sizes.SizeOf(info, (byte*)data, 1UL << 40, core.Heap));
                words[3] = (int)(Limits.MaxObjectBytes / 8);
                Assert.Equal(0, sizes.SizeOf(info, (byte*)data, 1UL << 40, core.Heap));
            }
        }
    }

    [Fact]
    public void A_page_in_pieces_of_more_than_MaxCopiedPageBytes_is_its_first_piece()
    {
        var heap = new HeapCoreBuilder();
        heap.AddPage(Far, heap.Heap, owner: 0x77);
        heap.CurrentPage = Far;
        ulong list = heap.Array(1, 2, 3);
        heap.Keep(list);
        const ulong Bytes = 1UL << 35;
        Assert.True(Bytes > Limits.MaxCopiedPageBytes);
        heap.Set(heap.Word(Far + 8) + 48, Bytes);
        heap.Set(heap.Word(Far + 8) + 56, Far + Bytes);
        using HeapGraph graph = OpenCore.Read(heap.Build());
        Assert.Equal(40, OpenCore.NodeOf(graph, list).SelfSize);
    }

    [Fact]
    public void Lists_of_handles_are_followed_as_far_as_MaxHandleBlocks()
    {
        // Thousands of millions would be more than there may be of places that are not in the core.
        Assert.True(Limits.MaxHandleBlocks < Limits.MaxMissingRoots);
        var heap = new HeapCoreBuilder();
        ulong kept = heap.Array(1), eternal = heap.Memory(0x100), blocks = heap.Memory(0x100), block = heap.Memory(0x1000);
        heap.Set(HeapCoreBuilder.Isolate + (ulong)heap.Offset("Isolate.eternal_handles"), eternal);
        heap.Set(eternal, int.MaxValue);
        heap.Set(eternal + 8, blocks);
        heap.Set(blocks, block);
        heap.Set(block, kept);
        using HeapGraph graph = OpenCore.Read(heap.Build());
        Assert.True(OpenCore.TryNode(graph, kept, out _));
    }

    [Fact]
    public void More_than_MaxMissingRoots_places_that_are_not_in_the_core_are_refused()
    {
        var heap = new HeapCoreBuilder();
        ulong table = heap.Memory(0x100), data = heap.Memory(0x100);
        heap.Set(HeapCoreBuilder.Isolate + (ulong)heap.Offset("Isolate.string_table"), table);
        heap.Set(table, data);
        heap.SetInt32(data + 16, Limits.MaxMissingRoots);
        OpenCore.Read(heap.Build()).Dispose();
        heap.SetInt32(data + 16, -1);
        Assert.Contains(nameof(Limits.MaxMissingRoots), OpenCore.Fails(heap.Build()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Roots_that_are_more_than_the_core_has_words_are_refused()
    {
        // Ten thousand blocks of handles which are all one.
        var heap = new HeapCoreBuilder();
        ulong implementer = heap.Memory(0x100), blocks = heap.Memory(80_000), block = heap.Memory(0x2000);
        heap.Set(HeapCoreBuilder.Isolate + (ulong)heap.Offset("Isolate.handle_scope_implementer"), implementer);
        heap.Write(implementer, [0, blocks, 10_000, 10_000]);
        for (ulong i = 0; i < 10_000; i++) heap.Set(blocks + (i * 8), block);
        Assert.Contains("more entries than the core has words of memory", OpenCore.Fails(heap.Build()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_have_as_many_as_MaxNameCharacters_characters()
    {
        var heap = new HeapCoreBuilder();
        ulong text = heap.String(new string('a', Limits.MaxNameCharacters) + "b"), wide = heap.TwoByte(new string('π', Limits.MaxNameCharacters + 1));
        ulong keyed = heap.Object(heap.ObjectMap(0, 0, text), text);
        heap.Keep(keyed);
        heap.Keep(wide);
        using HeapGraph graph = OpenCore.Read(heap.Build());
        Assert.Equal(new string('a', Limits.MaxNameCharacters), OpenCore.NodeOf(graph, text).Name);
        Assert.Equal(new string('π', Limits.MaxNameCharacters), OpenCore.NodeOf(graph, wide).Name);
        Assert.Equal(text, OpenCore.Target(OpenCore.NodeOf(graph, keyed), new string('a', Limits.MaxNameCharacters)).Id);
    }

    [Fact]
    public void Strings_are_put_together_from_as_many_as_MaxStringParts_parts()
    {
        var heap = new HeapCoreBuilder();
        ulong whole = heap.String("x"), letter = heap.String("y");
        for (int i = 2; i <= 100; i++) whole = heap.Cons(whole, letter, i);
        using OpenCore core = OpenCore.Of(heap);
        Assert.Equal(100, new HeapStrings(core.Heap, Limits.MaxStringParts).Read(whole)!.Length);
        var strings = new HeapStrings(core.Heap, mostParts: 150);
        Assert.Equal("x" + new string('y', 50), strings.Read(whole)![..51]);
        Assert.Equal("", strings.Read(whole));
        Assert.Equal("y", strings.Read(letter));
    }

    [Fact]
    public void Sources_are_looked_through_as_far_as_MaxSourceCharacters()
    {
        var heap = new HeapCoreBuilder();
        ulong script = heap.New(heap.MapOf("SCRIPT"), new ulong[17]), function = heap.Function(""), scope = heap.New(heap.MapOf("SCOPE_INFO"), new ulong[5]);
        heap.SetField(script, 8, heap.String(new string('\n', 30)));
        ulong shared = heap.Field(function, heap.Layout.FunctionShared);
        heap.SetField(shared, heap.Layout.SharedScript, script);
        heap.SetField(shared, heap.Layout.SharedName, scope);
        heap.SetField(scope, 32, HeapCoreBuilder.Smi(20));
        using OpenCore core = OpenCore.Of(heap);
        Assert.Equal((20u, 0u), Line(Limits.MaxSourceCharacters));
        Assert.Equal((10u, 10u), Line(10));

        (uint Line, uint Column) Line(int mostCharacters)
        {
            HeapStrings strings = core.Strings;
            var scopes = new ScopeInfos(core.Heap, strings);
            Location found = new ScriptLines(core.Heap, strings, new FunctionNames(core.Heap, strings, scopes), scopes, mostCharacters).Of(core[function])!.Value;
            return (found.Line, found.Column);
        }
    }

    [Fact]
    public void Arrays_that_objects_share_are_looked_at_MaxSharedReads_and_MaxSharedReadsPerWord_times()
    {
        // Thousands of arrays with the same thousands of elements, as no program has them.
        const int Elements = 8000;
        var heap = new HeapCoreBuilder();
        ulong elements = heap.Array(Enumerable.Repeat(heap.Undefined, Elements).ToArray());
        ulong map = heap.Map("JS_ARRAY", 4);
        int arrays = 0;
        for (; heap.TopOf(HeapCoreBuilder.Page) + 64 < HeapCoreBuilder.Page + HeapPage.Size; arrays++)
        {
            ulong array = heap.Object(map, HeapCoreBuilder.Smi(Elements));
            heap.SetField(array, V8Layout.Elements, elements);
            if (arrays % 2 == 0) heap.SetField(array, V8Layout.Properties, elements);
        }

        // All of them are garbage.
        OpenCore.Read(heap.Build()).Dispose();
        InputException e = OpenCore.Fails(heap.Build(), new Holdfast.Sources.CoreDump.CoreOptions { IncludeGarbage = true });
        Assert.Contains(nameof(Limits.MaxSharedReadsPerWord), e.Message, StringComparison.Ordinal);
        Assert.True((long)arrays * Elements > Limits.MaxSharedReads);
    }

    [Fact]
    public void MaxHoles_and_MaxStackBytes_are_far_above_what_a_process_has()
    {
        Assert.InRange(Limits.MaxHoles, 1 << 16, 1 << 24);
        Assert.InRange(Limits.MaxStackBytes, 8 << 20, 1 << 30);
        Assert.True(Limits.MaxFrames > 0);
        Assert.True(Limits.MaxThreadName > 0);
        Assert.True(Limits.MaxUnpackedCoreBytes > 0);
    }
}
