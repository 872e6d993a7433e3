using CsCheck;
using Holdfast.Common;

namespace Holdfast.Tests.Common;

public sealed class ColumnTests
{
    [Fact]
    public void A_column_begins_with_zeroes_and_keeps_its_values_when_it_grows()
    {
        using var column = new Column<long>(3);
        Assert.Equal([0L, 0, 0], column.Span.ToArray());
        column[1] = 7;
        column.Resize(1_000_000);
        Assert.Equal(7, column[1]);
        Assert.Equal(1, column.Span.IndexOfAnyExcept(0));
        Assert.Equal(-1, column.Span[2..].IndexOfAnyExcept(0));
        column[2] = 9;
        column.Resize(2);
        column.Resize(3);
        Assert.Equal([0L, 7, 0], column.Span.ToArray());
    }

    [Fact]
    public void A_place_outside_a_column_is_refused()
    {
        var column = new Column<int>(3);
        Assert.Throws<ArgumentOutOfRangeException>(() => column[3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => column[-1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Column<int>(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Column<byte>(1L << 31));
        column.Dispose();
        Assert.Throws<ArgumentOutOfRangeException>(() => column[0]);
        Assert.Throws<ObjectDisposedException>(() => column.Span.Length);
        column.Dispose();
    }

    [Fact]
    public void A_wide_column_holds_any_number_and_grows_wide_only_when_it_must() =>
        Gen.Select(Gen.Int[1, 40], Gen.Select(Gen.Int[0, 39], Gen.Frequency((5, Gen.ULong[0, uint.MaxValue]), (1, Gen.ULong))).Array[0, 60]).Sample((length, writes) =>
        {
            using var column = new WideColumn(length);
            var expected = new ulong[length];
            foreach ((int place, ulong value) in writes)
            {
                column[place % length] = value;
                expected[place % length] = value;
            }

            Assert.Equal(expected, Enumerable.Range(0, length).Select(i => column[i]));
            Assert.Equal(writes.Any(w => w.Item2 > uint.MaxValue), column.IsWide);
        });

    [Fact]
    public void A_column_of_bits_is_an_array_of_flags() =>
        Gen.Bool.Array[1, 300].Sample(flags =>
        {
            using var column = new BitColumn(flags.Length);
            for (int i = 0; i < flags.Length; i++) column[i] = true;
            for (int i = 0; i < flags.Length; i++) column[i] = flags[i];
            Assert.Equal(flags, Enumerable.Range(0, flags.Length).Select(i => column[i]));
            Assert.Equal(flags.Count(f => f), column.Count());
        });
}
