using System.Text.Json.Nodes;
using Holdfast.Model.Debugging;

namespace Holdfast.Tests.Cores.Debugging;

/// <summary>Stacks with a function of each of V8's tiers, of processes that are dumped on the spot.</summary>
public sealed class LiveStackTests
{
    [Theory]
    [MemberData(nameof(NodeBinaries.All), MemberType = typeof(NodeBinaries), DisableDiscoveryEnumeration = true)]
    public void Frames_of_all_tiers_are_those_the_program_saw(string major)
    {
        using var program = new DumpedProgram(NodeBinaries.Of(major), "tiers");
        ThreadStack stack = StackTruth.Read(program.Core);
        StackTruth.AssertSame((JsonArray)program.Truth["stack"]!, stack);
        string[] kinds = [.. stack.Frames.Select(f => f.Kind)];
        Assert.Contains(FrameKind.Interpreted, kinds);
        Assert.Contains(FrameKind.Baseline, kinds);
        Assert.Contains(FrameKind.Turbofan, kinds);
        Assert.Contains(stack.Frames, f => f is { IsInlined: true, Kind: FrameKind.Turbofan });
    }
}
