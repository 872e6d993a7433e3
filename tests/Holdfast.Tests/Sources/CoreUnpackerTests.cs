using System.IO.Compression;
using Holdfast.Common;
using Holdfast.Sources;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources;

/// <summary>Compressed cores on their way to a file that can be mapped.</summary>
public sealed class CoreUnpackerTests
{
    [Fact]
    public void A_core_is_unpacked_to_a_file_without_a_name_with_holes_for_its_zeros()
    {
        string[] before = TemporaryFiles();
        var content = new byte[10_000_000];
        new Random(1).NextBytes(content.AsSpan(0, 100_000));
        new Random(2).NextBytes(content.AsSpan(7_000_001, 100_000));
        using FileStream file = CoreUnpacker.Unpack(new DripStream(content, 70_001), "core", Work.Unwatched);
        Assert.Equal(before, TemporaryFiles());
        Assert.Equal(content.Length, file.Length);
        var read = new byte[content.Length];
        file.ReadExactly(read);
        Assert.True(content.AsSpan().SequenceEqual(read));
    }

    [Fact]
    public void A_core_that_ends_in_zeros_is_as_long_as_it_was()
    {
        using FileStream file = CoreUnpacker.Unpack(new MemoryStream(new byte[1_000_003]), "core", Work.Unwatched);
        Assert.Equal(1_000_003, file.Length);
    }

    [Fact]
    public void More_than_MaxUnpackedCoreBytes_are_refused_and_leave_nothing_behind()
    {
        string[] before = TemporaryFiles();
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(new byte[3_000_000]);
        packed.Position = 0;
        using var bomb = new GZipStream(packed, CompressionMode.Decompress);
        InputException e = Assert.Throws<InputException>(() => CoreUnpacker.Unpack(bomb, "core.gz", Work.Unwatched, limit: 1_000_000));
        Assert.Contains("core.gz", e.Message, StringComparison.Ordinal);
        Assert.Contains(nameof(Limits.MaxUnpackedCoreBytes), e.Message, StringComparison.Ordinal);
        Assert.Equal(before, TemporaryFiles());
    }

    [Fact]
    public void A_cut_file_is_unpacked_as_far_as_it_goes_with_a_warning()
    {
        var content = new byte[1_000_000];
        new Random(1).NextBytes(content);
        using var packed = new MemoryStream();
        using (var zstd = new ZstdSharp.CompressionStream(packed, leaveOpen: true)) zstd.Write(content);
        var warnings = new List<string>();
        using var cut = new ZstdSharp.DecompressionStream(new MemoryStream(packed.ToArray()[..600_000]));
        using FileStream file = CoreUnpacker.Unpack(cut, "core.zst", new Work(warn: warnings.Add));
        Assert.Contains("cut short", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.InRange(file.Length, 200_000, 600_000);
        var read = new byte[file.Length];
        file.ReadExactly(read);
        Assert.True(content.AsSpan(0, read.Length).SequenceEqual(read));
    }

    [Fact]
    public void Unpacking_can_be_stopped() => Assert.Throws<OperationCanceledException>(
        () => CoreUnpacker.Unpack(new MemoryStream(new byte[100]), "core", new Work(cancellation: new CancellationToken(true))));

    private static string[] TemporaryFiles() => [.. Directory.GetFiles(Path.GetTempPath(), "holdfast-*.core").Order(StringComparer.Ordinal)];
}
