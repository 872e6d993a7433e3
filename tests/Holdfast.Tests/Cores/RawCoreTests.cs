using System.Text.Json.Nodes;
using Holdfast.Model;
using Holdfast.Sources.CoreDump;

namespace Holdfast.Tests.Cores;

/// <summary>Every core that is there, against V8's own account of the moment or the program's. Writes docs/accuracy.md.</summary>
public sealed class RawCoreTests(AccuracyTable table) : IClassFixture<AccuracyTable>
{
    [Theory]
    [MemberData(nameof(RawCores.WithSnapshot), MemberType = typeof(RawCores), DisableDiscoveryEnumeration = true)]
    public void A_core_says_what_the_snapshot_of_V8_says(string major, string name)
    {
        CoreCase core = CoreCase.Of(name);
        using HeapGraph graph = Read(major, core);
        using HeapGraph snapshot = CoreReading.Read(RawCores.Path(major, $"{core.Snapshot}.heapsnapshot"));
        var comparison = new GraphComparison(GraphCounts.Of(snapshot), GraphCounts.Of(graph));
        JsonNode truth = RawCores.Truth(major, core);
        table.Add(major, core, comparison, graph, truth);
        CoreBounds.AssertWithin(comparison, graph.Origin!, core.ClassesIn(truth));
        if (core.Program == "values") ExhibitComparison.AssertSame(snapshot, graph);
    }

    [Theory]
    [MemberData(nameof(RawCores.WithoutSnapshot), MemberType = typeof(RawCores), DisableDiscoveryEnumeration = true)]
    public void A_core_has_the_objects_its_program_counted(string major, string name)
    {
        CoreCase core = CoreCase.Of(name);
        using HeapGraph graph = Read(major, core);
        JsonNode truth = RawCores.Truth(major, core);
        GraphCounts ours = GraphCounts.Of(graph);
        table.Add(major, core, ours, graph, truth);
        CoreBounds.AssertClasses(ours, core.ClassesIn(truth));
        CoreBounds.AssertParsed(ours, graph.Origin!);
        if (truth["leak"] is { } leak)
            Assert.InRange(ours.Classes[(string)leak["constructor"]!], (int)leak["at_least"]!, (int)leak["at_most"]!);
    }

    private static HeapGraph Read(string major, CoreCase core) =>
        CoreReading.Read(RawCores.Path(major, $"{core.Core}.core"), new CoreOptions { Thread = core.Thread });
}
