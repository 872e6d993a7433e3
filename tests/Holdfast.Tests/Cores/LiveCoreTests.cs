using Holdfast.Model;

namespace Holdfast.Tests.Cores;

/// <summary>Node.js processes that are dumped on the spot, against the snapshots they wrote just before.</summary>
public sealed class LiveCoreTests
{
    [Theory]
    [MemberData(nameof(NodeBinaries.All), MemberType = typeof(NodeBinaries), DisableDiscoveryEnumeration = true)]
    public void The_core_of_a_process_says_what_its_snapshot_says(string major)
    {
        using var program = new DumpedProgram(NodeBinaries.Of(major), "values");
        using HeapGraph snapshot = CoreReading.Read(program.Snapshot), core = CoreReading.Read(program.Core);
        var comparison = new GraphComparison(GraphCounts.Of(snapshot), GraphCounts.Of(core));
        CoreBounds.AssertWithin(comparison, core.Origin!, ClassesOf(program, comparison.Reference));
        ExhibitComparison.AssertSame(snapshot, core);
    }

    /// <summary>The program's classes with the nodes that V8's snapshot has for them; a prototype may be one more.</summary>
    private static Dictionary<string, int> ClassesOf(DumpedProgram program, GraphCounts snapshot)
    {
        var classes = new Dictionary<string, int>();
        foreach ((string name, int told) in CoreCase.Of("values").ClassesIn(program.Truth))
        {
            classes[name] = snapshot.Classes.GetValueOrDefault(name);
            Assert.InRange(classes[name], told, told + 2);
        }

        return classes;
    }
}
