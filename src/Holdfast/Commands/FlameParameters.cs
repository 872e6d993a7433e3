using System.Globalization;
using Holdfast.Analyses.Flame;
using Holdfast.Common;
using Holdfast.Reports;
using Holdfast.Sources.Perf;

namespace Holdfast.Commands;

/// <summary>Options of <c>flame</c> and its like, and what they ask for.</summary>
internal static class FlameParameters
{
    /// <summary>How texts of perf are read.</summary>
    public static IReadOnlyList<Parameter> Reading { get; } =
    [
        new("event", ParameterKind.Text, "count samples of these events (names or globs, with commas between); else of the first there is"),
        Parameter.Flag("pid", "name the process in the outermost frame: node-123"),
        Parameter.Flag("tid", "name process and thread there: node-123/125"),
        Parameter.Flag("addrs", "frames without a name say their address"),
    ];

    /// <summary>What stacks become.</summary>
    public static IReadOnlyList<Parameter> Shaping { get; } =
    [
        Parameter.Flag("no-merge-tiers", "keep a function apart by how V8 ran it (~ ^ + *); else it is one"),
        Parameter.Flag("collapse-node", "functions of Node's own scripts that follow one another are one frame"),
        new("group-by", ParameterKind.Text, "merge frames into packages or files") { Choices = ["function", "package", "file"], Default = "function" },
    ];

    /// <summary>How it looks.</summary>
    public static IReadOnlyList<Parameter> Looks { get; } =
    [
        Parameter.Flag("inverted", "draw callers above"),
        new("title", ParameterKind.Text, "a heading"),
        new("count-name", ParameterKind.Text, "what weights are called"),
        new("colors", ParameterKind.Text, "colours: greens for memory, reds for time, or by what frames are") { Choices = ["mem", "hot", "kind"] },
        new("min-width", ParameterKind.Text, "leave out frames narrower than this many pixels of 1,200") { Default = "0.1" },
    ];

    public static PerfTextOptions ReadText(Arguments arguments) => new()
    {
        Events = [.. (arguments.TextOrNull("event") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(e => new Glob(e))],
        Prefix = arguments.Flag("tid") ? ProcessPrefix.NameProcessAndThread : arguments.Flag("pid") ? ProcessPrefix.NameAndProcess : ProcessPrefix.Name,
        ShowAddresses = arguments.Flag("addrs"),
    };

    public static FlameOptions ReadShape(Arguments arguments) => new()
    {
        MergeTiers = !arguments.Flag("no-merge-tiers"),
        CollapseInternals = arguments.Flag("collapse-node"),
        Grouping = arguments.TextOrNull("group-by") switch { "package" => FrameGrouping.Package, "file" => FrameGrouping.File, _ => FrameGrouping.None },
    };

    public static FlameGraph Dress(FlameGraph graph, Arguments arguments)
    {
        string width = arguments.Text("min-width");
        if (!double.TryParse(width, NumberStyles.Float, CultureInfo.InvariantCulture, out double least) || !(least >= 0))
            throw new InputException($"--min-width {width}: expected a number of pixels from 0.");
        bool isTime = graph.Unit is "cycles" or "nanoseconds" or "microseconds";
        return graph with
        {
            Title = arguments.TextOrNull("title") ?? graph.Title,
            Unit = arguments.TextOrNull("count-name") ?? graph.Unit,
            IsInverted = arguments.Flag("inverted"),
            LeastWidth = least,
            Palette = arguments.TextOrNull("colors") switch
            {
                "hot" => FlamePalette.Hot,
                "kind" => FlamePalette.Kind,
                "mem" => FlamePalette.Memory,
                _ => isTime ? FlamePalette.Hot : FlamePalette.Memory,
            },
        };
    }
}
