using System.Globalization;

namespace Holdfast.Common;

/// <summary>Numbers as JavaScript writes them. Source: ECMA-262, Number::toString.</summary>
public static class NumberText
{
    /// <summary>The shortest digits that give the same number; <c>-0</c> is told from 0.</summary>
    public static string Show(double number)
    {
        if (double.IsNaN(number)) return "NaN";
        if (double.IsInfinity(number)) return number > 0 ? "Infinity" : "-Infinity";
        if (number == 0) return double.IsNegative(number) ? "-0" : "0";
        (string digits, int point) = Digits(Math.Abs(number).ToString("R", CultureInfo.InvariantCulture));
        string sign = number < 0 ? "-" : "";
        int count = digits.Length;
        if (count <= point && point <= 21) return sign + digits + new string('0', point - count);
        if (point is > 0 and <= 21) return $"{sign}{digits[..point]}.{digits[point..]}";
        if (point is > -6 and <= 0) return $"{sign}0.{new string('0', -point)}{digits}";
        string exponent = (point > 0 ? "+" : "-") + Math.Abs(point - 1).ToString(CultureInfo.InvariantCulture);
        return count == 1 ? $"{sign}{digits}e{exponent}" : $"{sign}{digits[..1]}.{digits[1..]}e{exponent}";
    }

    /// <summary>The digits without zeros at their ends, and how many of them are before the point.</summary>
    private static (string Digits, int Point) Digits(string shortest)
    {
        int e = shortest.IndexOf('E');
        string mantissa = e < 0 ? shortest : shortest[..e];
        int power = e < 0 ? PowerOf(mantissa) : int.Parse(shortest.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return (mantissa.Replace(".", "", StringComparison.Ordinal).Trim('0'), power + 1);
    }

    /// <summary>The power of ten of the first digit that is not 0.</summary>
    private static int PowerOf(string plain)
    {
        int point = plain.IndexOf('.');
        int whole = point < 0 ? plain.Length : point;
        for (int i = 0; i < plain.Length; i++)
        {
            if (plain[i] is >= '1' and <= '9') return i < whole ? whole - i - 1 : whole - i;
        }

        return 0;
    }
}
