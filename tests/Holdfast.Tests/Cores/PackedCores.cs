using System.Globalization;
using System.Text.Json.Nodes;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Cores;

/// <summary>
/// Small cores of all versions in the repository, with what the program told and what V8 counted: tests/cores/packed, written by
/// tests/cores/pack-cores.sh.
/// </summary>
internal static class PackedCores
{
    public static string Folder { get; } = System.IO.Path.Combine(RepositoryFiles.Root, "tests", "cores", "packed");

    public static string Path(string major, string core) => System.IO.Path.Combine(Folder, $"node{major}-{core}.hfcore");

    public static JsonNode Truth(string major, string program) =>
        JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(Folder, $"node{major}-{program}.truth.json")))!;

    /// <summary>What V8's snapshot of the same moment has.</summary>
    public static GraphCounts Counts(string major, string snapshot)
    {
        string path = System.IO.Path.Combine(Folder, $"node{major}-{snapshot}.counts.tsv.zst");
        using var reader = new StreamReader(new ZstdSharp.DecompressionStream(File.OpenRead(path), leaveOpen: false));
        return GraphCounts.Load(reader);
    }

    /// <summary>V8's snapshots of the leak that the cores <c>ladder.t0</c> to <c>ladder.t2</c> show.</summary>
    public static PackedSeries Ladder() => new(System.IO.Path.Combine(Folder, $"node{LadderMajor}-ladder.tar.zst"));

    public const string LadderMajor = "24";

    public static string[] LadderCores { get; } = [.. Enumerable.Range(0, 3).Select(i => Path(LadderMajor, string.Create(CultureInfo.InvariantCulture, $"ladder.t{i}")))];
}
