using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Cli;

/// <summary>The shell without a terminal: scripts, <c>-c</c>, pipes and exit codes of the process itself.</summary>
public sealed class ShellScriptTests
{
    private const string Sample = "samples/leaky-t2.heapsnapshot.zst", Core = "tests/cores/packed/node20-values.hfcore";

    [Fact]
    public void Answers_are_those_of_the_command_line()
    {
        ProcessAnswer answer = Script("summary --limit 3\n\n  # a comment\npaths Session --limit 2 # another\n");
        Assert.Equal(HoldfastProcess.Run("summary", Sample, "--limit", "3").Output + HoldfastProcess.Run("paths", Sample, "Session", "--limit", "2").Output, answer.Output);
        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
    }

    [Fact]
    public void Objects_of_an_answer_are_words_of_the_next()
    {
        ProcessAnswer answer = HoldfastProcess.Run("shell", Sample, "-c", "find class:Session --limit 3", "-c", "inspect $3 --limit 1; inspect $_ --limit 1");
        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("id             @157395", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_ends_at_the_first_command_that_fails()
    {
        ProcessAnswer answer = Script("find class:Nowhere\nsummary --limit 1\n");
        Assert.Equal((2, ""), (answer.ExitCode, answer.Output));
        Assert.Contains("Nowhere", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_script_goes_on_when_told_to_and_still_says_that_something_failed()
    {
        ProcessAnswer answer = Script("sumary\npaths Session --nonsense\npaths 'Session\ninspect $4\nv8 walk\nhelp summary x\nfind class:Session --limit 1\n", "--keep-going");
        Assert.Equal(2, answer.ExitCode);
        Assert.Contains("649 more", answer.Output, StringComparison.Ordinal);
        foreach (string said in new[] { "Did you mean summary?", "--nonsense", "is not closed", "there is no $4", "v8 walk", "nothing is expected" })
            Assert.Contains(said, answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_is_one_line_an_answer()
    {
        ProcessAnswer answer = Script("summary --limit 1\nfind class:Session --limit 2\nhistory\n", "--format", "json");
        string[] lines = answer.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(2, lines.Length);
        Assert.Equal(87_955, (int)JsonNode.Parse(lines[0])!["node_count"]!);
        Assert.NotNull(JsonNode.Parse(lines[1]));
    }

    [Fact]
    public void An_answer_goes_to_a_command_of_the_system()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("commands of Unix are piped to: run this on Linux or macOS");
        ProcessAnswer answer = Script("find class:Session --limit 0 | grep -c '^Session' ; find class:Session --limit 0 | head 1\nhelp | awk '{ n++ } END { print (n > 5 ? \"long\" : $1) }'; find Session | false\n");
        Assert.Equal(["650", "objects            650", "long"], answer.Output.TrimEnd('\n').Split('\n'));
        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
    }

    [Fact]
    public void Commands_of_several_snapshots_take_the_open_one_first_or_where_it_is_named()
    {
        const string Older = "samples/leaky-t0.heapsnapshot.zst";
        ProcessAnswer answer = Script($"diff {Older} $in --limit 2\nsummary --limit 2\ncollections --limit 1\nleaks --limit 1\n");
        Assert.Equal(0, answer.ExitCode);
        Assert.StartsWith(HoldfastProcess.Run("diff", Older, Sample, "--limit", "2").Output + HoldfastProcess.Run("summary", Sample, "--limit", "2").Output, answer.Output, StringComparison.Ordinal);
        Assert.Equal(HoldfastProcess.Run("diff", Sample, Older, "--limit", "2").Output, Script($"diff {Older} --limit 2").Output);
    }

    [Fact]
    public void Files_are_written_as_by_the_command_line()
    {
        using var folder = new TemporaryFolder();
        ProcessAnswer answer = Script($"summary --limit 2 -o {folder.File("s.txt")}; convert {folder.File("c.heapsnapshot")}; redact -o {folder.File("r.heapsnapshot.zst")}; summary {Sample} --limit 2");
        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        Assert.EndsWith(File.ReadAllText(folder.File("s.txt")), answer.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("c.heapsnapshot")) && File.Exists(folder.File("r.heapsnapshot.zst")));
    }

    [Fact]
    public void A_core_is_asked_as_a_snapshot_is()
    {
        ProcessAnswer answer = HoldfastProcess.Run("shell", Core, "-c", "summary --limit 4", "-c", "dominators --limit 2; inspect $1 --limit 1", "--include-garbage");
        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        Assert.StartsWith(HoldfastProcess.Run("summary", Core, "--limit", "4", "--include-garbage").Output, answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_input_is_the_heap_only_where_commands_come_from_elsewhere()
    {
        ProcessAnswer refused = HoldfastProcess.Run("shell", "-");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("-c", refused.Error, StringComparison.Ordinal);
        using FileStream sample = File.OpenRead(Path.Combine(RepositoryFiles.Root, Sample));
        ProcessAnswer answer = HoldfastProcess.Run(["shell", "-", "-c", "find class:Session --limit 1; summary --limit 1"], sample);
        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        Assert.Contains("649 more", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_reader_that_leaves_early_is_no_error()
    {
        using Process process = HoldfastProcess.Start(["shell", Sample, "-c", "find type:string --limit 0; find type:string --limit 0"]);
        process.StandardOutput.ReadLine();
        process.StandardOutput.Close();
        string error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(60_000), "still running");
        Assert.Equal((0, ""), (process.ExitCode, error));
    }

    [Fact]
    public void An_input_that_cannot_be_read_ends_it()
    {
        ProcessAnswer answer = HoldfastProcess.Run("shell", "nowhere.heapsnapshot", "-c", "summary");
        Assert.Equal((2, ""), (answer.ExitCode, answer.Output));
        Assert.Contains("no such file", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_says_what_it_takes()
    {
        ProcessAnswer answer = HoldfastProcess.Run("shell", "--help");
        Assert.Equal(0, answer.ExitCode);
        foreach (string said in new[] { "<IN>", "--command", "--keep-going", "--thread", "$_", "Example:", "Exit codes" })
            Assert.Contains(said, answer.Output, StringComparison.Ordinal);
        string inside = Script("help; help paths; help words").Output;
        foreach (string said in new[] { "$1", "  paths <CONSTRUCTOR>", "v8 findjsobjects", "::jsprint" })
            Assert.Contains(said, inside, StringComparison.Ordinal);
    }

    private static ProcessAnswer Script(string text, params string[] options) =>
        HoldfastProcess.Run(["shell", Sample, .. options], new MemoryStream(Encoding.UTF8.GetBytes(text)));
}
