using System.Text.Json.Nodes;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Reports;
using Holdfast.Tests.Fixtures;
using Holdfast.Views;

namespace Holdfast.Tests.Commands;

/// <summary>What <c>leaks</c> promises programs and people.</summary>
public sealed class LeaksCommandTests
{
    private static string[] Samples => [.. Enumerable.Range(0, 3).Select(i => Path.Combine(RepositoryFiles.Samples, $"leaky-t{i}.heapsnapshot.zst"))];

    [Fact]
    public void The_JSON_has_the_keys_of_the_contract()
    {
        JsonNode json = CommandRun.Of("leaks", LeakGraphs.Leaky("Session")).Json;
        AssertKeys(json, "verdict", "reason", "snapshots", "suspects", "suspect_count");
        Assert.Equal(("leak", 1), ((string)json["verdict"]!, (int)json["suspect_count"]!));
        Assert.All(json["snapshots"]!.AsArray(), s => AssertKeys(s, "path", "node_count", "total_size"));
        JsonNode suspect = Assert.Single(json["suspects"]!.AsArray())!;
        AssertKeys(suspect, "rank", "constructor", "kind", "counts", "growth", "growth_per_interval", "retained_growth", "holder", "path", "explanation", "notes", "classes");
        Assert.Equal((1, "Session", "map", 30.0, 6000L), (
            (int)suspect["rank"]!, (string)suspect["constructor"]!, (string)suspect["kind"]!, (double)suspect["growth_per_interval"]!, (long)suspect["retained_growth"]!));
        Assert.Equal([30, 60, 90], suspect["counts"]!.AsArray().Select(n => (int)n!));
        Assert.Equal([30, 30], suspect["growth"]!.AsArray().Select(n => (int)n!));
        JsonNode holder = suspect["holder"]!;
        AssertKeys(holder, "node_id", "name", "edge", "owner", "sizes");
        Assert.Equal((5UL, "global.map0 (Map)", "map0", "global"), ((ulong)holder["node_id"]!, (string)holder["name"]!, (string)holder["edge"]!, (string)holder["owner"]!));
        Assert.Equal([30, 60, 90], holder["sizes"]!.AsArray().Select(n => (int)n!));
        JsonArray path = suspect["path"]!.AsArray();
        Assert.All(path, s => AssertKeys(s, "edge_type", "edge", "node_type", "node", "id", "repeat"));
        Assert.Equal(["global", "Map", "(object properties)", "Session"], path.Select(s => (string)s!["node"]!));
        Assert.Equal(("property", "map0", "object", 5UL), ((string)path[1]!["edge_type"]!, (string)path[1]!["edge"]!, (string)path[1]!["node_type"]!, (ulong)path[1]!["id"]!));
        Assert.Equal("Map", (string)path[(int)suspect["holder_step"]!]!["node"]!);
    }

    [Fact]
    public void A_real_leak_has_the_place_in_the_code()
    {
        JsonNode json = CommandRun.OfFiles("leaks", Samples).Json;
        JsonNode[] suspects = [.. json["suspects"]!.AsArray().Select(s => s!)];
        JsonNode session = suspects.First(s => (string)s["constructor"]! == "Session" || s["classes"]!.AsArray().Any(c => (string)c!["name"]! == "Session"));
        Assert.Equal([300, 300], session["growth"]!.AsArray().Select(n => (int)n!));
        Assert.All(suspects, s => Assert.NotEmpty((string)s["explanation"]!));
        JsonNode location = suspects.Select(s => s["location"]).First(l => l is not null)!;
        AssertKeys(location, "file", "line", "column");
        Assert.EndsWith("leaky-server.js", (string)location["file"]!, StringComparison.Ordinal);
        Assert.Contains(suspects.SelectMany(s => s["path"]!.AsArray()), step => step!["location"] is not null);
    }

    [Fact]
    public void What_the_samples_leak_is_told_with_300_more_an_interval()
    {
        JsonNode[] suspects = [.. CommandRun.OfFiles("leaks", Samples, "--limit", "0").Json["suspects"]!.AsArray().Select(s => s!)];
        foreach ((string holder, string name) in new[] { ("sessions (Map)", "Session"), ("listeners of 'price'", "Timeout"), ("auditLog (Array)", "(string)") })
        {
            JsonNode suspect = Assert.Single(suspects, s => ((string)s["holder"]!["name"]!).Contains(holder, StringComparison.Ordinal));
            Assert.Equal(name, (string)suspect["constructor"]!);
            Assert.Equal([300, 300], suspect["growth"]!.AsArray().Select(n => (int)n!));
        }
    }

    [Fact]
    public void The_text_of_the_samples_fits_one_screen()
    {
        CommandRun run = CommandRun.OfFiles("leaks", [.. Samples.Select(s => Path.GetRelativePath(Environment.CurrentDirectory, s))]);
        var output = new StringWriter { NewLine = "\n" };
        new TextView(output, 100, color: false).Write(run.Report);
        string[] lines = output.ToString().TrimEnd('\n').Split('\n');
        Assert.InRange(lines.Length, 10, 40);
        Assert.All(lines, line => Assert.True(line.Length <= 100, line));
        Assert.Contains(lines, line => line.Contains("LEAK", StringComparison.Ordinal));
    }

    [Fact]
    public void A_limit_gives_so_many_suspects_and_says_how_many_are_left()
    {
        HeapGraph[] Graphs() => LeakGraphs.Leaky("A", "B", "C", "D");
        CommandRun two = CommandRun.Of("leaks", Graphs(), "--limit", "2");
        Assert.Equal((2, 4), (two.Json["suspects"]!.AsArray().Count, (int)two.Json["suspect_count"]!));
        Assert.Equal(2, two.Report.Blocks.OfType<TableBlock>().Single(b => b.Title == "Other suspects").LeftOut?.Count);
        CommandRun all = CommandRun.Of("leaks", Graphs(), "--limit", "0");
        Assert.Equal(4, all.Json["suspects"]!.AsArray().Count);
        Assert.Null(all.Report.Blocks.OfType<TableBlock>().Single(b => b.Title == "Other suspects").LeftOut);
    }

    [Fact]
    public void A_limit_of_one_still_says_how_many_are_left()
    {
        CommandRun one = CommandRun.Of("leaks", LeakGraphs.Leaky("A", "B", "C"), "--limit", "1");
        Assert.Equal(1, (int?)one.Json["suspects"]!.AsArray().Count);
        Assert.Contains(one.Report.Blocks.OfType<TextBlock>(), b => b.Text.Contains("2 more suspects", StringComparison.Ordinal));
        CommandRun two = CommandRun.Of("leaks", LeakGraphs.Leaky("A", "B", "C"), "--limit", "2");
        Assert.Contains(two.Report.Blocks.OfType<TableBlock>(), b => b.LeftOut?.Count == 1);
    }

    [Fact]
    public void A_file_that_is_an_input_is_not_written_over_and_a_folder_that_is_missing_is_told_before_the_work()
    {
        using var folder = new TemporaryFolder();
        string[] paths = LeakGraphs.Write(folder, LeakGraphs.Leaky("A"));
        long size = new FileInfo(paths[0]).Length;
        Assert.Contains("is one of the inputs", Assert.Throws<InputException>(() => CommandRun.OfFiles("leaks", paths, "--junit", paths[0])).Message, StringComparison.Ordinal);
        ProcessAnswer answer = HoldfastProcess.Run(["leaks", .. paths, "--output", paths[0]]);
        Assert.Equal(2, answer.ExitCode);
        Assert.Equal(size, new FileInfo(paths[0]).Length);
        string missing = Path.Combine(folder.Path, "none", "j.xml");
        Assert.Contains("there is no folder", Assert.Throws<InputException>(() => CommandRun.OfFiles("leaks", paths, "--junit", missing)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Snapshots_that_do_not_fit_together_pass_no_budget()
    {
        HeapGraph[] graphs = LeakGraphs.Quiet();
        using var folder = new TemporaryFolder();
        string path = LeakGraphs.Write(folder, graphs)[0], budget = folder.Write("budget.json", "{}"u8.ToArray());
        JsonNode json = CommandRun.OfFiles("leaks", [path, path, path], "--budget", budget).Json;
        Assert.Contains(json["budget"]!.AsArray(), c => (string)c!["name"]! == "unusable_snapshots" && !(bool)c["passed"]!);
    }

    [Fact]
    public void All_gives_every_suspect_in_full_with_its_whole_path()
    {
        CommandRun all = CommandRun.Of("leaks", LeakGraphs.Leaky("A", "B", "C"), "--all", "--limit", "1");
        Assert.Equal(3, all.Json["suspects"]!.AsArray().Count);
        Assert.Equal(["1. A", "2. B", "3. C"], all.Report.Blocks.OfType<TextBlock>().Skip(1).Select(b => b.Title!).Order(StringComparer.Ordinal));
        FactsBlock facts = all.Report.Blocks.OfType<FactsBlock>().First();
        Assert.Equal(4, facts.Facts.SkipWhile(f => f.Label != "path").TakeWhile((f, i) => i == 0 || f.Label.Length == 0).Count());
    }

    [Fact]
    public void One_snapshot_has_suspects_and_no_verdict()
    {
        CommandRun run = CommandRun.Of("leaks", [LeakGraphs.Leaky("Session")[2]]);
        Assert.Equal("inconclusive", (string)run.Json["verdict"]!);
        Assert.False(run.Result.Found);
        Assert.Equal("Session", (string)Assert.Single(run.Json["suspects"]!.AsArray())!["constructor"]!);
    }

    [Fact]
    public void Exit_codes_tell_a_leak_from_none_and_from_bad_input()
    {
        using var folder = new TemporaryFolder();
        using var quietFolder = new TemporaryFolder();
        string[] leaky = LeakGraphs.Write(folder, LeakGraphs.Leaky("Session")), quiet = LeakGraphs.Write(quietFolder, LeakGraphs.Quiet());
        ProcessAnswer leak = HoldfastProcess.Run(["leaks", .. leaky]);
        Assert.Equal((1, ""), (leak.ExitCode, leak.Error));
        Assert.Contains("LEAK", leak.Output, StringComparison.Ordinal);
        Assert.Equal(0, HoldfastProcess.Run(["leaks", .. quiet]).ExitCode);
        Assert.Equal(0, HoldfastProcess.Run(["leaks", leaky[0], leaky[1]]).ExitCode);
        ProcessAnswer missing = HoldfastProcess.Run("leaks", leaky[0], folder.File("missing.heapsnapshot"));
        Assert.Equal(2, missing.ExitCode);
        Assert.Contains("missing.heapsnapshot", missing.Error, StringComparison.Ordinal);
        Assert.Equal(2, HoldfastProcess.Run("leaks").ExitCode);
        ProcessAnswer twice = HoldfastProcess.Run("leaks", "-", "-");
        Assert.Equal(2, twice.ExitCode);
        Assert.Contains("standard input", twice.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Warnings_about_the_series_are_on_standard_error()
    {
        using var folder = new TemporaryFolder();
        string[] leaky = LeakGraphs.Write(folder, LeakGraphs.Leaky("Session"));
        ProcessAnswer answer = HoldfastProcess.Run("leaks", leaky[2], leaky[0], leaky[1]);
        Assert.Equal(1, answer.ExitCode);
        Assert.Contains("holdfast: warning: by their object ids the snapshots were taken in another order", answer.Error, StringComparison.Ordinal);
    }

    private static void AssertKeys(JsonNode? node, params string[] keys) => Assert.Superset(keys.ToHashSet(), CommandRun.Keys(node).ToHashSet());
}
