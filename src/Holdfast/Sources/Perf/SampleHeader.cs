using System.Buffers.Text;

namespace Holdfast.Sources.Perf;

/// <summary>The first line of a sample: <c>node 22211/22215 [001]  4213.693201:  16 page-faults: …</c></summary>
internal ref struct SampleHeader
{
    public ReadOnlySpan<byte> Command;

    /// <summary>Digits, or empty where there is one number only: that is the thread's.</summary>
    public ReadOnlySpan<byte> Process;

    public ReadOnlySpan<byte> Thread;

    public ReadOnlySpan<byte> Event;

    /// <summary>Digits, or empty.</summary>
    public ReadOnlySpan<byte> Period;

    /// <summary>What stands behind the event: an address, a tracepoint's values, a frame.</summary>
    public ReadOnlySpan<byte> Tail;

    /// <summary>Seconds, or negative where there is no time.</summary>
    public double Time;

    public readonly long Weight => Period.IsEmpty ? 1 : Math.Max(1, PerfLine.Number(Period));

    /// <summary>Reads a header as perf writes it: what is before the time is command, process and processor.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out SampleHeader header)
    {
        header = default;
        int time = FindTime(line, out int afterTime);
        if (time < 0) return TryParseWithoutTime(line, out header);
        if (!Utf8Parser.TryParse(line[time..], out header.Time, out _)) header.Time = -1;
        ReadOnlySpan<byte> before = TrimEnd(line[..time]);
        if (before is [.., (byte)']'] && before.LastIndexOf((byte)'[') is > 0 and int processor) before = TrimEnd(before[..processor]);
        int number = LastToken(before);
        if (!header.TakeIds(before[number..])) return false;
        header.Command = Trim(before[..number]);
        header.TakeEvent(line[afterTime..]);
        return true;
    }

    /// <summary>Reads a header as stackcollapse-perf.pl does.</summary>
    public static bool TryParseCompatibly(ReadOnlySpan<byte> line, out SampleHeader header)
    {
        header = default;
        header.Time = -1;
        int rest = FindIds(line, ref header);
        if (rest < 0) return false;
        ReadOnlySpan<byte> text = TrimEnd(line);
        if (text is not [.., (byte)':']) return true;
        int token = LastToken(text);
        ReadOnlySpan<byte> before = TrimEnd(text[..token]);
        if (token == before.Length || text.Length - token < 2) return true;
        int digits = before.Length;
        while (digits > 0 && PerfLine.IsDigit(before[digits - 1])) digits--;
        if (TrimEnd(before[..digits]) is not [.., (byte)':']) return true;
        header.Period = before[digits..];
        header.Event = text[token..^1];
        return true;
    }

    /// <summary>Where the token <c>123.456:</c> begins, or -1.</summary>
    private static int FindTime(ReadOnlySpan<byte> line, out int after)
    {
        for (int colon = 0; ; colon++)
        {
            int next = line[colon..].IndexOf((byte)':');
            after = colon + next + 1;
            if (next < 0) return -1;
            colon += next;
            int start = colon;
            bool hasPoint = false;
            while (start > 0 && (PerfLine.IsDigit(line[start - 1]) || (line[start - 1] == '.' && !hasPoint))) hasPoint |= line[--start] == '.';
            if (hasPoint && start > 0 && PerfLine.IsSpace(line[start - 1]) && start < colon - 2 && (after == line.Length || PerfLine.IsSpace(line[after]))) return start;
        }
    }

    private static bool TryParseWithoutTime(ReadOnlySpan<byte> line, out SampleHeader header)
    {
        header = default;
        header.Time = -1;
        if (line.IsEmpty || PerfLine.IsSpace(line[0])) return false;
        int rest = FindIds(line, ref header);
        if (rest < 0) return false;
        ReadOnlySpan<byte> text = Trim(line[rest..]);
        if (text is [(byte)'[', ..] && text.IndexOf((byte)']') is > 0 and int end) text = text[(end + 1)..];
        header.TakeEvent(text);
        return true;
    }

    /// <summary>Command and numbers by the script's pattern: the first number with white space around it. Where what is behind begins, or -1.</summary>
    private static int FindIds(ReadOnlySpan<byte> line, ref SampleHeader header)
    {
        if (line.IsEmpty || PerfLine.IsSpace(line[0])) return -1;
        for (int end = 2; end < line.Length; end++)
        {
            if (!PerfLine.IsSpace(line[end])) continue;
            int number = end;
            while (number < line.Length && PerfLine.IsSpace(line[number])) number++;
            int after = number;
            while (after < line.Length && PerfLine.IsDigit(line[after])) after++;
            if (after == number) continue;
            while (after < line.Length && line[after] == '/') after++;
            while (after < line.Length && PerfLine.IsDigit(line[after])) after++;
            if (after == line.Length || !PerfLine.IsSpace(line[after])) continue;
            header.Command = line[..end];
            header.TakeIds(line[number..after]);
            return after;
        }

        return -1;
    }

    private bool TakeIds(ReadOnlySpan<byte> token)
    {
        int slash = token.IndexOf((byte)'/');
        ReadOnlySpan<byte> first = slash < 0 ? token : token[..slash], second = slash < 0 ? default : token[(slash + 1)..].TrimStart((byte)'/');
        if (first is [(byte)'-', ..]) first = first[1..];
        if (first.IsEmpty || first.ContainsAnyExceptInRange((byte)'0', (byte)'9')) return false;
        bool one = second.IsEmpty || second.SequenceEqual("0"u8);
        Process = one ? default : first;
        Thread = one ? first : second;
        return true;
    }

    /// <summary>Takes <c>16 page-faults: tail</c>; where it is something else, there is no event.</summary>
    private void TakeEvent(ReadOnlySpan<byte> text)
    {
        text = Trim(text);
        int end = 0;
        while (end < text.Length && PerfLine.IsDigit(text[end])) end++;
        ReadOnlySpan<byte> name = text;
        if (end > 0 && end < text.Length && PerfLine.IsSpace(text[end]))
        {
            Period = text[..end];
            name = Trim(text[end..]);
        }

        int token = 0;
        while (token < name.Length && !PerfLine.IsSpace(name[token])) token++;
        if (token < 2 || name[token - 1] != ':') return;
        Event = name[..(token - 1)];
        Tail = Trim(name[token..]);
    }

    private static int LastToken(ReadOnlySpan<byte> text)
    {
        int start = text.Length;
        while (start > 0 && !PerfLine.IsSpace(text[start - 1])) start--;
        return start;
    }

    private static ReadOnlySpan<byte> TrimEnd(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && PerfLine.IsSpace(text[^1])) text = text[..^1];
        return text;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty && PerfLine.IsSpace(text[0])) text = text[1..];
        return TrimEnd(text);
    }
}
