using System.Text.RegularExpressions;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>Finds who holds the objects of a unit, and which recogniser knows that way of holding.</summary>
internal sealed class UnitHolders(Heap heap, PathSearch search, PathMerge merge, SourceLocations locations, Work work)
{
    private readonly HolderNames _names = new(heap, locations, work);

    /// <param name="unit">What grows.</param>
    /// <param name="content">What its objects are called.</param>
    /// <param name="grows">Whether a node is of the kind that accumulates.</param>
    public HeldUnit Find(GrowingUnit unit, UnitContent content, Predicate<NodeIndex> grows)
    {
        NodeIndex example = content.Example == NodeIndex.None ? unit.Example : content.Example;
        HeldPath path = HeldPath.Build(heap.Graph, search, merge, example, grows);
        foreach (Recogniser recogniser in RecogniserList.Holders)
        {
            Match match = recogniser.Pattern.Match(path.Text);
            if (match.Success) return Describe(unit, content, path, recogniser, match);
        }

        throw new InvalidOperationException("the last recogniser fits everything");
    }

    private HeldUnit Describe(GrowingUnit unit, UnitContent content, HeldPath path, Recogniser recogniser, Match match)
    {
        HolderName holder = _names.Find(path);
        string key = $"{heap.Graph.Ids[(int)path.SourceOf(holder.Step)]}.{holder.Edge}";
        Dictionary<string, string> words = WordsOf(match);
        if (match.Groups["holder"] is { Success: true } line)
        {
            int step = path.StepAt(line.Index);
            HeldStep at = path.Steps[step];
            HolderName named = _names.Above(path, step);
            key = $"{heap.Graph.Ids[(int)at.Node]}";
            words["owner"] = HolderNames.IsBuiltin(at.Label) || named.Name.StartsWith(at.Label, StringComparison.Ordinal) ? named.Name : $"{at.Label} ({named.Name})";
            holder = named with { Node = at.Node };
        }

        // V8's and Node's own roots hold all sorts of things: what they hold tells one suspect from another.
        if (heap.Graph.NodeTypes[(int)holder.Node] is NodeType.Synthetic or NodeType.Native) key = $"{holder.Name}.{unit.Label}";
        words["holder"] = holder.Name;
        words.TryAdd("owner", holder.Name);
        if (recogniser.Name is { } name) holder = holder with { Name = Fill(name, words) };
        return new HeldUnit(unit, content, path, recogniser, words, holder, key);
    }

    /// <summary>The groups of a match by name.</summary>
    public static Dictionary<string, string> WordsOf(Match match) =>
        match.Groups.Values.Where(g => g.Success).ToDictionary(g => g.Name, g => g.Value);

    /// <summary>A template with the words in its braces put in.</summary>
    public static string Fill(string template, IReadOnlyDictionary<string, string> words)
    {
        foreach ((string name, string value) in words) template = template.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        return template;
    }
}
