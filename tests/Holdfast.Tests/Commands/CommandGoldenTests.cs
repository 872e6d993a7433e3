using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Holdfast.Commands;
using Holdfast.Tests.Fixtures;
using Holdfast.Tests.Golden;

namespace Holdfast.Tests.Commands;

/// <summary>Every command of the registry runs its own example, as text and as JSON, and has a schema that its JSON keeps to.</summary>
public sealed class CommandGoldenTests
{
    private const string Folder = "tests/Holdfast.Tests/Golden/commands";

    /// <summary>Commands whose example finds what they look for, and says so by their exit code.</summary>
    private static readonly HashSet<string> Finding = ["leaks", "watch"];

    public static TheoryData<string> Names => [.. CommandRegistry.All.Select(c => c.Name)];

    /// <summary>Commands whose example gives the same everywhere.</summary>
    public static TheoryData<string> Runnable => [.. CommandRegistry.All.Where(c => c.HasRunnableExample).Select(c => c.Name)];

    [Theory]
    [MemberData(nameof(Runnable))]
    public void The_example_gives_the_text_it_gave(string name)
    {
        ProcessAnswer answer = RunExample(name);
        Assert.Equal("", answer.Error);
        Assert.Equal(Finding.Contains(name) ? 1 : 0, answer.ExitCode);
        Blessed.Check($"{Folder}/{FileName(name)}.txt", answer.Output);
    }

    [Theory]
    [MemberData(nameof(Runnable))]
    public void The_example_gives_the_JSON_it_gave(string name)
    {
        ProcessAnswer answer = RunExample(name, "--format", "json");
        Assert.Equal(Finding.Contains(name) ? 1 : 0, answer.ExitCode);
        Assert.NotNull(JsonNode.Parse(answer.Output));
        Blessed.Check($"{Folder}/{FileName(name)}.json", answer.Output);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_schema_is_the_one_documented(string name)
    {
        Command command = CommandRegistry.All.Single(c => c.Name == name);
        JsonNode schema = command.RecordType.GetJsonSchemaAsNode(new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true });
        Blessed.Check($"docs/schemas/{FileName(name)}.schema.json", schema.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_help_says_what_it_does_with_an_example(string name)
    {
        Command command = CommandRegistry.All.Single(c => c.Name == name);
        ProcessAnswer answer = HoldfastProcess.Run([.. name.Split(' '), "--help"]);
        Assert.Equal(0, answer.ExitCode);
        Assert.Contains(command.Summary, answer.Output, StringComparison.Ordinal);
        Assert.Contains(command.Example, answer.Output, StringComparison.Ordinal);
        Assert.Equal(2, answer.Output.Split("\n  --format ").Length);
        foreach (Parameter parameter in command.Parameters)
            Assert.Contains(parameter.IsPositional ? $"<{parameter.Name}>" : $"--{parameter.Name}", answer.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_documentation_of_commands_is_up_to_date() =>
        Blessed.Check("docs/commands.md", CommandDocumentation.Write(name => CommandRegistry.All.Single(c => c.Name == name).HasRunnableExample ? RunExample(name).Output : ""));

    private static string FileName(string name) => name.Replace(' ', '-');

    private static ProcessAnswer RunExample(string name, params string[] more)
    {
        Command command = CommandRegistry.All.Single(c => c.Name == name);
        string[] words = HoldfastProcess.Split(command.Example);
        Assert.Equal(["holdfast", .. name.Split(' ')], words[..(1 + name.Split(' ').Length)]);
        return HoldfastProcess.RunBesideSamples([.. words[1..], .. more]);
    }
}
