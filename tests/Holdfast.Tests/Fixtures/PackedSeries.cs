using System.Formats.Tar;
using System.Text.Json.Nodes;
using Holdfast.Analyses;
using Holdfast.Analyses.Leaks;
using Holdfast.Common;
using Holdfast.Sources;

namespace Holdfast.Tests.Fixtures;

/// <summary>Snapshots of a process that are packed together: <c>.tar.zst</c> files, unpacked to a folder that is gone afterwards.</summary>
internal sealed class PackedSeries : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public PackedSeries(string archive)
    {
        using FileStream file = File.OpenRead(archive);

        // Packed with a window of 2^27 bytes (zstd --long=27), the most this reads by itself.
        using var tar = new ZstdSharp.DecompressionStream(file);
        TarFile.ExtractToDirectory(tar, _folder.Path, overwriteFiles: false);
    }

    /// <summary>The snapshots in a folder of the archive, oldest first.</summary>
    public string[] Snapshots(string folder = "") =>
        [.. Directory.GetFiles(Path.Combine(_folder.Path, folder), "*.heapsnapshot").Order(StringComparer.Ordinal)];

    /// <summary>Looks for leaks in the snapshots of a folder.</summary>
    public LeakReport FindLeaks(string folder = "") => FindLeaks(Snapshots(folder));

    public static LeakReport FindLeaks(string[] paths, Work? work = null)
    {
        work ??= Work.Unwatched;
        return LeakSearch.Run(paths, place => new Heap(SourceDetector.Load(paths[place], () => Stream.Null, work), work), work);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A series of tests/leak-kinds.</summary>
    public static PackedSeries OfKinds(string name) => new(Path.Combine(KindsFolder, $"{name}.tar.zst"));

    /// <summary>What is true of a series of tests/leak-kinds.</summary>
    public static JsonNode TruthOf(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(KindsFolder, $"{name}.truth.json")))!;

    private static string KindsFolder => Path.Combine(RepositoryFiles.Root, "tests", "leak-kinds");
}
