using Holdfast.Common;

namespace Holdfast.Tests.Common;

/// <summary>Numbers as a JavaScript console prints them: what Node 24 gives for <c>String(x)</c>.</summary>
public class NumberTextTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.0, "-0")]
    [InlineData(1, "1")]
    [InlineData(-42, "-42")]
    [InlineData(0.1, "0.1")]
    [InlineData(1234.5678, "1234.5678")]
    [InlineData(100, "100")]
    [InlineData(1e21, "1e+21")]
    [InlineData(1.5e21, "1.5e+21")]
    [InlineData(123456789012345680000.0, "123456789012345680000")]
    [InlineData(1e-6, "0.000001")]
    [InlineData(1e-7, "1e-7")]
    [InlineData(1.25e-9, "1.25e-9")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(double.MaxValue, "1.7976931348623157e+308")]
    [InlineData(9007199254740992.0, "9007199254740992")]
    [InlineData(4294967296.5, "4294967296.5")]
    [InlineData(0.000123, "0.000123")]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public void Numbers_are_written_as_JavaScript_writes_them(double number, string expected) => Assert.Equal(expected, NumberText.Show(number));

    [Fact]
    public void What_is_written_is_the_same_number_when_it_is_read()
    {
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++)
        {
            double number = BitConverter.Int64BitsToDouble(random.NextInt64());
            if (double.IsFinite(number)) Assert.Equal(number, double.Parse(NumberText.Show(number), System.Globalization.CultureInfo.InvariantCulture));
        }
    }
}
