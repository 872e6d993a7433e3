using System.Text.Json.Nodes;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Corpus;

/// <summary>Published leaks with snapshots of the leaky and of the fixed version, kept beside the repository.</summary>
internal static class LeakCorpus
{
    /// <summary>Names another place of the corpus.</summary>
    public const string Variable = "HOLDFAST_LEAK_CORPUS";

    public static string Folder { get; } = Environment.GetEnvironmentVariable(Variable)
        ?? Path.GetFullPath(Path.Combine(RepositoryFiles.Root, "..", "shared", "corpus"));

    /// <summary>Why there is no corpus, or null where there is one.</summary>
    public static string? MissingReason => File.Exists(Path.Combine(Folder, "truth.json"))
        ? null
        : $"{Folder} has no truth.json: put the corpus of leaks there, or name its place in {Variable}.";

    public static IEnumerable<LeakCase> Cases => JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, "truth.json")))!.AsArray()
        .Select(c => new LeakCase((string)c!["name"]!, (string)c["title"]!, (string)c["node"]!, Texts(c["classes_any"]!), Texts(c["holder_any"]!)))
        .OrderBy(c => c.Name, StringComparer.Ordinal);

    public static PackedSeries Open(LeakCase leak) => new(Path.Combine(Folder, $"{leak.Name}.tar.zst"));

    private static string[] Texts(JsonNode list) => [.. list.AsArray().Select(t => (string)t!)];
}

/// <summary>What is true of a leak of the corpus.</summary>
/// <param name="Name">Its archive.</param>
/// <param name="Title">What it is.</param>
/// <param name="Node">The version of Node.</param>
/// <param name="Classes">Constructors any of which names what leaks.</param>
/// <param name="Holders">Edges or nodes one of which must be on the path.</param>
internal sealed record LeakCase(string Name, string Title, string Node, IReadOnlyList<string> Classes, IReadOnlyList<string> Holders);
