using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.Live;
using Holdfast.Sources.Perf;

namespace Holdfast.Sources;

/// <summary>
/// Opens any input that has stacks as a profile: what perf records or writes, folded stacks, V8's profiles. What it is is told by its
/// contents. Heaps are none of its business.
/// </summary>
public static class StackDetector
{
    /// <summary>Bytes that tell formats apart.</summary>
    private const int Looked = 16 << 10;

    /// <param name="input">A file's path, or <c>-</c> for standard input.</param>
    /// <param name="standardInput">Where <c>-</c> reads from; what was read of it and is no profile is given again by what stands here afterwards.</param>
    /// <param name="options">How the text of perf is read.</param>
    /// <param name="work">Progress, warnings and cancellation.</param>
    /// <returns>Null where the input is there and is no profile.</returns>
    /// <exception cref="InputException">There is no such input, or it is a profile that cannot be read.</exception>
    public static StackProfile? TryRead(string input, ref Func<Stream> standardInput, PerfTextOptions options, Work work)
    {
        if (LiveTarget.IsOne(input) && !File.Exists(input)) return null;
        string name = input == "-" ? "standard input" : input;
        Stream raw = input == "-" ? standardInput() : InputFiles.Open(input);
        bool isKept = false;
        try
        {
            byte[] start = new byte[Looked];
            int known = ReadStart(raw, start, name);
            long length = raw.CanSeek ? raw.Length : -1;
            var whole = new PrefixedStream(start.AsMemory(0, known), raw);
            using Stream? unpacked = Decompression.TryOpen(whole, start.AsSpan(0, known), input);
            if (unpacked is null && PerfDataReader.IsOne(start.AsSpan(0, known))) return PerfDataReader.Read(input, options, work);
            if (unpacked is null && !IsHeap(start.AsSpan(0, known))) return Read(whole, start.AsMemory(0, known), name, length, options, work);
            if (unpacked is not null && input == "-") throw new InputException("standard input: is compressed; unpack it first, or give flame the file itself.");
            if (unpacked is not null)
            {
                byte[] inner = new byte[Looked];
                int more = ReadStart(unpacked, inner, name);
                if (!IsHeap(inner.AsSpan(0, more))) return Read(new PrefixedStream(inner.AsMemory(0, more), unpacked), inner.AsMemory(0, more), name, -1, options, work);
            }

            if (input == "-")
            {
                isKept = true;
                standardInput = () => whole;
            }

            return null;
        }
        finally
        {
            if (!isKept) raw.Dispose();
        }
    }

    private static StackProfile Read(Stream content, ReadOnlyMemory<byte> start, string name, long length, PerfTextOptions options, Work work)
    {
        if (PerfDataReader.IsOne(start.Span)) throw new InputException($"{name}: is a compressed perf.data: unpack it first, perf reads files only.");
        if (start.Span.TrimStart(" \n\r\t"u8) is [(byte)'{', ..]) return V8ProfileReader.Read(content, name, work);
        int binary = start.Span.IndexOf((byte)0);
        if (binary >= 0)
        {
            throw InputException.At(name, binary, "byte 0x00, so this is no text", "the text of perf script, folded stacks, a perf.data, or a profile or heap snapshot of V8",
                "Check which file this is.");
        }

        var lines = new StackLines(content, name, length, work);
        return IsFolded(start.Span) ? FoldedReader.Read(lines, work) : PerfScriptReader.Read(lines, options, work);
    }

    /// <summary>Whether the first line that is no comment is a stack with a weight.</summary>
    private static bool IsFolded(ReadOnlySpan<byte> start)
    {
        while (!start.IsEmpty)
        {
            int end = start.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = (end < 0 ? start : start[..end]).TrimEnd((byte)'\r');
            start = end < 0 ? default : start[(end + 1)..];
            if (line.IsEmpty || line[0] == '#') continue;
            return line[0] is not ((byte)' ' or (byte)'\t') && FoldedReader.IsFolded(line);
        }

        return false;
    }

    /// <summary>Whether it is a core dump or a heap snapshot, whose first member is <c>snapshot</c> in all versions.</summary>
    private static bool IsHeap(ReadOnlySpan<byte> start)
    {
        if (CoreInput.IsCore(start)) return true;
        ReadOnlySpan<byte> text = start.TrimStart(" \n\r\t"u8);
        return text is [(byte)'{', ..] && text[1..].TrimStart(" \n\r\t"u8).StartsWith("\"snapshot\""u8);
    }

    private static int ReadStart(Stream stream, Span<byte> start, string name)
    {
        try
        {
            return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (StackReadErrors.IsOne(e))
        {
            throw StackReadErrors.Explain(e, name, 0);
        }
    }
}
