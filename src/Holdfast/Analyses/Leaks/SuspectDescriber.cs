using System.Globalization;
using System.Text.RegularExpressions;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>What was measured of a suspect.</summary>
/// <param name="Counts">Objects with its constructor in each snapshot.</param>
/// <param name="Born">What each interval left behind; empty for one snapshot.</param>
/// <param name="Retained">Bytes that only its objects keep.</param>
/// <param name="Reached">Bytes below them.</param>
/// <param name="Sizes">Entries of its container in each snapshot, or null.</param>
/// <param name="Classes">What is kept together with them.</param>
internal sealed record SuspectFigures(
    IReadOnlyList<int> Counts, int[] Born, long Retained, long Reached, IReadOnlyList<int>? Sizes, IReadOnlyList<SuspectClass> Classes);

/// <summary>Puts suspects into words, with paths and places in the code.</summary>
internal sealed class SuspectDescriber(Heap heap, PathMerge merge, SourceLocations locations)
{
    private readonly HeapGraph _graph = heap.Graph;

    /// <param name="unit">The unit that names the suspect.</param>
    /// <param name="figures">What was measured.</param>
    /// <param name="other">What else holds the objects, or null.</param>
    /// <param name="rank">Its place.</param>
    public Suspect Describe(HeldUnit unit, SuspectFigures figures, string? other, int rank)
    {
        string constructor = ConstructorOf(unit.Content.Example);
        SuspectStep[] path = DescribePath(unit, out int holderStep);
        var words = new Dictionary<string, string>(unit.Words) { ["constructor"] = constructor };
        string held = UnitHolders.Fill(unit.Recogniser.Held, words), advice = UnitHolders.Fill(unit.Recogniser.Advice, words);
        SuspectNote[] notes =
        [
            .. other is null ? (SuspectNote[])[] : [new SuspectNote("also_held", $"Most {constructor} are also held by {other}: each of the two must let go.")],
            .. RecogniserList.Subjects.Select(r => (Recogniser: r, Match: r.Pattern.Match(unit.Path.Text)))
                .Where(r => r.Match.Success).Select(r => Note(r.Recogniser, r.Match)),
        ];
        return new Suspect(
            rank, constructor, merge.NodeLabels.Text(unit.Content.Example), unit.Recogniser.Kind, figures.Counts, figures.Born, GrowthRules.TrendOf(figures.Born), figures.Retained, figures.Reached,
            new Holder(_graph.Ids[(int)unit.Holder.Node], unit.Holder.Name, unit.Holder.Edge, unit.Holder.Owner, figures.Sizes),
            path, holderStep, LocationOf(unit.Path), AllocationStack.Find(_graph, unit.Content.Example), figures.Classes, other,
            $"{Amount(figures, constructor)}, held {held}. {advice}", notes);
    }

    /// <summary>A function by its name alone, without a name as the class table has it; else the label.</summary>
    public string ConstructorOf(NodeIndex node)
    {
        string label = merge.NodeLabels.Text(node);
        return label == "(anonymous function)" ? "Function" : label.EndsWith("()", StringComparison.Ordinal) ? label[..^2] : label;
    }

    private static string Amount(SuspectFigures figures, string constructor)
    {
        if (figures.Born.Length == 0) return $"{Number(figures.Counts[^1])} {constructor} are here";
        string more = Number((long)Math.Round(figures.Born.Average()));
        return figures.Born.Length == 1 ? $"{more} more {constructor} stayed behind" : $"About {more} more {constructor} stay behind in every interval";
    }

    private static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    private static SuspectNote Note(Recogniser recogniser, Match match)
    {
        Dictionary<string, string> words = UnitHolders.WordsOf(match);
        return new SuspectNote(recogniser.Kind, $"{UnitHolders.Fill(recogniser.Held, words)}. {UnitHolders.Fill(recogniser.Advice, words)}");
    }

    /// <summary>
    /// The program's own code nearest to the example: its constructor, a function it leads to at once (a timer's callback), or
    /// one on the way from the holder.
    /// </summary>
    private SourceLocation? LocationOf(HeldPath path)
    {
        if (path.Steps.Count == 0) return null;
        NodeIndex example = path.Steps[^1].Node;
        if (OwnCode(example) is { } own) return own;
        foreach (Edge edge in _graph[example].Edges)
        {
            if (edge.Type == EdgeType.Property && _graph.NodeTypes[(int)edge.Target] == NodeType.Closure && OwnCode(edge.Target) is { } callback) return callback;
        }

        for (int step = path.Steps.Count - 2; step >= 0; step--)
        {
            if (OwnCode(path.Steps[step].Node) is { } above) return above;
        }

        return null;
    }

    private SourceLocation? OwnCode(NodeIndex node) =>
        locations.Find(node) is { File: { } file } location && !file.StartsWith("node:", StringComparison.Ordinal) ? location : null;

    /// <summary>The path with rounds of steps folded; of an endless one the last steps.</summary>
    private SuspectStep[] DescribePath(HeldUnit unit, out int holderStep)
    {
        var steps = new List<SuspectStep>();
        holderStep = 0;
        List<StepFolding.Step> all = StepFolding.Fold(unit.Path.Numbers);
        foreach (StepFolding.Step folded in all.Skip(all.Count - RetainingPaths.MaxDepth))
        {
            HeldStep at = unit.Path.Steps[folded.Last];
            if (folded.Last <= unit.Holder.Step) holderStep = steps.Count;
            string edge = EdgeLabels.IsOwn(at.EdgeLabel) || folded.Repeat > 1 ? at.Name : _graph.EdgeName(at.Edge);
            steps.Add(new SuspectStep(
                _graph.EdgeTypeName(at.Edge), edge, _graph.NodeTypeName(at.Node), at.Label, _graph.Ids[(int)at.Node],
                locations.Find(at.Node), folded.Repeat));
        }

        return [.. steps];
    }
}
