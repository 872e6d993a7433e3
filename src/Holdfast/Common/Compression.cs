using System.IO.Compression;

namespace Holdfast.Common;

/// <summary>Packs what is written, where a file's name asks for it.</summary>
public static class Compression
{
    /// <summary>A compromise: two thirds of the size the strongest levels reach, at a hundred times their speed.</summary>
    public const int ZstdLevel = 3;

    /// <summary>Runs a writer with a stream that packs into <paramref name="file"/>, by the end of the name: .zst, .gz, .br, else not at all.</summary>
    public static void Write(Stream file, string name, Action<Stream> write)
    {
        using Stream? packing = TryOpen(file, name);
        write(packing ?? file);
    }

    private static Stream? TryOpen(Stream file, string name)
    {
        if (EndsWith(name, ".zst")) return new ZstdSharp.CompressionStream(file, ZstdLevel, leaveOpen: true);
        if (EndsWith(name, ".gz")) return new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true);
        return EndsWith(name, ".br") ? new BrotliStream(file, CompressionLevel.Fastest, leaveOpen: true) : null;
    }

    private static bool EndsWith(string name, string ending) => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
}
