using System.Text.Json.Serialization.Metadata;
using Holdfast.Analyses;

namespace Holdfast.Commands;

/// <summary>Why objects are alive.</summary>
public sealed class PathsCommand : Command
{
    public override string Name => "paths";

    public override string Summary => "retaining paths from GC roots to these objects, merged into one tree";

    public override string Description =>
        "Finds one shortest path from the roots to every object of the constructor and merges the paths: steps by the same "
        + "edge to the same kind of object are one branch, with the number of objects behind it. The program's own roots come "
        + "first, weak edges never count, and V8's own bookkeeping only where nothing else holds an object, or with --all. A "
        + "value of a WeakMap is held by its key. Numbered edges are one, []; steps that repeat, as in a linked list, are one, "
        + "with how often. " + ConstructorHelp.Text;

    public override string Example => "holdfast paths samples/leaky-t2.heapsnapshot.zst Session";

    public override IReadOnlyList<Parameter> Parameters { get; } =
    [
        Parameter.Input,
        ConstructorHelp.Parameter,
        Parameter.Limit(40),
        new("depth", ParameterKind.Number, "most steps to show of a path; 0 shows all (at most 400)") { Default = "50" },
        new("samples", ParameterKind.Number, "also give this many single paths with every object's id") { Default = "0" },
        Parameter.Flag("all", "let paths go through V8's own bookkeeping: feedback cells, allocation sites, code caches"),
    ];

    public override JsonTypeInfo RecordType => CommandJson.Default.PathsRecord;

    public override CommandResult Run(Arguments arguments, CommandContext context)
    {
        using Heap heap = context.Open(arguments.Text("IN"));
        using NodeSet objects = NodeReferences.Select(heap, arguments.Text("CONSTRUCTOR"), context.Work);
        int depth = arguments.Limit("depth");
        int samples = (int)Math.Min(int.MaxValue, arguments.Number("samples"));
        RetainingPaths found = RetainingPaths.Run(
            heap, objects, new PathOptions(arguments.Limit(), depth, samples, arguments.Flag("all")), context.Work);
        var locations = new SourceLocations(heap.Graph, context.Work);
        var record = new PathsRecord(
            objects.Label, found.Instances, found.ShallowSize, found.RetainedSize, found.Reached, found.OnlyNoise, found.Unreached,
            BuildTree(heap, found, locations), LeftOutRecord.Of(found.LeftOutBranches, found.LeftOutCount, found.LeftOutSize),
            found.AllBranches, [.. found.Samples.Select(s => Describe(heap, s, locations, depth))]);
        return new CommandResult(record, PathsReport.Build(record, arguments.Flag("all")));
    }

    /// <summary>The tree from its list, which has parents before children, from the end: without going down by recursion.</summary>
    private static List<PathBranchRecord> BuildTree(Heap heap, RetainingPaths found, SourceLocations locations)
    {
        var children = new List<PathBranchRecord>[found.Branches.Count + 1];
        for (int i = found.Branches.Count - 1; i >= 0; i--)
        {
            PathBranch b = found.Branches[i];
            List<PathBranchRecord> below = children[i + 1] ?? [];
            below.Reverse();
            (children[b.Parent + 1] ??= []).Add(new PathBranchRecord(
                b.Step.Edge, b.Step.EdgeType, b.Step.EdgeNames > 1 ? b.Step.EdgeNames : null, b.Step.Label,
                heap.Graph.NodeTypeName(b.Step.Node), heap.Graph.Ids[(int)b.Step.Node], LocationRecord.From(locations.Find(b.Step.Node)),
                b.Count, b.ShallowSize, b.RetainedSize, b.Step.Repeat, b.Own, b.Own > 0 ? heap.Graph.Ids[(int)b.OwnExample] : null,
                LeftOutRecord.Of(b.LeftOutBranches, b.LeftOutCount, b.LeftOutSize), below));
        }

        List<PathBranchRecord> roots = children[0] ?? [];
        roots.Reverse();
        return roots;
    }

    private static PathSampleRecord Describe(Heap heap, PathSample sample, SourceLocations locations, int depth)
    {
        int left = Math.Max(0, sample.Steps.Count - depth);
        return new PathSampleRecord(
            heap.Graph.Ids[(int)sample.Object],
            [.. sample.Steps.Skip(left).Select(s => PathStepRecord.From(s, heap, locations))], left);
    }
}
