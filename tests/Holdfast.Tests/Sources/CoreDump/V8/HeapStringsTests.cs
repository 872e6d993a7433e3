using System.Text;
using CsCheck;
using Holdfast.Sources.CoreDump.V8;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.CoreDump.V8;

public sealed class HeapStringsTests
{
    private const string Odd = "é ÿ\u0000\u007f";
    private const string Wide = "\u03c0 \ud83d\ude00 \ud83d x \ude00";

    private readonly HeapCoreBuilder _heap = new();

    [Fact]
    public void Sequential_strings_are_read_whole_or_as_far_as_one_wants()
    {
        ulong one = _heap.String(Odd), two = _heap.TwoByte(Wide), empty = _heap.String("");
        using OpenCore core = OpenCore.Of(_heap);
        Assert.Equal(Odd, core.Strings.Read(one));
        Assert.Equal(Wide, core.Strings.Read(two));
        Assert.Equal("", core.Strings.Read(empty));
        Assert.Equal("é ", core.Strings.Read(one, 2));
        Assert.Equal("\u03c0 ", core.Strings.Read(two, 2));
        Assert.Null(core.Strings.Read(0));
        Assert.Null(core.Strings.Read(_heap.Undefined));
        Assert.Equal(Encoding.Latin1.GetBytes(Odd), core.Strings.FlatBytes(core[one]).ToArray());
    }

    [Fact]
    public void Lone_surrogates_are_three_bytes_of_their_own()
    {
        ulong[] texts = [_heap.TwoByte(Wide), _heap.TwoByte("\ud800"), _heap.TwoByte("\udc00"), _heap.TwoByte("\udc00\ud800"), _heap.String(Odd), _heap.String("plain")];
        using OpenCore core = OpenCore.Of(_heap);
        Assert.Equal([0xCF, 0x80, 0x20, 0xF0, 0x9F, 0x98, 0x80, 0x20, 0xED, 0xA0, 0xBD, 0x20, 0x78, 0x20, 0xED, 0xB8, 0x80], Utf8(core, texts[0]));
        Assert.Equal([0xED, 0xA0, 0x80], Utf8(core, texts[1]));
        Assert.Equal([0xED, 0xB0, 0x80], Utf8(core, texts[2]));
        Assert.Equal([0xED, 0xB0, 0x80, 0xED, 0xA0, 0x80], Utf8(core, texts[3]));
        Assert.Equal(Encoding.UTF8.GetBytes(Odd), Utf8(core, texts[4]));
        Assert.Equal("plain"u8.ToArray(), Utf8(core, texts[5]));
    }

    [Fact]
    public void A_string_cut_between_two_surrogates_ends_with_the_first()
    {
        ulong text = _heap.TwoByte("ab\ud83d\ude00");
        using OpenCore core = OpenCore.Of(_heap);
        byte[] buffer = [];
        int bytes = core.Strings.ReadUtf8(core[text], 3, ref buffer);
        Assert.Equal([0x61, 0x62, 0xED, 0xA0, 0xBD], buffer[..bytes]);
    }

    [Fact]
    public void Any_tree_of_parts_reads_as_what_they_are_together() =>
        Gen.Int[0, 5].Array[1, 60].Sample(
            steps =>
            {
                var heap = new HeapCoreBuilder();
                var made = new List<(ulong Reference, string Text, bool IsFlat)>();
                var random = new Random(steps.Length);
                foreach (int step in steps)
                {
                    (ulong Reference, string Text, bool IsFlat) a = made.Count == 0 ? (heap.String("start"), "start", true) : made[random.Next(made.Count)];
                    (ulong Reference, string Text, bool IsFlat) b = made.Count == 0 ? a : made[random.Next(made.Count)];
                    bool isOneByte = !(a.Text + b.Text).Any(c => c > 255);
                    made.Add(step switch
                    {
                        0 => (heap.String($"s{made.Count}"), $"s{made.Count}", true),
                        1 => (heap.TwoByte($"π{made.Count}\ud83d"), $"π{made.Count}\ud83d", true),
                        2 or 3 when a.Text.Length + b.Text.Length < 5000 => (heap.Cons(a.Reference, b.Reference, a.Text.Length + b.Text.Length, isOneByte), a.Text + b.Text, false),
                        4 when a.IsFlat && a.Text.Length > 2 => (heap.Slice(a.Reference, 1, a.Text.Length - 2, !a.Text.Any(c => c > 255)), a.Text[1..^1], false),
                        5 when a.IsFlat => (heap.Thin(a.Reference, a.Text.Length, !a.Text.Any(c => c > 255)), a.Text, false),
                        _ => a,
                    });
                }

                using OpenCore core = OpenCore.Of(heap);
                HeapStrings strings = core.Strings;
                foreach ((ulong reference, string text, _) in made)
                {
                    Assert.Equal(text, strings.Read(reference, 10_000));
                    Assert.Equal(text[..Math.Min(7, text.Length)], strings.Read(reference, 7));
                }
            },
            iter: 60,
            threads: 1);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Concatenations_as_deep_as_the_heap_is_large_are_read(bool isLeftDeep)
    {
        const int Depth = 7000;
        ulong whole = _heap.String("x"), letter = _heap.String("y");
        for (int i = 1; i <= Depth; i++) whole = isLeftDeep ? _heap.Cons(whole, letter, i + 1) : _heap.Cons(letter, whole, i + 1);
        using OpenCore core = OpenCore.Of(_heap);
        string read = core.Strings.Read(whole, int.MaxValue / 4)!;
        Assert.Equal(isLeftDeep ? "x" + new string('y', Depth) : new string('y', Depth) + "x", read);
        Assert.Equal(isLeftDeep ? "xy" : "yy", core.Strings.Read(whole, 2));
    }

    [Fact]
    public void A_concatenation_that_was_flattened_is_its_first_part()
    {
        ulong flat = _heap.Cons(_heap.String("both parts"), _heap.String(""), 10);
        using OpenCore core = OpenCore.Of(_heap);
        Assert.Equal("both parts", core.Strings.Read(flat));
    }

    [Fact]
    public void A_string_that_is_a_part_of_itself_comes_to_an_end()
    {
        ulong letters = _heap.String("abc");
        ulong first = _heap.Cons(0, letters, 1000), second = _heap.Cons(letters, 0, 1000), thin = _heap.Thin(0, 5), slice = _heap.Slice(0, 0, 5);
        _heap.SetField(first, 16, first);
        _heap.SetField(second, 24, second);
        _heap.SetField(thin, 16, thin);
        _heap.SetField(slice, 16, slice);
        ulong a = _heap.Cons(0, letters, 500), b = _heap.Cons(a, a, 500);
        _heap.SetField(a, 16, b);
        using OpenCore core = OpenCore.Of(_heap);
        var strings = new HeapStrings(core.Heap, mostParts: 1_000_000);
        foreach (ulong text in new[] { first, second, thin, slice, a, b }) Assert.True(strings.Read(text) is "" or "abc");
    }

    [Fact]
    public void A_slice_of_a_string_that_became_another_is_a_slice_of_that()
    {
        ulong thin = _heap.Thin(_heap.String("the actual string"), 17);
        ulong slice = _heap.Slice(thin, 4, 6), beyond = _heap.Slice(thin, 12, 100), negative = _heap.Slice(thin, -1, 5), far = _heap.Slice(thin, int.MaxValue, 5);
        using OpenCore core = OpenCore.Of(_heap);
        Assert.Equal("actual", core.Strings.Read(slice));
        Assert.Equal("tring", core.Strings.Read(beyond));
        Assert.Equal("", core.Strings.Read(negative));
        Assert.Equal("", core.Strings.Read(far));
    }

    [Fact]
    public void External_strings_are_read_where_their_characters_are_and_empty_where_those_are_missing()
    {
        ulong data = _heap.Memory(0x100), resource = _heap.Memory(0x100);
        "outside"u8.CopyTo(_heap.At(data));
        System.Runtime.InteropServices.MemoryMarshal.AsBytes("πσ".AsSpan()).CopyTo(_heap.At(data + 0x20));
        _heap.Set(resource + 8, data);
        ulong one = _heap.External(data, 7), two = _heap.External(data + 0x20, 2, isOneByte: false), uncached = _heap.Uncached(resource, 3);
        ulong missing = _heap.External(0x6666_0000, 7), cut = _heap.External(data + 0xFE, 7), huge = _heap.External(data, int.MaxValue, isOneByte: false);
        ulong negative = _heap.External(data, -5);
        using OpenCore core = OpenCore.Of(_heap);
        Assert.Equal("outside", core.Strings.Read(one));
        Assert.Equal("πσ", core.Strings.Read(two));
        Assert.Equal("out", core.Strings.Read(uncached));
        foreach (ulong absent in new[] { missing, cut, huge, negative }) Assert.Equal("", core.Strings.Read(absent));
        Assert.Equal(0, HeapStrings.Length(core[negative]));
        Assert.Equal(data, core.Strings.ExternalData(core[one]));
        Assert.Equal(data, core.Strings.ExternalData(core[uncached]));
    }

    private static byte[] Utf8(OpenCore core, ulong reference)
    {
        byte[] buffer = [];
        int bytes = core.Strings.ReadUtf8(core[reference], 1000, ref buffer);
        return buffer[..bytes];
    }
}
