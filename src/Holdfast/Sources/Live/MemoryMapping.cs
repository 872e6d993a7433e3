using System.Globalization;
using Holdfast.Common;

namespace Holdfast.Sources.Live;

/// <summary>A range of a process's addresses, from <c>/proc/N/smaps</c> or <c>maps</c>; sizes in bytes.</summary>
/// <param name="Start">First address.</param>
/// <param name="End">Address after the last.</param>
/// <param name="Permissions"><c>rwxp</c>, with <c>-</c> for what is not.</param>
/// <param name="Inode">The file's, 0 where there is none.</param>
/// <param name="Path">The file, <c>[heap]</c>, <c>[stack]</c>, or nothing.</param>
internal sealed record MemoryMapping(ulong Start, ulong End, string Permissions, ulong Inode, string Path)
{
    public long Size => (long)(End - Start);

    /// <summary>Where in its file it begins.</summary>
    public ulong Offset { get; init; }

    /// <summary>Resident bytes; 0 of <c>maps</c>, which does not say.</summary>
    public long Rss { get; init; }

    /// <summary>This process's share of them.</summary>
    public long Pss { get; init; }

    /// <summary>Resident bytes that are of no file.</summary>
    public long Anonymous { get; init; }

    public long Swap { get; init; }

    public bool IsReadable => Permissions.StartsWith('r');

    public bool IsWritable => Permissions.Length > 1 && Permissions[1] == 'w';

    public bool IsExecutable => Permissions.Length > 2 && Permissions[2] == 'x';

    /// <summary>Whether no file is behind it and the kernel has no name for it; a name that the program gave it does not count.</summary>
    public bool IsAnonymous => Inode == 0 && (Path.Length == 0 || Path.StartsWith("[anon:", StringComparison.Ordinal));

    /// <summary>A process's memory with what is resident; null where this user may not see it.</summary>
    public static List<MemoryMapping>? ReadAll(ProcFolder proc, int pid) => proc.Text(pid, "smaps") is { Length: > 0 } text ? Parse(text) : null;

    /// <summary>Reads the text of <c>smaps</c> or <c>maps</c>. Lines that are not understood are passed over.</summary>
    public static List<MemoryMapping> Parse(string text)
    {
        var found = new List<MemoryMapping>();
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (TryParseHead(line) is { } head)
            {
                if (found.Count >= Limits.MaxSegments) break;
                found.Add(head);
            }
            else if (found.Count > 0)
            {
                found[^1] = WithValue(found[^1], line);
            }
        }

        return found;
    }

    private static MemoryMapping WithValue(MemoryMapping mapping, ReadOnlySpan<char> line)
    {
        int colon = line.IndexOf(':');
        if (colon < 0 || ProcText.Kilobytes(line[(colon + 1)..].Trim()) is not { } bytes) return mapping;
        return line[..colon] switch
        {
            "Rss" => mapping with { Rss = bytes },
            "Pss" => mapping with { Pss = bytes },
            "Anonymous" => mapping with { Anonymous = bytes },
            "Swap" => mapping with { Swap = bytes },
            _ => mapping,
        };
    }

    /// <summary><c>55d0-55d1 r-xp 00000000 fe:00 876560     /usr/bin/node</c></summary>
    private static MemoryMapping? TryParseHead(ReadOnlySpan<char> line)
    {
        int dash = line.IndexOf('-'), blank = line.IndexOf(' ');
        if (dash <= 0 || blank < dash
            || !ulong.TryParse(line[..dash], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong start)
            || !ulong.TryParse(line[(dash + 1)..blank], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong end)
            || end < start)
        {
            return null;
        }

        Span<Range> words = stackalloc Range[5];
        ReadOnlySpan<char> rest = line[(blank + 1)..];
        int count = rest.Split(words, ' ', StringSplitOptions.RemoveEmptyEntries);
        if (count < 4) return null;
        _ = ulong.TryParse(rest[words[3]].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out ulong inode);
        _ = ulong.TryParse(rest[words[1]], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong offset);
        return new MemoryMapping(start, end, rest[words[0]].ToString(), inode, count < 5 ? "" : rest[words[4]].Trim().ToString()) { Offset = offset };
    }
}
