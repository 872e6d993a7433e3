using System.Text;
using System.Text.Json.Nodes;
using Holdfast.Tests.Commands;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Flame;

/// <summary>Comparing profiles, and allocation sites of suspects.</summary>
public sealed class FlameDiffTests
{
    [Fact]
    public void What_grew_is_new_and_is_gone_is_told_with_callees_and_whatever_the_tier()
    {
        CommandRun run = Diff("node;JS:~f /a.js:1:2;x 10\nnode;old;y 7\n", "node;JS:*f /a.js:1:2;x 25\nnode;fresh 3\n", "none");
        Assert.Equal("f /a.js:1:2 10 25|x 10 25|node 17 28", Rows(run.Json["grew"]!));
        Assert.Equal("fresh 0 3", Rows(run.Json["new"]!));
        Assert.Equal("old 7 0|y 7 0", Rows(run.Json["gone"]!));
        Assert.Equal("node;JS:f /a.js:1:2;x 25\nnode;fresh 3\n~(gone: as wide as it was);node;old;y 7\n", FlameRun.Draw(run, "folded"));
    }

    [Fact]
    public void By_count_only_shares_are_compared()
    {
        CommandRun run = Diff("node;a 10\nnode;b 10\n", "node;a 20\nnode;b 20\n", "count");
        Assert.Equal(2, (double)run.Json["scale"]!);
        Assert.Empty(run.Json["grew"]!.AsArray());
    }

    [Fact]
    public void A_function_that_calls_itself_counts_once() =>
        Assert.Equal("f 4 8|node 4 8", Rows(Diff("node;f;f;f 4\n", "node;f;f;f 8\n", "none").Json["grew"]!));

    [Fact]
    public void A_drawing_of_a_comparison_says_what_was_before() =>
        Assert.Contains("a (20 samples, 100.00%, was 10)", FlameRun.Draw(Diff("node;a 10\n", "node;a 20\n", "none"), "svg"), StringComparison.Ordinal);

    [Fact]
    public void A_sampling_profile_says_where_suspects_are_allocated()
    {
        const string Call = "\"scriptId\":\"1\",\"url\":\"file:///s.js\",\"lineNumber\":";
        const string Profile = "{\"head\":{\"callFrame\":{\"functionName\":\"(root)\",\"url\":\"\"},\"selfSize\":0,\"id\":1,\"children\":[{\"callFrame\":{\"functionName\":\"login\","
            + Call + "9,\"columnNumber\":1},\"selfSize\":0,\"id\":2,\"children\":[{\"callFrame\":{\"functionName\":\"Session\"," + Call + "4,\"columnNumber\":1},\"selfSize\":99,\"id\":3,\"children\":[]}]}]}}";
        using var folder = new TemporaryFolder();
        string[] snapshots = [.. Enumerable.Range(0, 3).Select(i => Path.Combine(RepositoryFiles.Samples, $"leaky-t{i}.heapsnapshot.zst"))];
        CommandRun run = CommandRun.OfFiles("leaks", snapshots, "--profile", folder.Write("p.heapprofile", Encoding.UTF8.GetBytes(Profile)));
        JsonNode session = run.Json["suspects"]!.AsArray().Single(s => (string)s!["constructor"]! == "Session")!;
        Assert.Equal(["Session", "login"], session["allocated_by"]!.AsArray().Select(f => (string)f!["function"]!));
        Assert.Contains(run.Warnings, w => w.Contains("says nothing of where Timeout", StringComparison.Ordinal));
    }

    private static CommandRun Diff(string before, string after, string by)
    {
        using var folder = new TemporaryFolder();
        return CommandRun.OfFiles("flame diff", [folder.Write("a", Encoding.UTF8.GetBytes(before)), folder.Write("b", Encoding.UTF8.GetBytes(after))], "--normalize", by);
    }

    private static string Rows(JsonNode rows) => string.Join('|', rows.AsArray().Select(r => $"{r!["name"]} {r["before"]} {r["after"]}"));
}
