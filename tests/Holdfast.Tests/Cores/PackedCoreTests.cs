using System.Text.Json.Nodes;
using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Cores;

/// <summary>Packed cores of all five majors, read without the node binary, against what V8's own snapshot of the same state counts.</summary>
public sealed class PackedCoreTests
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "tests", "cores", "packed");

    [Theory]
    [InlineData("node18-values")]
    [InlineData("node20-values")]
    [InlineData("node22-values")]
    [InlineData("node24-values")]
    [InlineData("node26-values")]
    public void Classes_of_the_program_have_as_many_objects_as_in_the_snapshot_of_V8(string name)
    {
        JsonObject truth = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, name + ".truth.json")))!["nodes"]!.AsObject();
        using HeapGraph graph = Load(name + ".hfcore");
        Dictionary<string, int> counts = [];
        for (int node = 0; node < graph.NodeCount; node++)
        {
            if (graph.NodeTypes[node] != NodeType.Object) continue;
            string className = graph.Strings.Decode(graph.NodeNames[node]);
            counts[className] = counts.GetValueOrDefault(className) + 1;
        }

        Assert.NotEmpty(truth);
        foreach ((string className, JsonNode? count) in truth) Assert.Equal((className, (int)count!), (className, counts.GetValueOrDefault(className)));
    }

    [Fact]
    public void A_core_of_a_process_that_ran_out_of_memory_names_what_filled_it()
    {
        Assert.Equal("Order", Holdfast.Analyses.Leaks.LeakSearch.Run(["core"], _ => new Heap(Load("node18-oom.hfcore"), Work.Unwatched), Work.Unwatched).Suspects[0].Constructor);
    }

    [Fact]
    public void Cores_of_one_process_tell_the_leak_as_its_snapshots_do()
    {
        string[] names = ["node24-ladder.t0.hfcore", "node24-ladder.t1.hfcore", "node24-ladder.t2.hfcore"];
        var warnings = new List<string>();
        var report = Holdfast.Analyses.Leaks.LeakSearch.Run(names, place => new Heap(Load(names[place]), Work.Unwatched), new Work(warn: warnings.Add));
        Assert.Equal(Holdfast.Analyses.Leaks.Verdict.Leak, report.Verdict);
        Assert.Equal("Visit", report.Suspects[0].Constructor);
        Assert.Contains(warnings, w => w.Contains("no identity", StringComparison.Ordinal));
    }

    private static HeapGraph Load(string file) => SourceDetector.Load(Path.Combine(Folder, file), () => Stream.Null, Work.Unwatched);
}
