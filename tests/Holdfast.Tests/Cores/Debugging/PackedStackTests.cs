using System.Text.Json.Nodes;
using Holdfast.Model.Debugging;

namespace Holdfast.Tests.Cores.Debugging;

/// <summary>Stacks of the packed cores against what the programs saw of their own.</summary>
public sealed class PackedStackTests
{
    [Theory]
    [InlineData("18")]
    [InlineData("20")]
    [InlineData("22")]
    [InlineData("24")]
    [InlineData("26")]
    public void Frames_are_those_the_program_saw(string major)
    {
        ThreadStack stack = StackTruth.Read(PackedCores.Path(major, "values"));
        StackTruth.AssertSame((JsonArray)PackedCores.Truth(major, "values")["stack"]!, stack);
        Assert.Null(stack.Exception);
        Assert.Null(stack.Problem);
        Assert.Contains(stack.Frames, f => f is { Kind: FrameKind.Turbofan, Function: "hotFrame" });
        Assert.Contains(stack.Frames, f => f is { IsConstructor: true, Function: "Stage", Name: "new Stage" });
    }
}
