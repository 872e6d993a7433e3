using System.Text.RegularExpressions;
using Holdfast.Common;
using Holdfast.Model;

namespace Holdfast.Analyses.Leaks;

/// <summary>Finds who holds the objects of a unit, and which recogniser knows that way of holding.</summary>
internal sealed class UnitHolders(Heap heap, GrowthTree tree, SourceLocations locations, Work work)
{
    private readonly HolderNames _names = new(heap, locations, work);

    /// <param name="unit">What grows.</param>
    /// <param name="content">What its objects are called.</param>
    public HeldUnit Find(GrowingUnit unit, UnitContent content)
    {
        NodeIndex example = content.Example == NodeIndex.None ? unit.Example : content.Example;
        HeldPath path = HeldPath.Build(heap, tree, example, unit.Number);
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
        var words = new Dictionary<string, string>();
        foreach (Group group in match.Groups.Values)
        {
            if (group.Success) words[group.Name] = group.Value;
        }

        if (match.Groups["holder"] is { Success: true } line)
        {
            int step = path.StepAt(line.Index);
            HeldStep at = path.Steps[step];
            HolderName named = _names.Above(path, step);
            key = $"{heap.Graph.Ids[(int)at.Node]}";
            words["owner"] = HolderNames.IsBuiltin(at.Label) || named.Name.StartsWith(at.Label, StringComparison.Ordinal) ? named.Name : $"{at.Label} ({named.Name})";
            holder = named with { Node = at.Node };
        }

        words["holder"] = holder.Name;
        words.TryAdd("owner", holder.Name);
        if (recogniser.Name is { } name) holder = holder with { Name = Fill(name, words) };
        return new HeldUnit(unit, content, path, recogniser, words, holder, key);
    }

    /// <summary>A template with the words in its braces put in.</summary>
    public static string Fill(string template, IReadOnlyDictionary<string, string> words)
    {
        foreach ((string name, string value) in words) template = template.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        return template;
    }
}
