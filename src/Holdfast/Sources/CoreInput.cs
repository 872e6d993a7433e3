using Holdfast.Common;
using Holdfast.Sources.Snapshot;

namespace Holdfast.Sources;

/// <summary>Tells a core dump from other inputs, plain or compressed.</summary>
internal static class CoreInput
{
    private const int StartBytes = 16;

    /// <summary>Whether these are the first bytes of a core.</summary>
    public static bool IsCore(ReadOnlySpan<byte> start) => start.StartsWith("\u007fELF"u8);

    /// <summary>
    /// The input as a file that can be mapped, or null where it is no core dump or no file. What is compressed is unpacked
    /// (<see cref="CoreUnpacker"/>).
    /// </summary>
    /// <exception cref="InputException">It is a compressed core that cannot be unpacked.</exception>
    public static FileStream? TryOpen(string input, Work work)
    {
        work.ThrowIfCancelled();
        FileStream? file = null;
        try
        {
            // A pipe has no length, and must not be opened twice.
            if (input == "-" || new FileInfo(input) is not { Exists: true, Length: > 0 }) return null;
            file = new FileStream(input, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (!file.CanSeek) return null;
            byte[] start = ReadStart(file);
            if (!IsCore(start)) return TryUnpack(file, start, input, work);
            FileStream core = file;
            file = null;
            return core;
        }
        catch (Exception e) when (ReadErrors.IsOne(e) || e is ArgumentException or NotSupportedException)
        {
            // Whoever opens it next says what is wrong.
            return null;
        }
        finally
        {
            file?.Dispose();
        }
    }

    private static FileStream? TryUnpack(FileStream file, byte[] start, string input, Work work)
    {
        using Stream? content = Decompression.TryOpen(new PrefixedStream(start, file), start, input);
        if (content is null) return null;
        byte[] inner = ReadStart(content);
        return IsCore(inner) ? CoreUnpacker.Unpack(new PrefixedStream(inner, content), input, work) : null;
    }

    private static byte[] ReadStart(Stream stream)
    {
        var start = new byte[StartBytes];
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return start[..read];
    }
}
