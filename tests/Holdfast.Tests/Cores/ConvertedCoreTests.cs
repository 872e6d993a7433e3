using System.Diagnostics;
using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Tests.Commands;
using Holdfast.Tests.Fixtures;
using Holdfast.Tests.Golden;

namespace Holdfast.Tests.Cores;

/// <summary>A core written as a snapshot is the same heap: to Holdfast, and to the engine of Chrome DevTools.</summary>
public sealed class ConvertedCoreTests
{
    /// <summary>Names a folder where <c>npm install --prefix FOLDER chrome-devtools-mcp@1.11.0</c> was run.</summary>
    public const string EngineVariable = "HOLDFAST_TEST_DEVTOOLS";

    private static readonly string? Engine = Environment.GetEnvironmentVariable(EngineVariable);

    private static readonly string[] EngineNodes = ["22", "24", "26"];

    [Theory]
    [InlineData("18")]
    [InlineData("20")]
    [InlineData("22")]
    [InlineData("24")]
    [InlineData("26")]
    public void The_class_table_of_the_written_snapshot_is_that_of_the_core(string major)
    {
        using var folder = new TemporaryFolder();
        using Heap core = new(CoreReading.Read(PackedCores.Path(major, "values")), Work.Unwatched);
        using Heap written = new(CoreReading.Read(Convert(major, folder)), Work.Unwatched);
        Assert.Equal((core.Graph.NodeCount, core.Graph.EdgeCount, core.TotalSize), (written.Graph.NodeCount, written.Graph.EdgeCount, written.TotalSize));
        Dictionary<string, ClassRow> expected = Rows(core), actual = Rows(written);
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, row => Assert.Equal(Figures(row.Value), Figures(actual[row.Key])));
    }

    [Theory]
    [InlineData("18")]
    [InlineData("20")]
    [InlineData("22")]
    [InlineData("24")]
    [InlineData("26")]
    public void The_engine_of_DevTools_has_the_same_class_table(string major)
    {
        using var folder = new TemporaryFolder();
        string[] lines = AskEngine(Convert(major, folder), folder);
        using Heap core = new(CoreReading.Read(PackedCores.Path(major, "values")), Work.Unwatched);
        Dictionary<string, ClassRow> rows = Rows(core);
        var differences = new Differences($"classes of values on Node {major}");
        string[] columns = lines[0].Split('\t');
        foreach (GoldenRow expected in lines.Skip(1).Where(l => l.Length > 0).Select(line => new GoldenRow(columns, line.Split('\t'))))
        {
            string key = expected.Text("classKey");
            if (!rows.Remove(key, out ClassRow? actual))
            {
                differences.Add($"{key}: only DevTools has it");
                continue;
            }

            differences.Compare(key, "count", expected.Number("count"), actual.Count);
            differences.Compare(key, "distance", expected.Number("distance"), actual.Distance);
            differences.Compare(key, "shallow size", expected.Number("self"), actual.ShallowSize);
            differences.Compare(key, "retained size", expected.Number("maxRet"), actual.RetainedSize);
        }

        foreach (string key in rows.Keys) differences.Add($"{key}: only Holdfast has it");
        differences.AssertNone();
        TestContext.Current.TestOutputHelper?.WriteLine($"Node {major}: {lines.Length - 1} classes, {differences.Compared} figures, all equal");
    }

    private static string Convert(string major, TemporaryFolder folder)
    {
        string path = folder.File("values.heapsnapshot");
        CommandRun.OfFiles("convert", [PackedCores.Path(major, "values")], path);
        return path;
    }

    private static string[] AskEngine(string snapshot, TemporaryFolder folder)
    {
        if (Engine is null) Assert.Skip($"{EngineVariable} is not set: npm install --prefix FOLDER chrome-devtools-mcp@1.11.0, and set it to FOLDER.");
        if (NodeBinaries.AnyOf(EngineNodes) is not { } node)
        {
            Assert.Skip($"there is no Node.js {string.Join(", ", EngineNodes)} for the engine: put one in the PATH, or name a folder with node24 in {NodeBinaries.Variable}.");
            return [];
        }

        string script = Path.Combine(RepositoryFiles.Root, "tests", "devtools-golden", "make-golden.mjs");
        using Process process = Process.Start(new ProcessStartInfo(node, [script, "--engine", Engine, "--out", folder.Path, snapshot]) { RedirectStandardError = true })!;
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"the engine ended with {process.ExitCode}: {error}");
        return File.ReadAllLines(folder.File("values.classes.tsv"));
    }

    private static Dictionary<string, ClassRow> Rows(Heap heap) => ClassTable.Run(heap, Work.Unwatched).ToDictionary(r => GoldenRow.Comparable(r.Key.ToString()));

    private static (int Count, int Distance, long Shallow, long Retained) Figures(ClassRow row) => (row.Count, row.Distance, row.ShallowSize, row.RetainedSize);
}
