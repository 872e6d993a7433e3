using System.Globalization;
using System.Text;
using CsCheck;
using Holdfast.Sources.Snapshot;

namespace Holdfast.Tests.Sources.Snapshot;

/// <summary>Every case goes through both paths of the tokenizer, with room for many numbers and for few.</summary>
public sealed class NumberTokenizerTests
{
    private const int Cases = 10_000;

    private static readonly Gen<ulong> Number = Gen.Frequency(
        (6, Gen.ULong[0, 99]),
        (3, Gen.ULong[0, 99_999_999]),
        (3, Gen.ULong[10_000_000, 1_000_000_000]),
        (2, Gen.ULong[0, 9_007_199_254_740_991]),
        (1, Gen.Int[0, 15].Select(power => (ulong)Math.Pow(10, power))),
        (1, Gen.Int[1, 15].Select(power => (ulong)Math.Pow(10, power) - 1)));

    [Fact]
    public void Numbers_of_every_length_are_read()
    {
        foreach (string digits in new[] { "0", "9", "12", "4294967296", "9007199254740991", "00000000000000000000017", "0000000000000001" })
        {
            for (int before = 0; before < 70; before++)
            {
                string text = new string('1', Math.Min(before, 1)) + (before > 0 ? "," : "") + string.Concat(Enumerable.Repeat("8,", before)) + digits + ",7,";
                AssertReads(text);
            }
        }
    }

    [Fact]
    public void Arrays_as_V8_writes_them_are_read_the_same_by_both_paths() =>
        Gen.Select(Number.Array[0, 400], Gen.Int[1, 9], Gen.Bool).Sample((numbers, fields, newlines) =>
        {
            var text = new StringBuilder();
            for (int i = 0; i < numbers.Length; i++)
            {
                text.Append(numbers[i].ToString(CultureInfo.InvariantCulture));
                if (newlines && i % fields == fields - 1) text.Append('\n');
                text.Append(',');
            }

            Assert.Equal(numbers, AssertReads(text.ToString()));
        }, iter: Cases);

    [Fact]
    public void White_space_may_stand_anywhere_between_numbers_and_commas() =>
        Gen.Select(Number, Gen.OneOf("", "", "", " ", "\n", "\r\n", "\t", "   \n\n "), Gen.OneOf("", "", "\n", " ", "\n\n")).Array[1, 120]
            .Sample(parts =>
            {
                string text = string.Concat(parts.Select(p => p.Item2 + p.Item1.ToString(CultureInfo.InvariantCulture) + p.Item3 + ","));
                Assert.Equal(parts.Select(p => p.Item1), AssertReads(text));
            }, iter: Cases);

    [Theory]
    [InlineData("-1,", 0)]
    [InlineData("1,-1,", 2)]
    [InlineData("1.5,", 1)]
    [InlineData("1e5,", 1)]
    [InlineData(",", 0)]
    [InlineData("1,,2,", 2)]
    [InlineData("1 2,", 2)]
    [InlineData("1\n2,", 2)]
    [InlineData("null,", 0)]
    [InlineData("[1,", 0)]
    [InlineData("1,2", 3)]
    [InlineData("1,2\n", 4)]
    [InlineData("\"1\",", 0)]
    [InlineData("9007199254740992,", 0)]
    [InlineData("1,99999999999999999,", 2)]
    [InlineData("1,11111111111111111111111111111111111111111111111111111111111111111111111111111111111111111,", 2)]
    [InlineData("5,\n\n,", 4)]
    [InlineData("5,\n,", 3)]
    [InlineData("5\n,\n,", 4)]
    [InlineData("\n,", 1)]
    [InlineData("5\n\n6,", 3)]
    [InlineData("5,\u00e9,", 2)]
    [InlineData("5,/,", 2)]
    [InlineData("5,:,", 2)]
    public void Damage_is_found_at_the_same_place_by_both_paths(string text, int position)
    {
        foreach (int before in new[] { 0, 1, 31, 32, 63, 64, 65, 500 })
        {
            // The vector path looks at 64 bytes together: damage stands at the end of the text, and in the middle of it.
            string padding = string.Concat(Enumerable.Repeat("7,", before));
            foreach (string after in text.EndsWith(',') ? new[] { "", string.Concat(Enumerable.Repeat("8\n,9,", 50)) } : [""])
            {
                (_, int? plain, string? plainFound) = Read(padding + text + after, vector: false, room: 4096);
                (_, int? fast, string? fastFound) = Read(padding + text + after, vector: true, room: 4096);
                Assert.Equal(padding.Length + position, plain);
                Assert.Equal(plain, fast);
                Assert.Equal(plainFound, fastFound);
            }
        }
    }

    [Fact]
    public void Any_bytes_give_the_same_numbers_and_the_same_error_on_both_paths() =>
        Gen.OneOf((byte)'0', (byte)'1', (byte)'9', (byte)'5', (byte)',', (byte)',', (byte)'\n', (byte)' ', (byte)'-', (byte)'.', (byte)'/', (byte)':', (byte)0xB0)
            .Array[0, 300].Sample(bytes => AssertSame(Encoding.Latin1.GetString(bytes)), iter: Cases);

    [Fact]
    public void One_wrong_byte_anywhere_in_a_valid_array_gives_the_same_error_on_both_paths() =>
        Gen.Select(Number.Array[1, 200], Gen.Int[0, 100_000], Gen.OneOf(Gen.Byte, Gen.OneOf((byte)',', (byte)'\n', (byte)'0', (byte)' ')), Gen.Int[1, 9])
            .Sample((numbers, place, wrong, fields) =>
        {
            byte[] text = Encoding.ASCII.GetBytes(string.Concat(numbers.Select((n, i) => n.ToString(CultureInfo.InvariantCulture) + (i % fields == 0 ? "\n," : ","))));
            text[place % text.Length] = wrong;
            AssertSame(Encoding.Latin1.GetString(text));
        }, iter: Cases);

    private static ulong[] AssertReads(string text)
    {
        (ulong[] plain, int? plainError, _) = Read(text, vector: false, room: 4096);
        Assert.Null(plainError);
        foreach (int room in new[] { 64, 65, 127, 4096 })
        {
            (ulong[] fast, int? fastError, _) = Read(text, vector: true, room);
            Assert.Null(fastError);
            Assert.Equal(plain, fast);
        }

        return plain;
    }

    private static void AssertSame(string text)
    {
        (ulong[] Values, int? Error, string? Found) plain = Read(text, vector: false, room: 100);
        (ulong[] Values, int? Error, string? Found) fast = Read(text, vector: true, room: 100);
        Assert.Equal(plain.Error, fast.Error);
        Assert.Equal(plain.Found, fast.Found);

        // Where there is an error, what came before it in the same call is lost; that is more on the plain path or on the other.
        int shared = plain.Error is null ? int.MaxValue : Math.Min(plain.Values.Length, fast.Values.Length);
        Assert.Equal(plain.Values.Take(shared), fast.Values.Take(shared));
    }

    private static (ulong[] Values, int? Error, string? Found) Read(string text, bool vector, int room)
    {
        byte[] padded = [.. Enumerable.Repeat((byte)'9', NumberTokenizer.FrontPadding), .. Encoding.Latin1.GetBytes(text)];
        var tokens = new NumberTokenizer(padded, vector);
        var all = new List<ulong>();
        var values = new ulong[room];
        try
        {
            int read;
            while ((read = tokens.Read(values)) > 0) all.AddRange(values.AsSpan(0, read));
        }
        catch (NumberFormatException e)
        {
            return ([.. all], e.Position, e.Found);
        }

        Assert.Equal(text.Length, tokens.Position);
        return ([.. all], null, null);
    }
}
