using Holdfast.Model.Debugging;
using Holdfast.Reports;

namespace Holdfast.Commands;

/// <summary>Values as blocks of a report.</summary>
internal static class ValueReports
{
    public static List<ReportBlock> Build(Value value)
    {
        var facts = new List<Fact> { new("value", Cell.Text(value.Text)), new("type", Cell.Text(value.Type)) };
        if (value.Class is { } name) facts.Add(new("class", Cell.Name(name)));
        if (value.Id is { } id) facts.Add(new("id", Cell.NodeId(id)));
        if (value.Size is { } size) facts.Add(new("shallow size", Cell.Bytes(size)));
        if (value.Length is { } length) facts.Add(new("length", Cell.Count(length)));
        if (value.Type == "string") facts.Add(new("text", Cell.Text(value.Content ?? "")));
        var blocks = new List<ReportBlock> { new FactsBlock(null, facts) };
        foreach (ValueGroup group in value.Groups ?? [])
            blocks.Add(new TreeBlock(Title(group.Name), ["id"], "", [.. group.Items.Select(Tree)], LeftOut(group)));
        return blocks;
    }

    private static TreeItem Tree(ValueItem item) => new(Label(item), [item.Value.Id is { } id ? Cell.NodeId(id) : Cell.Empty],
        [.. (item.Value.Groups ?? []).Where(g => g.Name != "internal" || g.Items.Any(i => i.Name != "[[Prototype]]")).SelectMany(Children)]);

    private static IEnumerable<TreeItem> Children(ValueGroup group)
    {
        foreach (ValueItem item in group.Items.Where(i => i.Name != "[[Prototype]]")) yield return Tree(item);
        if (group.Count > group.Items.Count) yield return new TreeItem($"… {group.Count - group.Items.Count} more", [Cell.Empty], []);
    }

    private static string Label(ValueItem item) => item.Key is { } key ? $"{key.Text} => {item.Value.Text}" : $"{item.Name}: {item.Value.Text}";

    private static string Title(string name) => name == "internal" ? "Internal slots" : char.ToUpperInvariant(name[0]) + name[1..];

    private static LeftOut? LeftOut(ValueGroup group) => Leftovers.Of(group.Count - group.Items.Count, group.Name);
}
