using System.Text.Json.Nodes;
using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging;

namespace Holdfast.Tests.Cores.Debugging;

/// <summary>Stacks of packed cores against what the program itself saw of its stack at that moment.</summary>
public sealed class StackTests
{
    [Theory]
    [InlineData("node18")]
    [InlineData("node20")]
    [InlineData("node22")]
    [InlineData("node24")]
    [InlineData("node26")]
    public void JavaScript_frames_are_those_that_the_program_saw(string node)
    {
        string major = node["node".Length..];
        JsonArray wanted = PackedCores.Truth(major, "values")["stack"]!.AsArray();
        string path = PackedCores.Path(major, "values");
        var work = new Work();
        using CoreSession core = SourceDetector.TryOpenCore(path, () => Stream.Null, CoreOptions.Default, work)!;

        var reader = new StackReader(core);
        ThreadStack stack = reader.Read(reader.IndexOf("main"), int.MaxValue, out int left);

        string[] found = [.. stack.Frames.Where(f => FrameKind.IsJavaScript(f.Kind) && f.Kind != FrameKind.Api && Path.GetFileName(f.Script) != "hold.js")
            .Select(f => $"{f.Function} {(f.Line == 0 ? "" : $"{f.Line}:{f.Column}")}")];
        string[] expected = [.. wanted.Select(f => $"{f!["function"]} {(f["line"] is null ? "" : $"{f["line"]}:{f["column"]}")}")];
        Assert.Equal(expected, found.Skip(1).Take(expected.Length));
        Assert.Equal(0, left);
        Assert.Contains(stack.Frames, f => f.Kind == FrameKind.Turbofan && f.Function == "hotFrame");
    }
}
