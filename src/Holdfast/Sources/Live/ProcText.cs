using System.Globalization;

namespace Holdfast.Sources.Live;

/// <summary>Lines of <c>Name: value</c>, with sizes in kB, as the kernel writes them.</summary>
internal static class ProcText
{
    /// <summary>The words after <c>Name:</c>, or nothing.</summary>
    public static ReadOnlySpan<char> Value(ReadOnlySpan<char> text, string name)
    {
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            if (line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.Ordinal)) return line[(name.Length + 1)..].Trim();
        }

        return [];
    }

    /// <summary>A size in bytes (<c>VmRSS: 12 kB</c>); null where there is none.</summary>
    public static long? Bytes(ReadOnlySpan<char> text, string name) => Kilobytes(Value(text, name));

    public static long? Number(ReadOnlySpan<char> text, string name) => First(Value(text, name));

    /// <summary><c>12 kB</c> in bytes.</summary>
    public static long? Kilobytes(ReadOnlySpan<char> value) =>
        value.EndsWith("kB", StringComparison.Ordinal) && First(value) is { } number and <= long.MaxValue / 1024 ? number * 1024 : null;

    /// <summary>The first of some numbers with blanks between them.</summary>
    public static long? First(ReadOnlySpan<char> words)
    {
        int end = words.IndexOfAny(' ', '\t');
        return long.TryParse(end < 0 ? words : words[..end], NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
    }
}
