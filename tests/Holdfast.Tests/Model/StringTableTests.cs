using CsCheck;
using Holdfast.Model;

namespace Holdfast.Tests.Model;

public sealed class StringTableTests
{
    [Fact]
    public void Strings_come_back_as_they_were_added() => Gen.String.Array[0, 50].Sample(texts =>
    {
        using var builder = new StringTableBuilder();
        byte[][] added = [.. texts.Select(System.Text.Encoding.UTF8.GetBytes)];
        foreach (byte[] text in added) builder.Append(text);
        using StringTable table = builder.Build();
        Assert.Equal(added.Length, table.Count);
        for (int i = 0; i < added.Length; i++)
        {
            Assert.True(table.Utf8(i).SequenceEqual(added[i]));
            Assert.Equal(table.Decode(i).Length, table.Utf16Length(i));
            Assert.True(table.Utf8(table.Find(added[i])).SequenceEqual(added[i]));
        }
    });

    [Fact]
    public void The_same_text_is_interned_once()
    {
        using var builder = new StringTableBuilder();
        Assert.Equal([0, 1, 0], new[] { "a", "b", "a" }.Select(builder.Intern));
        using StringTable table = builder.Build();
        Assert.Equal(2, table.Count);
        Assert.Equal(-1, table.Find("c"u8));
    }

    [Fact]
    public void A_lone_surrogate_is_one_character_however_it_is_counted()
    {
        using var builder = new StringTableBuilder();
        builder.Append([(byte)'a', 0xED, 0xA0, 0xBD, (byte)'b']);
        builder.Append("퟿"u8);
        using StringTable table = builder.Build();
        Assert.Equal("a\uFFFDb", table.Decode(0));
        Assert.Equal(3, table.Utf16Length(0));
        Assert.Equal("퟿", table.Decode(1));
    }

    [Fact]
    public void Strings_larger_than_a_segment_have_one_of_their_own()
    {
        using var builder = new StringTableBuilder();
        var large = new byte[20 << 20];
        large.AsSpan().Fill((byte)'x');
        builder.Append("before"u8);
        builder.Append(large);
        builder.Append("after"u8);
        using StringTable table = builder.Build();
        Assert.Equal("before", table.Decode(0));
        Assert.True(table.Utf8(1).SequenceEqual(large));
        Assert.Equal("after", table.Decode(2));
    }
}
