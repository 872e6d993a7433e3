using System.Globalization;
using System.Text.Json.Nodes;
using Holdfast.Common;
using Holdfast.Model.Debugging;
using Holdfast.Sources;
using Holdfast.Sources.CoreDump;
using Holdfast.Sources.CoreDump.Debugging;

namespace Holdfast.Tests.Cores.Debugging;

/// <summary>A thread's frames beside those that the program itself saw.</summary>
internal static class StackTruth
{
    /// <summary>The main thread's stack.</summary>
    public static ThreadStack Read(string path)
    {
        using CoreSession core = SourceDetector.TryOpenCore(path, () => Stream.Null, CoreOptions.Default, Work.Unwatched)!;
        var stacks = new StackReader(core);
        return stacks.Read(stacks.IndexOf("main"), int.MaxValue, out _);
    }

    /// <summary>Function, line, column and script of each frame must be what <c>Error.prepareStackTrace</c> gave.</summary>
    public static void AssertSame(JsonArray truth, ThreadStack stack)
    {
        string[] expected = [.. truth.Select(f => Show((string)f!["function"]!, (int?)f["line"] ?? 0, (int?)f["column"] ?? 0, (string)f["script"]!))];
        Assert.NotEmpty(expected);

        // The frames that hold the program still are not in its truth.
        string[] found = [.. stack.Frames.Where(f => f.Function is not null && FrameKind.IsJavaScript(f.Kind)).Select(Show)
            .SkipWhile(f => !f.Contains("hold.js", StringComparison.Ordinal)).SkipWhile(f => f.Contains("hold.js", StringComparison.Ordinal)).Take(expected.Length)];
        Assert.Equal(expected, found);
    }

    private static string Show(StackFrame frame) => Show(frame.Function!, frame.Line, frame.Column, Path.GetFileName(frame.Script ?? ""));

    private static string Show(string function, int line, int column, string script) =>
        string.Create(CultureInfo.InvariantCulture, $"{function} {script}:{line}:{column}");
}
