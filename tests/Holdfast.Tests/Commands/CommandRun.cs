using System.Text.Json;
using System.Text.Json.Nodes;
using Holdfast.Commands;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Reports;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Commands;

/// <summary>A command's answer on snapshots of graphs, as its JSON, its report and the warnings on the way, and all else it gave.</summary>
internal sealed record CommandRun(JsonNode Json, CommandResult Result, IReadOnlyList<string> Warnings)
{
    public Report Report => Result.Report;

    /// <param name="name">The command.</param>
    /// <param name="graphs">Its inputs, written to files one after another.</param>
    /// <param name="words">Values after the inputs in order, then options as <c>--name</c> and value.</param>
    public static CommandRun Of(string name, HeapGraph[] graphs, params string[] words)
    {
        using var folder = new TemporaryFolder();
        string[] paths = [.. graphs.Select((graph, i) => folder.Write($"{i}.heapsnapshot", Snapshots.Write(graph)))];
        return OfFiles(name, paths, words);
    }

    public static CommandRun OfFiles(string name, string[] paths, params string[] words)
    {
        Command command = CommandRegistry.All.Single(c => c.Name == name);
        Parameter[] parameters = [.. command.Parameters, .. InputOptions.All], positional = [.. command.Parameters.Where(p => p.IsPositional)];
        var given = new Dictionary<string, IReadOnlyList<string>> { [positional[0].Name] = paths };
        int place = 1;
        for (int i = 0; i < words.Length; i++)
        {
            if (!words[i].StartsWith("--", StringComparison.Ordinal)) given[positional[place++].Name] = [words[i]];
            else if (parameters.Single(p => p.Name == words[i][2..]).Kind == ParameterKind.Flag) given[words[i][2..]] = ["true"];
            else given[words[i][2..]] = [words[++i]];
        }

        var warnings = new List<string>();
        var arguments = new Arguments(parameters, given);
        using var context = new CommandContext(new Work(warn: warnings.Add), () => Stream.Null, InputOptions.Read(arguments));
        CommandResult result = command.Run(arguments, context);
        return new CommandRun(JsonSerializer.SerializeToNode(result.Record, command.RecordType)!, result, warnings);
    }

    /// <summary>The names of the members of a JSON object.</summary>
    public static IEnumerable<string> Keys(JsonNode? node) => node!.AsObject().Select(member => member.Key);
}
