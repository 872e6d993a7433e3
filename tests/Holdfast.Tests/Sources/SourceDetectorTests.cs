using System.IO.Compression;
using System.Text;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources;

public sealed class SourceDetectorTests
{
    private static readonly byte[] Plain = File.ReadAllBytes(RepositoryFiles.Fixture("small-node24.json"));

    public static TheoryData<string> Packings => ["plain", "gzip", "zstd", "brotli", "two gzip members", "two zstd frames"];

    [Theory]
    [MemberData(nameof(Packings))]
    public void A_file_is_read_however_it_is_packed(string packing)
    {
        using var folder = new TemporaryFolder();
        using HeapGraph expected = Snapshots.Read(Plain);

        // What a file is, its first bytes tell; only brotli has none of its own.
        string path = folder.Write(packing == "brotli" ? "snapshot.BR" : "snapshot.txt", Pack(packing));

        using HeapGraph graph = SourceDetector.Load(path, NoStandardInput, Work.Unwatched);
        GraphAssert.Same(expected, graph);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("gzip")]
    [InlineData("zstd")]
    public void Standard_input_is_read_however_it_is_packed(string packing)
    {
        using HeapGraph expected = Snapshots.Read(Plain);
        foreach (int most in new[] { 1, 5, 100_000 })
        {
            using HeapGraph graph = SourceDetector.Load("-", () => new DripStream(Pack(packing), most), Work.Unwatched);
            GraphAssert.Same(expected, graph);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("brotli")]
    public void A_packed_file_cut_short_is_an_error_or_a_graph_with_a_warning(string packing)
    {
        using var folder = new TemporaryFolder();
        byte[] whole = Pack(packing);
        string name = packing == "brotli" ? "cut.br" : "cut.packed";
        for (int length = 0; length < whole.Length; length += length < 64 ? 1 : 17)
        {
            string path = folder.Write(name, whole.AsSpan(0, length));
            var warnings = new List<string>();
            AssertGraphOrError(path, warnings, out bool read);

            // What is missing may be nothing but the checksum after the snapshot's last byte.
            if (read && length < whole.Length - 16) Assert.NotEmpty(warnings);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("zstd")]
    [InlineData("brotli")]
    public void A_packed_file_that_is_damaged_is_an_error_or_a_graph(string packing)
    {
        using var folder = new TemporaryFolder();
        byte[] whole = Pack(packing);
        string name = packing == "brotli" ? "damaged.br" : "damaged.packed";
        for (int at = 0; at < whole.Length; at += at < 64 ? 1 : 41)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x55;
            AssertGraphOrError(folder.Write(name, damaged), null, out _);
        }
    }

    [Fact]
    public void A_packed_file_cut_short_says_so()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("cut.gz", Pack("gzip").AsSpan(0, 1500));
        Assert.Contains("cut short", Fails(path).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_packed_file_of_nothing_is_an_empty_file()
    {
        using var folder = new TemporaryFolder();
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true)) gzip.Write([]);
        Assert.Contains("empty", Fails(folder.Write("empty", [])).Message, StringComparison.Ordinal);
        Fails(folder.Write("empty.gz", packed.ToArray()));
    }

    [Fact]
    public void A_missing_file_a_directory_and_what_cannot_be_a_path_are_errors()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("no such file", Fails(folder.File("missing.heapsnapshot")).Message, StringComparison.Ordinal);
        Assert.Contains("no such file", Fails(folder.File("no/such/folder")).Message, StringComparison.Ordinal);
        Assert.Contains("directory", Fails(folder.Path).Message, StringComparison.Ordinal);
        Fails("a\0b");
        Fails("");
    }

    [Fact]
    public void A_file_one_may_not_read_is_an_error()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Unix file modes are needed: run this on Linux or macOS.");
        using var folder = new TemporaryFolder();
        string path = folder.Write("secret.heapsnapshot", Plain);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, UnixFileMode.None);

        // Root may read every file, but not as somebody else.
        using var nobody = new FileSystemUser(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess ? FileSystemUser.Nobody : null);
        Assert.Contains("permission", Fails(path).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\u007fELF\u0002\u0001\u0001", "ELF")]
    [InlineData("<!DOCTYPE html>", "'<'")]
    [InlineData("PK\u0003\u0004", "'P'")]
    [InlineData("\0\0\0\0", "byte 0x00")]
    [InlineData("hello", "'h'")]
    public void What_is_something_else_is_named(string content, string expected)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(expected, Fails(folder.Write("thing", Encoding.Latin1.GetBytes(content))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_while_reading_names_the_input()
    {
        InputException e = Assert.Throws<InputException>(() => SourceDetector.Load("-", () => new FailingStream(Plain, 5000), Work.Unwatched));
        Assert.Contains("standard input", e.Message, StringComparison.Ordinal);
        Assert.Contains("the cable is out", e.Message, StringComparison.Ordinal);
        Assert.Throws<InputException>(() => SourceDetector.Load("-", () => new FailingStream(Plain, 3), Work.Unwatched));
    }

    private static Stream NoStandardInput() => throw new InvalidOperationException("standard input is not to be read");

    private static InputException Fails(string path)
    {
        InputException e = Assert.Throws<InputException>(() => SourceDetector.Load(path, NoStandardInput, Work.Unwatched));
        Assert.Contains(path, e.Message, StringComparison.Ordinal);
        return e;
    }

    private static void AssertGraphOrError(string path, List<string>? warnings, out bool read)
    {
        read = false;
        try
        {
            SourceDetector.Load(path, NoStandardInput, new Work(warn: w => warnings?.Add(w))).Dispose();
            read = true;
        }
        catch (InputException e)
        {
            Assert.Contains(path, e.Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Pack(string packing) => packing switch
    {
        "gzip" => Pack(Plain, s => new GZipStream(s, CompressionLevel.Optimal, leaveOpen: true)),
        "zstd" => Pack(Plain, s => new ZstdSharp.CompressionStream(s, leaveOpen: true)),
        "brotli" => Pack(Plain, s => new BrotliStream(s, CompressionLevel.Optimal, leaveOpen: true)),
        "two gzip members" => [.. Pack(Plain[..4000], s => new GZipStream(s, CompressionLevel.Optimal, true)), .. Pack(Plain[4000..], s => new GZipStream(s, CompressionLevel.Optimal, true))],
        "two zstd frames" => [.. Pack(Plain[..4000], s => new ZstdSharp.CompressionStream(s, leaveOpen: true)), .. Pack(Plain[4000..], s => new ZstdSharp.CompressionStream(s, leaveOpen: true))],
        _ => Plain,
    };

    private static byte[] Pack(byte[] content, Func<Stream, Stream> open)
    {
        using var packed = new MemoryStream();
        using (Stream stream = open(packed)) stream.Write(content);
        return packed.ToArray();
    }

    private sealed class FailingStream(byte[] content, int failAt) : ReadOnlyStream
    {
        private int _at;

        public override int Read(Span<byte> buffer)
        {
            if (_at == failAt) throw new IOException("the cable is out");
            int count = Math.Min(buffer.Length, failAt - _at);
            content.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }
    }
}
