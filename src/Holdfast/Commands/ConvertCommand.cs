using System.Text.Json.Serialization.Metadata;
using Holdfast.Model;
using Holdfast.Reports;
using Holdfast.Sources.Snapshot;

namespace Holdfast.Commands;

/// <summary>Any input as a file for other tools.</summary>
public sealed class ConvertCommand : Command
{
    private const string Snapshot = "heapsnapshot";

    public override string Name => "convert";

    public override string Summary => "write any input as a .heapsnapshot that Chrome DevTools opens";

    public override string Description =>
        "Writes the same graph, with all ids, names, sizes, locations and allocation stacks, in the fields Node 24 writes. DevTools "
        + "needs a name that ends in .heapsnapshot. The file holds what the input holds, secrets too (redact leaves them out), and "
        + "only its owner may read it. It takes its name once it is whole; what was there under that name is replaced then. "
        + "The answer on standard output says what was written.";

    public override string Example => "holdfast convert samples/node24.heaptimeline.zst node24.heapsnapshot";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Input,
        Parameter.Written("the .heapsnapshot file to write"),
        new("to", ParameterKind.Text, "the format to write") { Default = Snapshot, Choices = [Snapshot] },
    ];

    public override string WrittenFile => "OUT";

    public override JsonTypeInfo RecordType => CommandJson.Default.ConvertRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        string input = arguments.Text("IN"), path = OutputFiles.Written(this, arguments, "converted.heapsnapshot");
        using HeapGraph graph = context.Load(input);
        SnapshotWriter.Write(graph, path, context.Work);
        var record = new ConvertRecord(input, path, arguments.Text("to"), graph.NodeCount, graph.EdgeCount, new FileInfo(path).Length);
        return new CommandResult(record, new Report(
        [
            new FactsBlock(null,
            [
                new("written", Cell.Text(record.Path)),
                new("nodes", Cell.Count(record.NodeCount)),
                new("edges", Cell.Count(record.EdgeCount)),
                new("size", Cell.Bytes(record.Bytes)),
            ]),
        ]));
    }
}
