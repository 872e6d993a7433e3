using System.Text.Json.Serialization.Metadata;
using Holdfast.Common;
using Holdfast.Reports;
using Holdfast.Sources;
using Holdfast.Sources.CoreDump.Packing;

namespace Holdfast.Commands;

/// <summary>A core that can be kept and sent.</summary>
public sealed class PackCommand : Command
{
    public override string Name => "pack";

    public override string Summary => "make a small core of a large one, to keep it or to read it elsewhere";

    public override string Description =>
        "Writes what Holdfast needs of a core dump: the heaps of all threads with what objects have outside of them, stacks, and what is "
        + "known of the node binary, so that the binary is not needed where the packed core is read. It is an ELF core, compressed with zstd, "
        + "and an input for all commands. It is read again and compared before the command ends. It holds the process's data, and only "
        + "its owner may read it.\n"
        + "With --redact all contents are left out: of strings (but for names of properties, functions, classes, variables and scripts), "
        + "numbers, buffers, machine code, arguments and the environment. Sources of scripts keep their line breaks, so that "
        + "places in them stay right. Texts become a number and stars of the same length, as redact has them; redact --names of a core makes a "
        + "snapshot in which names of properties that look like data are replaced, too.";

    public override string Example => "holdfast pack samples/out-of-memory.hfcore shareable.hfcore --redact";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Input with { Help = "a core dump of a Node.js process, plain or compressed" },
        new("OUT", ParameterKind.Text, "the file to write, best with a name that ends in .hfcore; -o OUT is the same") { IsPositional = true, AtLeast = 0 },
        Parameter.Flag("redact", "leave out what strings, numbers and buffers hold"),
        Parameter.Flag("no-buffers", "leave out what array buffers and Node's Buffers hold"),
    ];

    public override string WrittenFile => "OUT";

    public override JsonTypeInfo RecordType => CommandJson.Default.PackRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        string input = arguments.Text("IN"), path = OutputFiles.Written(this, arguments, "packed.hfcore");
        bool redact = arguments.Flag("redact");
        using FileStream core = CoreInput.TryOpen(input, context.Work)
            ?? throw new InputException($"{input}: is no core dump in a file. Give a core of a Node.js process, taken with gcore or written by the kernel.");
        PackedCore packed = null!;
        AtomicFile.Write(
            path,
            file =>
            {
                using var packing = new ZstdSharp.CompressionStream(file, Compression.ZstdLevel, leaveOpen: true);
                packed = CorePacker.Pack(core, input, InputOptions.Read(arguments), redact, !arguments.Flag("no-buffers"), packing, context.Work);
            },
            ownerOnly: true);
        Compare(path, packed, context.Work);
        var record = new PackRecord(
            input, path, packed.CoreBytes, new FileInfo(path).Length, (long)packed.UnpackedBytes, redact,
            [.. packed.Heaps.Select(h => new PackedHeapRecord(h.Thread, h.Nodes, h.Edges, h.Bytes))]);
        return new CommandResult(record, BuildReport(record));
    }

    /// <summary>Reads what was written, as somebody else will.</summary>
    private static void Compare(string path, PackedCore packed, Work work)
    {
        List<HeapFigures> read = HeapFigures.OfFile(CoreInput.TryOpen(path, work)!, path, work);
        if (read.SequenceEqual(packed.Heaps)) return;
        string was = string.Join(", ", packed.Heaps.Select(Describe)), now = string.Join(", ", read.Select(Describe));
        work.Warn($"{path}: reads as {now}, and the core itself as {was}. Keep the core.");
    }

    private static string Describe(HeapFigures heap) => $"{heap.Thread}: {heap.Nodes} nodes, {heap.Edges} edges, {heap.Bytes} bytes";

    private static Report BuildReport(PackRecord record) => new(
    [
        new FactsBlock(null,
        [
            new("written", Cell.Text(record.Path)),
            new("size", Cell.Bytes(record.Bytes)),
            new("unpacked", Cell.Bytes(record.UnpackedBytes)),
            new("core", Cell.Bytes(record.CoreBytes)),
        ]),
        new TableBlock("Heaps", ["thread", "nodes", "edges", "total size"],
            [.. record.Heaps.Select(h => (Cell[])[Cell.Text(h.Thread), Cell.Count(h.NodeCount), Cell.Count(h.EdgeCount), Cell.Bytes(h.TotalSize)])]),
    ]);
}
