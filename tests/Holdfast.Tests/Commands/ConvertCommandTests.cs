using System.Text.Json.Nodes;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Commands;

public sealed class ConvertCommandTests
{
    [Theory]
    [InlineData("out.heapsnapshot", (byte)'{')]
    [InlineData("out.heapsnapshot.gz", (byte)0x1F)]
    [InlineData("out.heapsnapshot.zst", (byte)0x28)]
    [InlineData("out.heapsnapshot.br", null)]
    public void What_is_written_is_the_same_graph_compressed_by_name(string name, byte? firstByte)
    {
        using var folder = new TemporaryFolder();
        byte[] text = File.ReadAllBytes(RepositoryFiles.Fixture("small-node20-timeline.json"));
        string input = folder.Write("in.heaptimeline", text), output = folder.File(name);
        JsonNode json = CommandRun.OfFiles("convert", [input], output).Json;

        byte[] written = File.ReadAllBytes(output);
        if (firstByte is { } first) Assert.Equal(first, written[0]);
        using HeapGraph expected = Snapshots.Read(text), back = SourceDetector.Load(output, () => Stream.Null, Work.Unwatched);
        GraphAssert.Same(expected, back);
        Assert.Equal((expected.NodeCount, expected.EdgeCount, written.LongLength), ((int)json["node_count"]!, (int)json["edge_count"]!, (long)json["bytes"]!));
        Assert.Equal((input, output, "heapsnapshot"), ((string)json["input"]!, (string)json["path"]!, (string)json["format"]!));
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(output));
    }

    [Fact]
    public void The_option_for_output_names_the_file_too_and_the_answer_stays_on_standard_output()
    {
        using var folder = new TemporaryFolder();
        string input = folder.Write("in.heapsnapshot", Snapshots.Write(new HeapBuilder().Build())), output = folder.File("out.heapsnapshot");
        ProcessAnswer answer = HoldfastProcess.Run("convert", input, "--to", "heapsnapshot", "-o", output, "--format", "json");
        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        Assert.Equal(output, (string)JsonNode.Parse(answer.Output)!["path"]!);
        Assert.StartsWith("{\"snapshot\"", File.ReadAllText(output), StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_input_is_converted_too()
    {
        using var folder = new TemporaryFolder();
        ProcessAnswer answer = HoldfastProcess.Run(["convert", "-", folder.File("out.heapsnapshot")], new MemoryStream(Snapshots.Write(new HeapBuilder().Build())));
        Assert.Equal((0, ""), (answer.ExitCode, answer.Error));
        Assert.True(File.Exists(folder.File("out.heapsnapshot")));
    }

    [Theory]
    [InlineData("OUT is missing")]
    [InlineData("standard output", "-")]
    [InlineData("is one of the inputs", "IN")]
    [InlineData("is one of the inputs", "LINK")]
    [InlineData("no folder", "FOLDER/nowhere/out.heapsnapshot")]
    [InlineData("device", "/dev/null")]
    [InlineData("two names", "FOLDER/a.heapsnapshot", "-o", "FOLDER/b.heapsnapshot")]
    [InlineData("heapprofile", "FOLDER/a.heapsnapshot", "--to", "heapprofile")]
    public void Files_that_cannot_be_meant_are_an_error_before_any_work(string said, params string[] words)
    {
        using var folder = new TemporaryFolder();
        byte[] content = Snapshots.Write(new HeapBuilder().Build());
        string input = folder.Write("in.heapsnapshot", content), link = folder.File("link.heapsnapshot");
        File.CreateSymbolicLink(link, input);
        string Replace(string word) => word switch { "IN" => input, "LINK" => link, _ => word.Replace("FOLDER", folder.Path, StringComparison.Ordinal) };
        ProcessAnswer answer = HoldfastProcess.Run(["convert", input, .. words.Select(Replace)]);
        Assert.Equal((2, ""), (answer.ExitCode, answer.Output));
        Assert.Contains(said, answer.Error, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllBytes(input));
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }
}
