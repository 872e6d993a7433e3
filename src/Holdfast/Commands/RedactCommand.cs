using System.Text.Json.Serialization.Metadata;
using Holdfast.Analyses.Redaction;
using Holdfast.Model;
using Holdfast.Reports;
using Holdfast.Sources.Snapshot;

namespace Holdfast.Commands;

/// <summary>A snapshot that can be given to others.</summary>
public sealed class RedactCommand : Command
{
    public override string Name => "redact";

    public override string Summary => "write the same heap without what strings hold, to give it to others";

    public override string Description =>
        "Writes a .heapsnapshot with the same objects, sizes, ids and links, in which the contents of strings (values, keys and "
        + "values of Maps and Sets, messages, source code), numbers and sources of regular expressions are replaced: a text by a number "
        + "and stars of the same length. Equal texts stay equal and different ones different, so duplicates can still be counted. What "
        + "answers need stays: names of classes, functions, variables, properties and scripts (with their paths), and the version of Node.\n"
        + "Names of properties can be data where a program uses an object as a dictionary: sessions[token] = … With --names they become "
        + "key-1, key-2 … unless they are the program's own: names that are also those of a function, class or variable, those of global "
        + "variables and symbols, and those that look like identifiers and that two or more objects of one shape have. Numbers that are used "
        + "as keys (orders[4711] = …) are replaced then, too. Lengths and the number of things are never hidden.";

    public override string Example => "holdfast redact samples/leaky-t2.heapsnapshot.zst redacted.heapsnapshot --names";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Input,
        Parameter.Written("the .heapsnapshot file to write"),
        Parameter.Flag("names", "also replace names of properties that look like data"),
    ];

    public override string WrittenFile => "OUT";

    public override JsonTypeInfo RecordType => CommandJson.Default.RedactRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        string input = arguments.Text("IN"), path = OutputFiles.Written(this, arguments, "redacted.heapsnapshot");
        bool names = arguments.Flag("names");
        (HeapGraph redacted, RedactionCounts counts) = Redact(input, names, context);
        using HeapGraph _ = redacted;
        SnapshotWriter.Write(redacted, path, context.Work);
        var record = new RedactRecord(
            input, path, redacted.NodeCount, redacted.EdgeCount, new FileInfo(path).Length, counts.Strings, counts.Texts,
            names ? counts.Names : null, names ? counts.Indexes : null);
        return new CommandResult(record, BuildReport(record));
    }

    private static (HeapGraph Redacted, RedactionCounts Counts) Redact(string input, bool names, CommandContext context)
    {
        using HeapGraph graph = context.Load(input);
        return Redactor.Run(graph, names, context.Work);
    }

    private static Report BuildReport(RedactRecord record)
    {
        var facts = new List<Fact>
        {
            new("written", Cell.Text(record.Path)),
            new("nodes", Cell.Count(record.NodeCount)),
            new("edges", Cell.Count(record.EdgeCount)),
            new("size", Cell.Bytes(record.Bytes)),
            new("contents blanked", Cell.Count(record.BlankedStrings)),
            new("  different ones", Cell.Count(record.BlankedTexts)),
        };
        if (record.ReplacedNames is { } names) facts.Add(new("property names replaced", Cell.Count(names)));
        if (record.ReplacedIndexes is { } indexes) facts.Add(new("indexes replaced", Cell.Count(indexes)));
        return new Report([new FactsBlock(null, facts)]);
    }
}
