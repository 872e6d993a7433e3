using System.Diagnostics;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Cli;

/// <summary>Exit codes, streams, pipes and signals, of the process itself.</summary>
public sealed class CommandLineTests
{
    private const string Sample = "samples/leaky-t2.heapsnapshot.zst";

    [Fact]
    public void Version_is_one_line_on_standard_output()
    {
        ProcessAnswer answer = HoldfastProcess.Run("--version");
        Assert.Equal(0, answer.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+\n$", answer.Output);
    }

    [Theory]
    [InlineData("help")]
    [InlineData("--help")]
    [InlineData("help", "summary")]
    [InlineData("summary", "--help")]
    [InlineData("summary", "-h")]
    public void Help_is_an_answer(params string[] args)
    {
        ProcessAnswer answer = HoldfastProcess.Run(args);
        Assert.Equal(0, answer.ExitCode);
        Assert.Contains("Usage:", answer.Output, StringComparison.Ordinal);
        Assert.Equal("", answer.Error);
    }

    [Fact]
    public void Nothing_typed_shows_the_help() => Assert.Contains("Commands:", HoldfastProcess.Run().Output, StringComparison.Ordinal);

    [Theory]
    [InlineData("'sumary'", "sumary")]
    [InlineData("--nosuch", "summary", Sample, "--nosuch")]
    [InlineData("IN", "summary")]
    [InlineData("SNAPSHOTS", "diff", Sample)]
    [InlineData("xml", "summary", Sample, "--format", "xml")]
    [InlineData("--limit", "summary", Sample, "--limit", "many")]
    [InlineData("no such file", "summary", "nowhere.heapsnapshot")]
    [InlineData("directory", "summary", "samples")]
    [InlineData("Sesion", "paths", Sample, "Sesion")]
    [InlineData("@1234567891", "inspect", Sample, "@1234567891")]
    public void Bad_use_says_what_was_wrong_and_exits_with_2(string named, params string[] args)
    {
        ProcessAnswer answer = HoldfastProcess.Run(args);
        Assert.Equal(2, answer.ExitCode);
        Assert.Equal("", answer.Output);
        Assert.Contains(named, answer.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_input_is_an_input()
    {
        using FileStream sample = File.OpenRead(Path.Combine(RepositoryFiles.Root, Sample));
        ProcessAnswer fromPipe = HoldfastProcess.Run(["summary", "-"], sample);
        Assert.Equal(0, fromPipe.ExitCode);
        Assert.Equal(HoldfastProcess.Run("summary", Sample).Output, fromPipe.Output);
    }

    [Fact]
    public void The_answer_goes_whole_into_a_file_when_asked_to()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("holdfast-cli-");
        try
        {
            string file = Path.Combine(folder.FullName, "answer.json");
            ProcessAnswer answer = HoldfastProcess.Run("summary", Sample, "--format", "json", "-o", file);
            Assert.Equal((0, ""), (answer.ExitCode, answer.Output));
            Assert.Equal(HoldfastProcess.Run("summary", Sample, "--format", "json").Output, File.ReadAllText(file));
            Assert.Equal([file], Directory.GetFiles(folder.FullName));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void The_same_question_gives_the_same_bytes()
    {
        string[] args = ["diff", "samples/leaky-t0.heapsnapshot.zst", Sample, "--format", "json", "--limit", "0"];
        Assert.Equal(HoldfastProcess.Run(args).Output, HoldfastProcess.Run(args).Output);
    }

    [Fact]
    public void No_colour_and_no_progress_reach_a_pipe()
    {
        ProcessAnswer answer = HoldfastProcess.Run("summary", Sample);
        Assert.DoesNotContain('\u001b', answer.Output);
        Assert.Equal("", answer.Error);
    }

    [Fact]
    public void A_reader_that_leaves_early_is_no_error()
    {
        using Process process = HoldfastProcess.Start(["find", Sample, "type:string", "--limit", "0", "--format", "json"]);
        process.StandardOutput.ReadLine();
        process.StandardOutput.Close();
        string error = process.StandardError.ReadToEnd();
        Assert.True(process.WaitForExit(60_000), "still running");
        Assert.Equal((0, ""), (process.ExitCode, error));
    }

    [Fact]
    public void An_interrupt_ends_the_process_with_130()
    {
        if (OperatingSystem.IsWindows()) Assert.Skip("signals are sent with kill(1); run this on Linux or macOS");
        using Process process = HoldfastProcess.Start(["summary", "-"]);

        // It waits for its input, which never ends.
        process.StandardInput.Write("{\"snapshot\":");
        process.StandardInput.Flush();
        Thread.Sleep(1000);
        using (Process kill = Process.Start("kill", ["-INT", $"{process.Id}"])) kill.WaitForExit();
        Assert.True(process.WaitForExit(10_000), "still running 10 s after the interrupt");
        Assert.Equal(130, process.ExitCode);
        Assert.Equal("holdfast: interrupted\n", process.StandardError.ReadToEnd());
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public void Shells_get_a_completion_script(string shell) =>
        Assert.Contains("[suggest:", HoldfastProcess.Run("completion", shell).Output, StringComparison.Ordinal);

    [Fact]
    public void Completion_suggests_commands() =>
        Assert.Contains("summary", HoldfastProcess.Run("[suggest:12]", "holdfast sum").Output, StringComparison.Ordinal);
}
