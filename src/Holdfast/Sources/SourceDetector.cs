using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.Live;
using Holdfast.Sources.Live.Capture;
using Holdfast.Sources.Snapshot;

namespace Holdfast.Sources;

/// <summary>
/// Opens any input as a graph. What it is is told by its first bytes, never by its name alone (only brotli has no
/// mark of its own and goes by <c>.br</c>). A new format is one line in <c>Load</c>.
/// </summary>
public static class SourceDetector
{
    /// <param name="input">A file's path, <c>-</c> for standard input, or <c>pid:N</c>.</param>
    /// <param name="standardInput">Where <c>-</c> reads from.</param>
    /// <param name="work">Progress, warnings and cancellation.</param>
    /// <exception cref="InputException">There is no such input, or it is not what Holdfast reads.</exception>
    public static HeapGraph Load(string input, Func<Stream> standardInput, Work work) => Load(input, standardInput, CoreOptions.Default, work);

    /// <param name="input">A file's path, <c>-</c> for standard input, or <c>pid:N</c>.</param>
    /// <param name="standardInput">Where <c>-</c> reads from.</param>
    /// <param name="cores">How to read it where it is a core dump.</param>
    /// <param name="work">Progress, warnings and cancellation.</param>
    /// <exception cref="InputException">There is no such input, or it is not what Holdfast reads.</exception>
    public static HeapGraph Load(string input, Func<Stream> standardInput, CoreOptions cores, Work work)
    {
        if (TryOpenCoreFile(input, work) is { } core) return CoreReader.Read(core, input, cores, work);
        using Stream raw = input == "-" ? standardInput() : InputFiles.Open(input);
        string name = input == "-" ? "standard input" : input;
        byte[] start = new byte[16];
        int known = ReadStart(raw, start, name);
        long length = raw.CanSeek ? raw.Length : -1;
        var whole = new PrefixedStream(start.AsMemory(0, known), raw);
        using Stream? decompressed = Decompression.TryOpen(whole, start.AsSpan(0, known), input);
        if (decompressed is null) return Read(whole, start.AsSpan(0, known), name, length, cores, work);

        int inner = ReadStart(decompressed, start, name);
        return Read(new PrefixedStream(start.AsMemory(0, inner), decompressed), start.AsSpan(0, inner), name, -1, cores, work);
    }

    /// <summary>Opens a core dump for questions about values, frames and memory.</summary>
    /// <param name="input">A file's path, <c>-</c> for standard input, or <c>pid:N</c>.</param>
    /// <param name="standardInput">Where <c>-</c> reads from.</param>
    /// <param name="cores">How to read it.</param>
    /// <param name="work">Progress, warnings and cancellation.</param>
    /// <returns>Null where the input is there and is no core dump.</returns>
    /// <exception cref="InputException">There is no such input, or it is a core dump that cannot be read.</exception>
    public static CoreSession? TryOpenCore(string input, Func<Stream> standardInput, CoreOptions cores, Work work)
    {
        if (TryOpenCoreFile(input, work) is { } core) return CoreSession.Open(core, input, cores, work);
        using Stream raw = input == "-" ? standardInput() : InputFiles.Open(input);
        if (input != "-") return null;
        byte[] start = new byte[16];
        int known = ReadStart(raw, start, "standard input");
        var whole = new PrefixedStream(start.AsMemory(0, known), raw);
        using Stream? decompressed = Decompression.TryOpen(whole, start.AsSpan(0, known), input);
        Stream content = whole;
        if (decompressed is not null)
        {
            known = ReadStart(decompressed, start, "standard input");
            content = new PrefixedStream(start.AsMemory(0, known), decompressed);
        }

        return CoreInput.IsCore(start.AsSpan(0, known)) ? CoreSession.Open(CoreUnpacker.Unpack(content, "standard input", work), "standard input", cores, work) : null;
    }

    /// <summary>A core dump in a file, or of a process that runs; null where the input is neither.</summary>
    private static FileStream? TryOpenCoreFile(string input, Work work)
    {
        if (!LiveTarget.IsOne(input) || File.Exists(input)) return CoreInput.TryOpen(input, work);
        LiveTarget target = LiveTarget.Parse(input);
        return target.Kind == LiveTargetKind.Process ? MemoryCapture.Open(target, work)
            : throw new InputException($"{input}: an inspector is not read directly: take a snapshot of it with `holdfast capture {input} -o DIR` and give that file, or give pid:N.");
    }

    private static int ReadStart(Stream stream, Span<byte> start, string name)
    {
        try
        {
            return stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        }
        catch (Exception e) when (ReadErrors.IsOne(e))
        {
            throw ReadErrors.Explain(e, name, 0);
        }
    }

    private static HeapGraph Read(Stream text, ReadOnlySpan<byte> start, string name, long length, CoreOptions cores, Work work)
    {
        // From a pipe: a core is read here and there, so it has to be a file.
        if (CoreInput.IsCore(start)) return CoreReader.Read(CoreUnpacker.Unpack(text, name, work), name, cores, work);
        if (start.Length > 0 && start.TrimStart(" \n\r\t"u8) is not [(byte)'{', ..])
        {
            throw InputException.At(name, 0, Describe(start), "the '{' of a heap snapshot",
                "Expected a .heapsnapshot or .heaptimeline file of V8, plain or compressed with gzip, brotli (.br) or zstd.");
        }

        return SnapshotReader.Read(text, name, length, work);
    }

    private static string Describe(ReadOnlySpan<byte> start) =>
        start[0] is > 0x20 and < 0x7F ? $"'{(char)start[0]}'" : $"byte 0x{start[0]:X2}";
}
