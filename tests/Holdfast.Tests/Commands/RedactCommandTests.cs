using System.Text.Json.Nodes;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Commands;

public sealed class RedactCommandTests
{
    /// <summary>Places that Fixtures/plant-secrets.js keeps a secret in, beside the name of a property.</summary>
    internal const int Places = 29;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void No_secret_that_a_program_holds_is_in_the_file(bool names)
    {
        using var folder = new TemporaryFolder();
        string[] secrets = [.. Enumerable.Range(0, Places + 1).Select(_ => SecretSearch.Make())];
        string input = folder.File("in.heapsnapshot"), output = folder.File("out.heapsnapshot");
        NodeProcess.Run([RepositoryFiles.Fixture("plant-secrets.js"), input], string.Join('\n', secrets));
        byte[] before = File.ReadAllBytes(input);
        Assert.True(secrets.Count(secret => SecretSearch.Find(before, secret) is not null) > Places - 8, "most secrets are in a snapshot that is not redacted");

        JsonNode json = CommandRun.OfFiles("redact", [input], names ? [output, "--names"] : [output]).Json;
        byte[] after = File.ReadAllBytes(output);
        SecretSearch.AssertNone(after, names ? secrets : secrets[..^1]);
        Assert.Equal(!names, SecretSearch.Find(after, secrets[^1]) is not null);
        Assert.True((int)json["blanked_strings"]! > 1000);
        Assert.Equal(names, (int?)json["replaced_names"] > 100);
        Assert.Equal(after.LongLength, (long)json["bytes"]!);
        SameShape(input, output);
    }

    [Theory]
    [InlineData("node18.heapsnapshot.gz")]
    [InlineData("node22.heapsnapshot.zst")]
    [InlineData("node24.heaptimeline.zst")]
    [InlineData("chrome156.heapsnapshot.zst")]
    public void A_redacted_snapshot_gives_the_same_class_table_and_graph(string sample)
    {
        using var folder = new TemporaryFolder();
        string input = Path.Combine(RepositoryFiles.Samples, sample), output = folder.File("out.heapsnapshot.zst");
        CommandRun.OfFiles("redact", [input], output);
        SameShape(input, output);
        JsonNode expected = CommandRun.OfFiles("summary", [input], "--limit", "0").Json, actual = CommandRun.OfFiles("summary", [output], "--limit", "0").Json;
        foreach (string part in (string[])["classes", "statistics", "total_size"]) Assert.Equal(expected[part]!.ToJsonString(), actual[part]!.ToJsonString());
    }

    [Fact]
    public void Leaks_are_found_in_redacted_snapshots_as_in_the_others()
    {
        using var folder = new TemporaryFolder();
        string[] inputs = [.. Enumerable.Range(0, 3).Select(i => Path.Combine(RepositoryFiles.Samples, $"leaky-t{i}.heapsnapshot.zst"))];
        string[] outputs = [.. inputs.Select((_, i) => folder.File($"{i}.heapsnapshot"))];
        for (int i = 0; i < inputs.Length; i++) CommandRun.OfFiles("redact", [inputs[i]], outputs[i]);
        JsonNode expected = CommandRun.OfFiles("leaks", inputs).Json, actual = CommandRun.OfFiles("leaks", outputs).Json;
        Assert.Equal(expected["suspects"]!.ToJsonString(), actual["suspects"]!.ToJsonString());
        Assert.Equal(3, expected["suspects"]!.AsArray().Count);
    }

    [Fact]
    public void A_file_to_write_is_needed_and_is_no_input()
    {
        string input = Path.Combine(RepositoryFiles.Samples, "node18.heapsnapshot.gz");
        Assert.Contains("OUT is missing", Assert.Throws<InputException>(() => CommandRun.OfFiles("redact", [input])).Message, StringComparison.Ordinal);
        Assert.Contains("one of the inputs", Assert.Throws<InputException>(() => CommandRun.OfFiles("redact", [input], input)).Message, StringComparison.Ordinal);
    }

    private static void SameShape(string input, string output)
    {
        using HeapGraph expected = Load(input), actual = Load(output);
        GraphAssert.SameButNames(expected, actual);
    }

    private static HeapGraph Load(string path) => SourceDetector.Load(path, () => Stream.Null, Work.Unwatched);
}
