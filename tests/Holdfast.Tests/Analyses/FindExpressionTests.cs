using Holdfast.Analyses;
using Holdfast.Common;

namespace Holdfast.Tests.Analyses;

/// <summary>The little language of <c>find</c>.</summary>
public sealed class FindExpressionTests
{
    private const long Most = long.MaxValue;
    private const long Least = long.MinValue;

    [Theory]
    [InlineData("Session", FindField.Class, "Session")]
    [InlineData("Http*", FindField.Class, "Http*")]
    [InlineData("class:Session", FindField.Class, "Session")]
    [InlineData("class=Session", FindField.Class, "Session")]
    [InlineData("constructor:Session", FindField.Class, "Session")]
    [InlineData("name:onClose", FindField.Name, "onClose")]
    [InlineData("type:closure", FindField.Type, "closure")]
    [InlineData("edge:listeners", FindField.Edge, "listeners")]
    [InlineData("closure::on*", FindField.Class, "closure::on*")]
    [InlineData("{id, name}", FindField.Class, "{id, name}")]
    [InlineData("class:{id, name}", FindField.Class, "{id, name}")]
    [InlineData("(compiled code)", FindField.Class, "(compiled code)")]
    [InlineData("class:(compiled code)", FindField.Class, "(compiled code)")]
    [InlineData("\"a b\"", FindField.Class, "a b")]
    [InlineData("\"a: b\"", FindField.Class, "a: b")]
    [InlineData("name:\"GET /a b\"", FindField.Name, "GET /a b")]
    [InlineData("type:\"concatenated string\"", FindField.Type, "concatenated string")]
    [InlineData("name:a:b", FindField.Name, "a:b")]
    public void A_term_with_text_is_what_it_says(string text, FindField field, string value)
    {
        Assert.Equal(new FindTerm(field, false, value, 0, 0), One(text));
        Assert.Equal(new FindTerm(field, true, value, 0, 0), One("-" + text));
        Assert.Equal(new FindTerm(field, true, value, 0, 0), One("not:" + text));
    }

    [Theory]
    [InlineData("size>10", FindField.Size, 11, Most)]
    [InlineData("size>=10", FindField.Size, 10, Most)]
    [InlineData("size<10", FindField.Size, Least, 9)]
    [InlineData("size<=10", FindField.Size, Least, 10)]
    [InlineData("size=10", FindField.Size, 10, 10)]
    [InlineData("size:10", FindField.Size, 10, 10)]
    [InlineData("shallow>0", FindField.Size, 1, Most)]
    [InlineData("retained:10..20", FindField.Retained, 10, 20)]
    [InlineData("retained=10..20", FindField.Retained, 10, 20)]
    [InlineData("retained:..20", FindField.Retained, 0, 20)]
    [InlineData("retained:10..", FindField.Retained, 10, Most)]
    [InlineData("retained:1K..1M", FindField.Retained, 1024, 1024 * 1024)]
    [InlineData("distance<5", FindField.Distance, Least, 4)]
    [InlineData("id:@123", FindField.Id, 123, 123)]
    [InlineData("id:123", FindField.Id, 123, 123)]
    [InlineData("id:@100..@200", FindField.Id, 100, 200)]
    [InlineData("id>@100", FindField.Id, 101, Most)]
    public void A_term_with_numbers_is_a_range(string text, FindField field, long low, long high)
    {
        Assert.Equal(new FindTerm(field, false, "", low, high), One(text));
        Assert.Equal(new FindTerm(field, true, "", low, high), One("-" + text));
    }

    [Theory]
    [InlineData("512", 512)]
    [InlineData("512B", 512)]
    [InlineData("4K", 4 * 1024)]
    [InlineData("4k", 4 * 1024)]
    [InlineData("4KB", 4 * 1024)]
    [InlineData("4KiB", 4 * 1024)]
    [InlineData("1.5M", 3 * 512 * 1024)]
    [InlineData("1MB", 1024 * 1024)]
    [InlineData("2GiB", 2L * 1024 * 1024 * 1024)]
    [InlineData("0.5G", 512L * 1024 * 1024)]
    public void Sizes_take_units_of_1024(string size, long bytes)
    {
        Assert.Equal(bytes, One($"size:{size}").Low);
        Assert.Equal(bytes, One($"retained:{size}").High);
    }

    [Fact]
    public void Detached_stands_alone()
    {
        Assert.Equal(new FindTerm(FindField.Detached, false, "", 0, 0), One("detached"));
        Assert.Equal(new FindTerm(FindField.Detached, true, "", 0, 0), One("-detached"));
    }

    [Fact]
    public void Blanks_part_the_terms_except_in_quotes_and_brackets() => Assert.Equal(
        ["{a, b}", "(compiled code)", "x y", "z"],
        FindExpression.Parse("  {a, b} class:(compiled code)\tname:\"x y\"   -z ").Terms.Select(t => t.Text));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("   ", "empty")]
    [InlineData("-", "'-': nothing follows the negation")]
    [InlineData("not:", "'not:': nothing follows the negation")]
    [InlineData("sise>5", "'sise>5': there is no 'sise'")]
    [InlineData("foo:bar", "'foo:bar': there is no 'foo'")]
    [InlineData("-foo:bar", "'-foo:bar': there is no 'foo'")]
    [InlineData("size>", "'size>': nothing follows '>'")]
    [InlineData("size>=", "'size>=': nothing follows '>='")]
    [InlineData("class:", "'class:': nothing follows ':'")]
    [InlineData("name:\"\"", "'name:\"\"': nothing follows ':'")]
    [InlineData("class>5", "'class>5': '>' compares numbers")]
    [InlineData("name<=a", "'name<=a': '<=' compares numbers")]
    [InlineData("size>big", "'size>big': 'big' is no number of bytes")]
    [InlineData("size>1X", "'size>1X': '1X' is no number of bytes")]
    [InlineData("size>-1", "'size>-1': '-1' is no number of bytes")]
    [InlineData("size>1.5", "'size>1.5': '1.5' is no number of bytes")]
    [InlineData("size>1e9", "'size>1e9': '1e9' is no number of bytes")]
    [InlineData("size>99999999999999999999", "'99999999999999999999' is no number")]
    [InlineData("size>9999999999G", "'9999999999G' is no number")]
    [InlineData("distance<4K", "'distance<4K': '4K' is no number")]
    [InlineData("id:abc", "'id:abc': 'abc' is no number")]
    [InlineData("size:@5", "'size:@5': '@5' is no number")]
    [InlineData("size>1..2", "'size>1..2': a range follows ':', not '>'")]
    [InlineData("size:2..1", "'size:2..1': the range ends before it begins")]
    [InlineData("size:a..1", "'size:a..1': 'a' is no number")]
    [InlineData("name:\"a b", "'name:\"a b': the \" is never closed with \"")]
    [InlineData("ok {a, b", "'{a, b': the { is never closed with }")]
    [InlineData("(compiled code", "'(compiled code': the ( is never closed with )")]
    public void What_is_no_term_is_named_and_the_terms_there_are_are_listed(string text, string message)
    {
        InputException e = Assert.Throws<InputException>(() => FindExpression.Parse(text));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.Contains(FindExpression.Help, e.Message, StringComparison.Ordinal);
    }

    private static FindTerm One(string text) => Assert.Single(FindExpression.Parse(text).Terms);
}
