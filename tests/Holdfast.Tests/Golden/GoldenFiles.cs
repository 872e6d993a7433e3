using System.Formats.Tar;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Golden;

/// <summary>
/// Snapshots with the tables that Chrome DevTools' own engine computes for them: those of this repository
/// (tests/devtools-golden, of the snapshots in samples), and a larger set that is kept beside it.
/// </summary>
internal static class GoldenFiles
{
    /// <summary>Names another place of the larger set's archive.</summary>
    public const string ArchiveVariable = "HOLDFAST_GOLDEN_ARCHIVE";

    private const string FromRepository = "repository";
    private const string FromArchive = "archive";

    private static readonly string Tables = Path.Combine(RepositoryFiles.Root, "tests", "devtools-golden");

    private static readonly string ArchivePath = Environment.GetEnvironmentVariable(ArchiveVariable)
        ?? Path.GetFullPath(Path.Combine(RepositoryFiles.Root, "..", "shared", "snapshots", "devtools-golden.tar.zst"));

    private static readonly Lazy<string> Unpacked = new(Unpack);

    /// <summary>Origin and name of every table of a kind, such as <c>classes.tsv</c>; rows that skip where there are none.</summary>
    public static IEnumerable<ITheoryDataRow> With(string kind)
    {
        foreach (string origin in new[] { FromRepository, FromArchive })
        {
            if (MissingReason(origin) is { } reason)
            {
                yield return new TheoryDataRow<string, string>(origin, kind).WithSkip(reason);
                continue;
            }

            string[] names = NamesOf(origin, kind);
            Assert.True(names.Length > 0, $"no {kind} in {(origin == FromRepository ? Tables : ArchivePath)}");
            foreach (string name in names) yield return new TheoryDataRow<string, string>(origin, name);
        }
    }

    /// <summary>The text of a table.</summary>
    public static string Read(string origin, string name, string kind)
    {
        if (origin == FromArchive) return File.ReadAllText(Path.Combine(Unpacked.Value, $"{name}.{kind}"));
        using var file = new ZstdSharp.DecompressionStream(File.OpenRead(Path.Combine(Tables, $"{name}.{kind}.zst")), leaveOpen: false);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }

    /// <summary>The rows of a table by the names in its first line.</summary>
    public static IEnumerable<GoldenRow> ReadRows(string origin, string name, string kind)
    {
        string[] lines = Read(origin, name, kind).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] columns = lines[0].Split('\t');
        return lines.Skip(1).Select(line => new GoldenRow(columns, line.Split('\t')));
    }

    /// <summary>Where the snapshot is that the tables of this name are about.</summary>
    public static string Snapshot(string origin, string name)
    {
        string folder = origin == FromArchive ? Unpacked.Value : RepositoryFiles.Samples;
        string[] candidates = [$"{name}.heapsnapshot*", $"{name}.heaptimeline*", $"{name.Replace("-timeline", "", StringComparison.Ordinal)}.heaptimeline*"];
        return candidates.SelectMany(pattern => Directory.GetFiles(folder, pattern)).FirstOrDefault()
            ?? throw new FileNotFoundException($"no snapshot for {name} in {folder}");
    }

    private static string? MissingReason(string origin) => origin switch
    {
        FromRepository when !Directory.Exists(Tables) => $"{Tables} is missing: check out all of the repository.",
        FromArchive when !File.Exists(ArchivePath) =>
            $"{ArchivePath} is missing: put the larger set of DevTools' numbers there, or name its place in {ArchiveVariable}.",
        _ => null,
    };

    private static string[] NamesOf(string origin, string kind)
    {
        string ending = origin == FromArchive ? $".{kind}" : $".{kind}.zst";
        return [.. Directory.GetFiles(origin == FromArchive ? Unpacked.Value : Tables, $"*{ending}").Select(f => Path.GetFileName(f)[..^ending.Length]).Order(StringComparer.Ordinal)];
    }

    private static string Unpack()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("holdfast-golden-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        using FileStream file = File.OpenRead(ArchivePath);

        // The set is packed with a window of 2^27 bytes (zstd --long=27), the most this reads by itself.
        using var tar = new ZstdSharp.DecompressionStream(file);
        TarFile.ExtractToDirectory(tar, folder.FullName, overwriteFiles: false);
        return folder.FullName;
    }
}
