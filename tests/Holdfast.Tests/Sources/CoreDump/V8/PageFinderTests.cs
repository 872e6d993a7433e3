using Holdfast.Common;
using Holdfast.Sources.CoreDump.Elf;
using Holdfast.Sources.CoreDump.V8;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.CoreDump.V8;

public sealed class PageFinderTests
{
    private const ulong Large = 0x2100_0000_0000;

    public static TheoryData<string> Versions => ["10.2.154.26", "12.4.254.21", "13.6.233.17"];

    [Theory]
    [MemberData(nameof(Versions))]
    public void Pages_are_found_by_each_form_of_header(string version)
    {
        var heap = new HeapCoreBuilder(version);
        heap.AddPage(HeapCoreBuilder.Page + HeapPage.Size, heap.Heap, owner: 0x77, flags: 16);
        List<HeapPage> pages = Find(heap);

        Assert.Equal([HeapCoreBuilder.ReadOnlyPage, HeapCoreBuilder.Page, HeapCoreBuilder.Page + HeapPage.Size], pages.Select(p => p.Base));
        Assert.Equal((true, false, false), (pages[0].IsReadOnly, pages[1].IsReadOnly, pages[2].IsReadOnly));
        HeapPage last = pages[2];
        Assert.Equal((heap.Heap, 0x77UL, 16UL, (ulong)HeapPage.Size), (last.Heap, last.Owner, last.Flags, last.Bytes));
        Assert.Equal((last.Base + 0x100, last.Base + HeapPage.Size), (last.Start, last.End));
        Assert.Equal(version.StartsWith("13", StringComparison.Ordinal), last.Header != last.Base);
        Assert.True(last is { IsYoung: true, IsEvacuated: false, IsLarge: false });
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Nothing_inside_a_large_object_is_a_page_whatever_it_looks_like(string version)
    {
        var heap = new HeapCoreBuilder(version);
        heap.AddPage(Large, heap.Heap, owner: 0x77, bytes: (4 * HeapPage.Size) + 0x1000);
        CopyHeader(heap, HeapCoreBuilder.Page, Large + (2 * HeapPage.Size));
        CopyHeader(heap, HeapCoreBuilder.Page, Large + (4 * HeapPage.Size));
        Assert.Equal([HeapCoreBuilder.ReadOnlyPage, HeapCoreBuilder.Page, Large], Find(heap).Select(p => p.Base));

        // The same bytes are pages where they are in no other.
        heap = new HeapCoreBuilder(version);
        heap.Memory(Large, 4 * HeapPage.Size);
        CopyHeader(heap, HeapCoreBuilder.Page, Large + (2 * HeapPage.Size));
        Assert.Equal(Large + (2 * HeapPage.Size), Find(heap)[^1].Base);
        Assert.Equal(3, Find(heap).Count);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_header_with_any_field_that_cannot_be_is_none(string version)
    {
        bool isElsewhere = version.StartsWith("13", StringComparison.Ordinal);
        int first = version.StartsWith("12", StringComparison.Ordinal) ? 1 : 0;
        (int size, int start, int end) = isElsewhere ? (6, 9, 7) : (first + (first == 1 ? 1 : 0), first + 3, first + 4);
        Assert.Equal(3, FindChanged(version, size, HeapPage.Size).Count);
        foreach (ulong bad in new ulong[] { 0, 0x800, HeapPage.Size + 1, 1UL << 36, ulong.MaxValue }) Assert.Equal(2, FindChanged(version, size, bad).Count);
        foreach (ulong bad in new[] { 0UL, Large, Large + 8, Large + 0x101, Large + 0x4008, Large + HeapPage.Size, ulong.MaxValue }) Assert.Equal(2, FindChanged(version, start, bad).Count);
        foreach (ulong bad in new[] { 0UL, Large, Large + 0x100, Large + HeapPage.Size + 8, ulong.MaxValue }) Assert.Equal(2, FindChanged(version, end, bad).Count);
        Assert.Equal(Large + 0x1F0, FindChanged(version, end, Large + 0x1F5)[^1].End);
    }

    [Fact]
    public void A_page_begins_at_a_multiple_of_its_size_only()
    {
        var heap = new HeapCoreBuilder("10.2.154.26");
        heap.Memory(Large, 2 * HeapPage.Size);
        CopyHeader(heap, HeapCoreBuilder.Page, Large + 0x1000);
        Assert.Equal(2, Find(heap).Count);
    }

    [Fact]
    public void Memory_at_both_ends_of_the_address_space_is_searched_once()
    {
        // Rounded up to a page, the address of the second one begins again at 0.
        CoreBuilder core = new HeapCoreBuilder().ToCore();
        core.Segment(0, new byte[HeapPage.Size * 2]).Segment(ulong.MaxValue - 0x1FFFF, new byte[0x1FFFF]);
        Assert.Equal(2, Find(core.Build()).Count);
    }

    [Fact]
    public void A_page_whose_beginning_is_cut_is_none()
    {
        var heap = new HeapCoreBuilder("10.2.154.26");
        heap.Memory(Large, 0x800);
        CopyHeader(heap, HeapCoreBuilder.Page, Large, bytes: 0x100);
        Assert.Equal(2, Find(heap).Count);
    }

    [Fact]
    public void Pages_that_no_list_of_their_space_leads_to_are_kept_for_later_use()
    {
        var heap = new HeapCoreBuilder("10.2.154.26");
        ulong owner = heap.Memory(0x1000);
        for (ulong i = 0; i < 4; i++) heap.AddPage(Large + (i * HeapPage.Size), heap.Heap, owner);

        // A list of two, in a circle; the third leads to the second and is led to by none.
        heap.Set(owner + 0x40, Large);
        heap.Set(Large + 0xE0, Large + HeapPage.Size);
        heap.Set(Large + HeapPage.Size + 0xE0, Large);
        heap.Set(Large + (2 * HeapPage.Size) + 0xE0, Large + HeapPage.Size);

        using OpenCore core = OpenCore.Of(heap);
        Assert.Equal([true, true, false, false], core.Heap.Pages.All.Where(p => p.Owner == owner).Select(p => p.IsListed));
        Assert.All(core.Heap.Pages.All.Where(p => p.Owner != owner), p => Assert.True(p.IsListed));
    }

    [Fact]
    public void An_address_is_of_the_page_it_is_in_and_a_small_number_of_none()
    {
        var heap = new HeapCoreBuilder();
        for (ulong i = 1; i < 40; i++) heap.AddPage(HeapCoreBuilder.Page + (i * HeapPage.Size), heap.Heap, owner: 0x77);
        using OpenCore core = OpenCore.Of(heap);
        HeapPages pages = core.Heap.Pages;
        for (int i = 0; i < pages.All.Count; i++)
        {
            Assert.Equal(i, pages.NumberOf(pages.All[i].Base));
            Assert.Equal(i, pages.NumberOf(pages.All[i].Base + HeapPage.Size - 1));
        }

        Assert.Equal(-1, pages.NumberOf(HeapCoreBuilder.Page - 1));
        for (ulong address = 0; address < HeapPage.Size; address += 0x1111) Assert.Equal(-1, pages.NumberOf(address));
        Assert.Equal(-1, pages.NumberOf(ulong.MaxValue));
    }

    [Theory]
    [InlineData(long.MaxValue, 0)]
    [InlineData(0, 1)]
    public void A_page_in_several_pieces_is_copied_and_what_is_missing_is_zero(long mostCopied, int firstPieceOnly)
    {
        var heap = new HeapCoreBuilder();
        CoreBuilder core = heap.ToCore();
        byte[] page = new byte[0x3000];
        page.AsSpan().Fill(0x11);
        core.Segment(Large, page[..0x1000]).Segment(Large + 0x2000, page[0x2000..]);
        using var mapped = new MappedCore(core.Build());
        AddressSpace memory = MemoryOf(mapped);
        var found = new HeapPage { Base = Large, Bytes = 0x4000, Flags = 0, Heap = 1, Owner = 1, Start = Large + 0x100, End = Large + 0x4000, Header = Large };

        using var pages = new HeapPages([found], memory, mostCopied);

        Assert.Equal(firstPieceOnly == 1 ? 0x3000 : 0x2000, found.MissingBytes);
        Assert.Equal(Large + (firstPieceOnly == 1 ? 0x1000UL : 0x4000UL), found.End);
        unsafe
        {
            var bytes = new ReadOnlySpan<byte>((byte*)found.Data, (int)(found.End - found.Start));
            Assert.Equal(-1, bytes[..0xF00].IndexOfAnyExcept((byte)0x11));
            if (firstPieceOnly == 1) return;
            Assert.Equal(-1, bytes[0xF00..0x1F00].IndexOfAnyExcept((byte)0));
            Assert.Equal(-1, bytes[0x1F00..0x2F00].IndexOfAnyExcept((byte)0x11));
            Assert.Equal(-1, bytes[0x2F00..].IndexOfAnyExcept((byte)0));
        }
    }

    [Fact]
    public void A_page_of_which_nothing_but_its_header_is_there_is_empty_where_nothing_is_copied()
    {
        using var mapped = new MappedCore(new CoreBuilder().Segment(Large, new byte[0x80]).Build());
        var found = new HeapPage { Base = Large, Bytes = 0x4000, Flags = 0, Heap = 1, Owner = 1, Start = Large + 0x100, End = Large + 0x4000, Header = Large };
        using var pages = new HeapPages([found], MemoryOf(mapped), mostCopied: 0);
        Assert.Equal(found.Start, found.End);
        unsafe
        {
            Assert.True(pages.At(found.Start, 1) is null);
        }
    }

    private static void CopyHeader(HeapCoreBuilder heap, ulong from, ulong to, int bytes = 0x80)
    {
        // Addresses in it are of the page they are in.
        for (int i = 0; i < bytes; i += 8)
        {
            ulong word = heap.Word(from + (ulong)i);
            heap.Set(to + (ulong)i, word >= from && word <= from + HeapPage.Size ? word - from + to : word);
        }

        ulong metadata = heap.Word(to + 8);
        if (metadata < HeapCoreBuilder.Native || metadata >= HeapCoreBuilder.Stack) return;
        ulong copy = heap.Memory(0x200);
        heap.Set(to + 8, copy);
        for (ulong i = 0; i < 0x80; i += 8)
        {
            ulong word = heap.Word(metadata + i);
            heap.Set(copy + i, word >= from && word <= from + HeapPage.Size ? word - from + to : word);
        }
    }

    /// <summary>The pages where one word of the third page's header is something else.</summary>
    private static List<HeapPage> FindChanged(string version, int word, ulong value)
    {
        var heap = new HeapCoreBuilder(version);
        heap.AddPage(Large, heap.Heap, owner: 0x77);
        ulong header = version.StartsWith("13", StringComparison.Ordinal) ? heap.Word(Large + 8) : Large;
        heap.Set(header + ((ulong)word * 8), value);
        return Find(heap);
    }

    private static List<HeapPage> Find(HeapCoreBuilder heap) => Find(heap.Build());

    private static List<HeapPage> Find(byte[] core)
    {
        using var mapped = new MappedCore(core);
        return PageFinder.Find(MemoryOf(mapped), OpenCore.Name, _ => false, Work.Unwatched);
    }

    private static unsafe AddressSpace MemoryOf(MappedCore core)
    {
        var memory = new AddressSpace();
        memory.Add(core.Header.Segments.Where(s => s.Type == Segment.Load).Select(s => new MemoryRange(s.Address, s.FileSize, core.File.Start + s.Offset, s.Flags)));
        return memory;
    }
}
