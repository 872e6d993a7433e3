using System.Text;

namespace Holdfast.Tests.Cores;

/// <summary>What is committed of real processes says nothing about the place where they ran.</summary>
public sealed class PackedCoreFileTests
{
    /// <summary>Folders of people, and the one this repository is in; the programs themselves ran in /srv/holdfast-cores.</summary>
    private static readonly string[] Places = ["/home/", "/root/", "/Users/", "/mnt/", "/tmp/holdfast", Path.GetDirectoryName(Fixtures.RepositoryFiles.Root) + "/"];

    public static IEnumerable<TheoryDataRow<string>> Files() =>
        Directory.GetFiles(PackedCores.Folder, "*.zst").Concat(Directory.GetFiles(PackedCores.Folder, "*.hfcore")).Order(StringComparer.Ordinal).Select(f => new TheoryDataRow<string>(Path.GetFileName(f)));

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_holds_no_folder_of_its_makers(string name)
    {
        using var content = new MemoryStream();
        using (var file = new ZstdSharp.DecompressionStream(File.OpenRead(Path.Combine(PackedCores.Folder, name)), leaveOpen: false)) file.CopyTo(content);
        ReadOnlySpan<byte> bytes = content.GetBuffer().AsSpan(0, (int)content.Length);
        Assert.True(bytes.IndexOf("/srv/holdfast-cores"u8) >= 0 || name.Contains("counts", StringComparison.Ordinal));
        foreach (string place in Places)
        {
            foreach (Encoding encoding in (Encoding[])[Encoding.UTF8, Encoding.Unicode])
            {
                int at = bytes.IndexOf(encoding.GetBytes(place));
                Assert.True(at < 0, at < 0 ? "" : $"{name} holds {place} at byte {at}: {Encoding.Latin1.GetString(bytes.Slice(Math.Max(0, at - 20), 60))}");
            }
        }
    }

    [Fact]
    public void All_files_together_are_small()
    {
        long bytes = Directory.GetFiles(PackedCores.Folder).Sum(f => new FileInfo(f).Length);
        Assert.InRange(bytes, 10L << 20, 26L << 20);
    }
}
