using System.Text.Json.Serialization.Metadata;
using Holdfast.Analyses;
using Holdfast.Analyses.Flame;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Reports;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging;

namespace Holdfast.Commands;

/// <summary>Stacks as a flame graph.</summary>
public sealed class FlameCommand : Command
{
    private const string Script = "stackcollapse-perf";

    public override string Name => "flame";

    public override string Summary => "stacks as a flame graph: page faults or any event of perf, V8's profiles, a heap";

    public override string Description =>
        "Reads the text of perf script, a perf.data (with this machine's perf), folded stacks, a .heapprofile or .cpuprofile, the allocation "
        + "stacks of a .heaptimeline, or any heap (its dominator tree by class, as wide as what is retained). -o FILE.svg, .html, .folded, "
        + ".speedscope.json or .json, or --format, draws it; without, the heaviest functions and stacks are listed. A page fault is the first "
        + "touch of new memory, mostly of 4 KiB.\n"
        + "Of several events only the first counts unless --event says otherwise. Functions are the same however V8 ran them, unless "
        + "--no-merge-tiers is given. --compat stackcollapse-perf folds the text of perf script byte by byte as that script does.";

    public override string Example => "holdfast flame samples/growing.perf.txt.zst --limit 5";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Input with { Help = "the text of perf script, a perf.data, folded stacks, a .heapprofile, .cpuprofile or .heaptimeline, or a heap; - for standard input" },
        .. FlameParameters.Reading,
        new("core", ParameterKind.Text, "a core of the process, or pid:N while it runs: names code of V8's that perf has no name for"),
        new("compat", ParameterKind.Text, "fold exactly as another tool does") { Choices = [Script] },
        Parameter.Flag("kernel", "mark frames of the kernel with _[k]"),
        Parameter.Flag("jit", "mark frames of generated code with _[j]"),
        Parameter.Flag("all", "--kernel and --jit"),
        .. FlameParameters.Shaping,
        Parameter.Flag("reverse", "merge stacks from their innermost frames"),
        new("of", ParameterKind.Text, "of a heap: bytes by what allocated them, or by what retains them") { Choices = ["allocations", "retained"] },
        .. FlameParameters.Looks,
        Parameter.Limit(20),
    ];

    public override IReadOnlyList<DrawingFormat> Drawings => DrawingFormat.All;

    public override JsonTypeInfo RecordType => CommandJson.Default.FlameRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        string input = arguments.Text("IN");
        bool isCompatible = arguments.TextOrNull("compat") == Script, all = arguments.Flag("all");
        bool kernel = all || arguments.Flag("kernel"), jit = all || arguments.Flag("jit");
        using CoreSession? core = arguments.TextOrNull("core") is { } file ? context.OpenCore(file, allThreads: true) : null;
        Func<ulong, string?>? names = core is null ? null : new CompiledFunctions(core, context.Work).NameOf;
        StackProfile profile = context.TryOpenStacks(input, FlameParameters.ReadText(arguments) with { IsCompatible = isCompatible, MarkKernel = kernel, MarkJit = jit, NameOf = names })
            ?? ReadHeap(input, arguments.TextOrNull("of"), context);
        FlameOptions options = FlameParameters.ReadShape(arguments) with
        {
            AsNamed = isCompatible,
            MarkKernel = kernel,
            MarkJit = jit,
        };
        return Answer(profile, input, options, arguments.Flag("reverse"), arguments, context.Work);
    }

    /// <summary>The answer about a profile.</summary>
    internal static CommandResult Answer(StackProfile profile, string input, FlameOptions options, bool isReversed, Arguments arguments, Work work)
    {
        // From here on the profile's own columns are not needed any more, and may go.
        FlameTree tree = FlameMerge.Run(profile, options, work);
        FlameTree drawn = isReversed ? FlameMerge.Run(profile, options with { Reverse = true }, work) : tree;
        (ProfileFacts facts, long samples) = (profile.Facts, profile.TotalCount);
        FlameTop top = FlameTop.Run(tree, work);
        int limit = arguments.Limit();
        FlameRecord record = Describe(facts, samples, tree, top, limit);
        if (drawn != tree) record = record with { Nodes = FlameReports.Nodes(drawn, limit == int.MaxValue ? 0 : 0.001), NodeCount = drawn.Count };
        string title = $"{char.ToUpperInvariant(facts.Unit[0])}{facts.Unit[1..]}: {(input == "-" ? "standard input" : Path.GetFileName(input))}";
        FlameGraph graph = FlameReports.Draw(drawn, title, facts.Event, facts.Unit, facts.IsBytes);
        return new CommandResult(record, FlameReports.Build(record, facts.IsBytes, limit))
        {
            Graph = FlameParameters.Dress(graph, arguments) with { NamesScripts = !options.AsNamed },
        };
    }

    private static FlameRecord Describe(ProfileFacts facts, long samples, FlameTree tree, FlameTop top, int limit) => new(
        facts.Source, facts.Event, facts.Unit, tree.Total, samples, facts.Seconds is { } s ? Math.Round(s, 3) : null,
        [.. facts.Events.Select(e => new FlameEventRecord(e.Name, e.Samples, e.Weight, e.IsKept))],
        [.. top.Kinds.Select(k => new FlameKindRecord(FlameReports.KindName(k.Kind), k.Weight))],
        [.. top.Rows.Where(r => r.Caused > 0).OrderByDescending(r => r.Caused).Take(limit).Select(r => FlameReports.Describe(tree, r))],
        [.. top.Rows.Where(r => r.Self > 0).Take(limit).Select(r => FlameReports.Describe(tree, r))],
        FlameReports.Nodes(tree, limit == int.MaxValue ? 0 : 0.001), tree.Count);

    private static StackProfile ReadHeap(string input, string? of, CommandContext context)
    {
        using Heap heap = context.Open(input);
        bool hasStacks = heap.Graph.Allocations.Nodes.Count > 1;
        if (of == "allocations" && !hasStacks) throw new InputException($"{input}: has no allocation stacks. Take a timeline with allocation stacks (DevTools: Allocations on timeline), or leave --of away.");
        return hasStacks && of != "retained" ? AllocationStacks.Run(heap, context.Work) : HeapStacks.Run(heap, context.Work);
    }
}
