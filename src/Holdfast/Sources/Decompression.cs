using System.IO.Compression;

namespace Holdfast.Sources;

/// <summary>Unpacks gzip, zstd and brotli while reading.</summary>
internal static class Decompression
{
    /// <summary>The unpacked stream, or null where the input is not compressed.</summary>
    public static Stream? TryOpen(Stream input, ReadOnlySpan<byte> start, string name)
    {
        if (start is [0x1F, 0x8B, ..]) return new GZipStream(input, CompressionMode.Decompress);
        if (start is [0x28, 0xB5, 0x2F, 0xFD, ..]) return new ZstdSharp.DecompressionStream(input);
        if (name.EndsWith(".br", StringComparison.OrdinalIgnoreCase)) return new BrotliStream(input, CompressionMode.Decompress);
        return null;
    }
}
