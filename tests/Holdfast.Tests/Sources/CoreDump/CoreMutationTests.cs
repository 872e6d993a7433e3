using System.Diagnostics;
using Holdfast.Analyses;
using Holdfast.Common;
using Holdfast.Model;
using Holdfast.Sources.CoreDump;
using Holdfast.Tests.Fixtures;

namespace Holdfast.Tests.Sources.CoreDump;

/// <summary>
/// A core made by hand, damaged at random: a graph or an InputException, soon, and without much memory. A read outside of
/// what is mapped would end the process of the tests; the core that it read is then still in the temporary folder.
/// </summary>
[Collection(MeasuredAlone.Name)]
public sealed class CoreMutationTests
{
    private const int Mutations = 300;
    private const long MostBytes = 1L << 30;
    private static readonly TimeSpan MostTime = TimeSpan.FromSeconds(20);

    [Theory]
    [InlineData("10.2.154.26")]
    [InlineData("12.4.254.21")]
    [InlineData("13.6.233.17")]
    public async Task Any_damage_ends_in_a_graph_or_in_an_error_for_people(string version)
    {
        var mutation = new CoreMutation(SampleHeap.Build(version).Build());
        using var folder = new TemporaryFolder();

        // HOLDFAST_MUTATIONS=100000 takes an hour; a seed that fails is said.
        int first = 0, last = int.TryParse(Environment.GetEnvironmentVariable("HOLDFAST_MUTATIONS"), out int asked) ? asked : Mutations;
        if (int.TryParse(Environment.GetEnvironmentVariable("HOLDFAST_MUTATION"), out int only)) (first, last) = (only, only + 1);
        int graphs = 0;
        for (int seed = first; seed < last; seed++)
        {
            string path = folder.Write(OpenCore.Name, mutation.Damaged(seed));
            long before = Environment.WorkingSet;
            long start = Stopwatch.GetTimestamp();
            var options = new CoreOptions { Force = seed % 4 != 0, IncludeGarbage = seed % 2 != 0 };
            try
            {
                if (await Task.Run(() => UseAll(path, options), TestContext.Current.CancellationToken).WaitAsync(MostTime, TestContext.Current.CancellationToken)) graphs++;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
            }

            long grown = Environment.WorkingSet - before;
            Assert.True(grown < MostBytes, $"seed {seed}: memory grew by {grown} bytes");
            if (Stopwatch.GetElapsedTime(start) > MostTime / 20) TestContext.Current.SendDiagnosticMessage($"seed {seed} took {Stopwatch.GetElapsedTime(start)}");
        }

        if (last - first > 100) Assert.InRange(graphs, (last - first) / 4, last - first - 1);
    }

    [Fact]
    public void A_core_that_is_not_damaged_passes_the_same_check()
    {
        using var folder = new TemporaryFolder();
        Assert.True(UseAll(folder.Write(OpenCore.Name, SampleHeap.Build("13.6.233.17").Build()), CoreOptions.Default));
        Assert.False(UseAll(folder.Write(OpenCore.Name, new CoreBuilder().Build()), CoreOptions.Default));
    }

    /// <summary>Reads a core and computes all there is from it; whether it was one.</summary>
    private static bool UseAll(string path, CoreOptions options)
    {
        HeapGraph graph;
        try
        {
            graph = OpenCore.ReadFile(path, options);
        }
        catch (InputException e)
        {
            Assert.Contains(OpenCore.Name, e.Message, StringComparison.Ordinal);
            return false;
        }

        using var heap = new Heap(graph, Work.Unwatched);
        Assert.NotEmpty(ClassTable.Run(heap, Work.Unwatched).Append(null));
        _ = HeapStatistics.Run(heap, Work.Unwatched);
        _ = DominatorList.Biggest(heap, graph.Root, 10, Work.Unwatched);
        Assert.Equal(graph.EdgeCount, heap.Retainers.First[^1]);
        for (int node = 0; node < graph.NodeCount; node++) _ = heap.Names[(NodeIndex)node];
        AskAll(path, options);
        return true;
    }

    /// <summary>What a debugger can be asked may come to a limit, too.</summary>
    private static void AskAll(string path, CoreOptions options)
    {
        try
        {
            using CoreSession core = CoreSession.Open(File.OpenRead(path), path, options, Work.Unwatched);
            _ = DebuggerQuestions.AskAll(core, Work.Unwatched);
        }
        catch (InputException e)
        {
            Assert.Contains(OpenCore.Name, e.Message, StringComparison.Ordinal);
        }
    }
}
