using System.Buffers;
using System.Globalization;

namespace Holdfast.Sources.CoreDump.V8;

/// <summary>A version of V8, as <c>process.versions.v8</c> begins.</summary>
internal readonly record struct V8Version(int Major, int Minor, int Build, int Patch)
{
    private static readonly SearchValues<char> Digits = SearchValues.Create("0123456789.");

    /// <summary>Major and minor in one number, for comparisons: 10.2 is 1002. Layouts change with these two only.</summary>
    public int Number => (Major * 100) + Minor;

    /// <summary>The Node release line that has it, for people; null where that is not known.</summary>
    public string? Node => Number switch
    {
        1002 => "18",
        1103 => "20",
        1204 => "22",
        1306 => "24",
        1406 => "26",
        _ => null,
    };

    public bool IsKnown => Major > 0;

    /// <summary>Reads <c>13.6.233.17-node.28</c>, <c>10.2</c>.</summary>
    public static V8Version? TryParse(ReadOnlySpan<char> text)
    {
        int end = text.IndexOfAnyExcept(Digits);
        if (end >= 0) text = text[..end];
        Span<Range> parts = stackalloc Range[5];
        int count = text.Split(parts, '.');
        if (count is < 2 or > 4) return null;
        Span<int> numbers = stackalloc int[4];
        for (int i = 0; i < count; i++)
        {
            if (!int.TryParse(text[parts[i]], NumberStyles.None, CultureInfo.InvariantCulture, out numbers[i]) || numbers[i] > 9999) return null;
        }

        return numbers[0] is > 0 and < 100 && numbers[1] < 100 ? new V8Version(numbers[0], numbers[1], numbers[2], numbers[3]) : null;
    }

    public override string ToString() => Build == 0 && Patch == 0 ? $"{Major}.{Minor}" : $"{Major}.{Minor}.{Build}.{Patch}";
}
