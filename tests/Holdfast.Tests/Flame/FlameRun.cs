using System.Text;
using Holdfast.Tests.Commands;
using Holdfast.Tests.Fixtures;
using Holdfast.Views;

namespace Holdfast.Tests.Flame;

/// <summary>Runs flame on a text.</summary>
internal static class FlameRun
{
    public static CommandRun Of(string text, params string[] options)
    {
        using var folder = new TemporaryFolder();
        return CommandRun.OfFiles("flame", [folder.Write("input", Encoding.UTF8.GetBytes(text))], options);
    }

    public static string Folded(string text, params string[] options) => Draw(Of(text, options), "folded");

    public static string Draw(CommandRun run, string format)
    {
        using var drawn = new MemoryStream();
        FlameViews.Write(format, run.Result.Graph!, drawn);
        return Encoding.UTF8.GetString(drawn.ToArray());
    }

    /// <summary>A sample as perf script writes it; frames innermost first, as "symbol (module)".</summary>
    public static string Sample(string header, params string[] frames) =>
        header + "\n" + string.Concat(frames.Select(f => $"\t    7f1c6405b204 {f}\n")) + "\n";
}
