using Holdfast.Analyses.Growth;
using Holdfast.Common;

namespace Holdfast.Commands;

/// <summary>What was asked of <c>watch</c>.</summary>
internal sealed record WatchSettings(string Target, TimeSpan Every, TimeSpan? For, IReadOnlyList<(string First, string Second)> Comparisons, WatchCondition? CaptureWhen, string? Thread)
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(50);

    public static WatchSettings Read(Arguments arguments)
    {
        TimeSpan every = Durations.Parse("every", arguments.Text("every"));
        if (every < Shortest) throw new InputException($"--every {arguments.Text("every")}: expected {Shortest.TotalMilliseconds} ms or more; looking costs time, too.");
        TimeSpan? time = arguments.TextOrNull("for") is { } text ? Durations.Parse("for", text) : null;
        return new WatchSettings(
            arguments.Text("TARGET"), every, time, [.. arguments.Texts("compare").Select(Pair)],
            arguments.TextOrNull("capture-when") is { } condition ? WatchCondition.Parse(condition) : null, arguments.TextOrNull("thread"));
    }

    private static (string First, string Second) Pair(string text)
    {
        // A comma between braces is of the label there.
        int depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '{' => 1, '}' => -1, _ => 0 };
            if (text[i] == ',' && depth == 0 && i > 0 && i < text.Length - 1) return (text[..i].Trim(), text[(i + 1)..].Trim());
        }

        throw new InputException($"--compare {text}: expected two figures with a comma between them, as in opened,closed.");
    }
}
